package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"regexp"
	"strings"
)

var (
	// ErrAway says that the server takes no mail at all at the moment: it cannot be reached, does not
	// let us in, or does not take the sender. It is no word about the one whom the mail is for.
	ErrAway = errors.New("the mail server takes no mail")
	// ErrRefused says that the server will never take this mail for this address, mostly because
	// there is no such address.
	ErrRefused = errors.New("refused for good")
)

var (
	errNoSTARTTLS = errors.New("the server offers no STARTTLS, and nothing goes to another machine in clear text")
	errNoLogin    = errors.New("the server offers neither PLAIN nor LOGIN, and there is a user and a password")
	errNotSMTP    = errors.New("the server answers in a way that is not known")
)

// step is what the server was asked when something went wrong.
type step string

const (
	stepConnect      step = "connect to the server"
	stepGreet        step = "greet the server"
	stepEncrypt      step = "encrypt the connection"
	stepAuthenticate step = "log in at the server"
	stepFrom         step = "name the sender"
	stepTo           step = "name the recipient"
	stepText         step = "hand over the text"
)

// failure is a conversation that went wrong at a step.
type failure struct {
	step step
	err  error
}

func (f *failure) Error() string { return string(f.step) + ": " + f.err.Error() }

func (f *failure) Unwrap() error { return f.err }

func failed(at step, err error) *failure { return &failure{at, explain(at, err)} }

// enhanced finds the second number of an answer, such as 5.1.1 (RFC 3463).
var enhanced = regexp.MustCompile(`^[245]\.[0-9]{1,3}\.[0-9]{1,3}\b`)

// explain says what an error means, without a word of the server's.
func explain(at step, err error) error {
	answer, ok := errors.AsType[*textproto.Error](err)
	if !ok {
		return unanswered(err)
	}
	second := enhanced.FindString(answer.Msg)
	numbers := strings.TrimSpace(fmt.Sprintf("answered %d %s", answer.Code, second))
	policy := strings.HasPrefix(second, "5.7.") // a matter of who sends, which may be mended
	switch {
	case at != stepTo && at != stepText, answer.Code == 421:
		return fmt.Errorf("%s: %w", numbers, ErrAway)
	case answer.Code >= 500 && !policy:
		return fmt.Errorf("%s: %w", numbers, ErrRefused)
	default:
		return errors.New(numbers)
	}
}

// unanswered is an error that is no answer of the server. The words of the network and of TLS are
// told, others may be the server's.
func unanswered(err error) error {
	_, network := errors.AsType[net.Error](err)
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, noTLS := errors.AsType[tls.RecordHeaderError](err)
	switch {
	case errors.Is(err, context.Canceled):
		return err // ours, and no word about the server
	case network, certificate, noTLS, errors.Is(err, errNoSTARTTLS), errors.Is(err, errNoLogin),
		errors.Is(err, io.EOF), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: %w", err, ErrAway)
	default:
		return fmt.Errorf("%w: %w", errNotSMTP, ErrAway)
	}
}
