package middleware

import "net/http"

// response is a ResponseWriter that remembers what went through it.
type response struct {
	http.ResponseWriter
	// status is zero until the answer has begun.
	status int
	bytes  int64
}

// WriteHeader begins the answer, or sends an informational one before it.
func (w *response) WriteHeader(status int) {
	if w.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write begins the answer if need be and sends p.
func (w *response) Write(p []byte) (int, error) {
	w.begin()
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// Flush is FlushError for those who know [http.Flusher] only.
func (w *response) Flush() { _ = w.FlushError() }

// FlushError begins the answer if need be and sends what is buffered.
func (w *response) FlushError() error {
	w.begin()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap is for [http.ResponseController].
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *response) begin() {
	if w.status == 0 {
		w.status = http.StatusOK
	}
}
