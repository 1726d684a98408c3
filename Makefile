# What people and CI run. Only Go is needed; `make test` uses Chromium when it is there.

GO            ?= go
GOLANGCI_LINT  = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
TOOLS          = $(CURDIR)/bin

.PHONY: demo build test check bench lint fuzz

demo: ## the server and a simulated Instagram: open the printed address
	$(GO) run ./cmd/latchkey demo

build: ## the binary, without cgo
	CGO_ENABLED=0 $(GO) build -trimpath -o latchkey ./cmd/latchkey

test: ## everything that can run here; what could not is named at the end
	$(GO) run ./.ci/runtests/main.go

check: ## what CI runs: format, vet, linters, generated files, tests, the race detector
	$(GO) mod tidy -diff
	sha256sum --check --quiet vendored.sha256
	$(GO) vet ./...
	$(MAKE) lint
	$(MAKE) test
	$(GO) test -race -short ./...

lint: $(TOOLS)/golangci-lint
	$(TOOLS)/golangci-lint run

$(TOOLS)/golangci-lint:
	GOBIN=$(TOOLS) $(GO) install $(GOLANGCI_LINT)

bench: ## the costs that the design promises
	$(GO) test -run '^$$' -bench . -benchmem ./...
