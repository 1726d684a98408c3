package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

const (
	headerSize = 16 // length, request id, answered id, operation
	opMsg      = 2013
	// moreToCome is the flag of a message that expects no answer.
	moreToCome = 1 << 1
	// largest is what MongoDB allows a message to be.
	largest = 48_000_000
)

// A proxy passes the commands of all its clients to one server, one at a time: the next goes out
// when the one before is answered.
type proxy struct {
	target string
	turn   sync.Mutex
}

// serve takes clients until the listener closes.
func (p *proxy) serve(l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer func() { _ = client.Close() }()
			server, err := net.Dial("tcp", p.target)
			if err != nil {
				return
			}
			defer func() { _ = server.Close() }()
			// The error is an ended connection, which the client sees for itself.
			_ = p.pass(client, server)
		}()
	}
}

// pass passes commands and answers until one side ends.
func (p *proxy) pass(client, server io.ReadWriter) error {
	for {
		command, err := readMessage(client)
		if err != nil {
			return err
		}
		answer, err := p.ask(server, command)
		if err != nil {
			return err
		}
		if _, err := client.Write(answer); err != nil {
			return err
		}
	}
}

// ask sends one command in its turn and returns the answer; nil when none is expected.
func (p *proxy) ask(server io.ReadWriter, command []byte) ([]byte, error) {
	p.turn.Lock()
	defer p.turn.Unlock()
	if _, err := server.Write(command); err != nil {
		return nil, err
	}
	if !expectsAnswer(command) {
		return nil, nil
	}
	return readMessage(server)
}

func readMessage(r io.Reader) ([]byte, error) {
	var length [4]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint32(length[:])
	if n < headerSize || n > largest {
		return nil, fmt.Errorf("a message of %d bytes", n)
	}
	message := make([]byte, n)
	copy(message, length[:])
	if _, err := io.ReadFull(r, message[len(length):]); err != nil {
		return nil, errors.Join(io.ErrUnexpectedEOF, err)
	}
	return message, nil
}

func expectsAnswer(message []byte) bool {
	if len(message) < headerSize+4 || binary.LittleEndian.Uint32(message[12:]) != opMsg {
		return true
	}
	return binary.LittleEndian.Uint32(message[headerSize:])&moreToCome == 0
}
