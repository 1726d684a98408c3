# What people and CI run. Only Go is needed; `make test` uses Chromium when it is there.

GO            ?= go
GOLANGCI_LINT  = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GREMLINS       = github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0
TOOLS          = $(CURDIR)/bin

.PHONY: demo build test check race lint mutants soak bench

demo: ## the server and a simulated Instagram: open the printed address
	$(GO) run ./cmd/latchkey demo

build: ## the binary, without cgo
	CGO_ENABLED=0 $(GO) build -trimpath -o latchkey ./cmd/latchkey

test: ## everything that can run here; what could not is named at the end
	$(GO) test ./.ci/mutants
	$(GO) run ./.ci/runtests/main.go

check: ## what CI runs: tidy and vendored files, vet, linters, every test, the race detector
	$(GO) mod tidy -diff
	sha256sum --check --quiet vendored.sha256
	$(GO) vet ./...
	$(MAKE) lint
	$(MAKE) test
	$(MAKE) race

# The race detector makes the embedded database ten times slower, so that of its tests only those
# that are about several callers run under it, and the browser stays out.
race:
	$(GO) test -race -short ./instagram ./igsim ./internal/clock ./internal/login ./internal/mail ./internal/metrics \
		./internal/middleware ./internal/notice ./internal/picture ./internal/session ./internal/tracing \
		./internal/usage ./internal/vault ./internal/i18n ./internal/page ./internal/work ./internal/web/... ./cmd/latchkey
	$(GO) test -race -run 'TestLeases|TestOneBadToken|TestOlderAnswer|TestLoginInFlight|TestStop|TestSpill$$' ./internal/refresh
	$(GO) test -race -run 'TestContract/(parallel|leases|records)|Group|TestWorkPanics' ./internal/store/sqlite

lint: $(TOOLS)/golangci-lint
	$(TOOLS)/golangci-lint run

$(TOOLS)/golangci-lint:
	GOBIN=$(TOOLS) $(GO) install $(GOLANGCI_LINT)

mutants: $(TOOLS)/gremlins ## what the tests of a room do not notice: make mutants PKG=./internal/refresh [DIFF=main] [WORKERS=1]
	WORKERS=$(WORKERS) $(GO) run ./.ci/mutants $(TOOLS)/gremlins $(PKG) $(DIFF)

$(TOOLS)/gremlins:
	GOBIN=$(TOOLS) $(GO) install $(GREMLINS)

soak: ## no token is lost: 200 kills, then sixty simulated days of faults, kills and outages
	$(GO) run ./cmd/soak -kills 200
	$(GO) run ./cmd/soak

bench: ## the costs that the design promises
	$(GO) test -run '^$$' -bench . -benchmem ./...
