package xmppcore

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"

	"xmppscope/xmppcore/event"
)

// TestTransportFailure: whichever way the end of a connection is found, it is
// one thing.
func TestTransportFailure(t *testing.T) {
	cut := xml.NewDecoder(strings.NewReader("<stream><message"))
	var err error
	for err == nil {
		_, err = cut.Token()
	}
	for want, list := range map[event.Cause][]error{
		event.CauseClosed: {nil, io.EOF, io.ErrUnexpectedEOF, err, fmt.Errorf("recv: %w", err), syscall.ECONNRESET,
			syscall.EPIPE},
		event.CauseInternal: {errors.New("what?"), &xml.SyntaxError{Msg: "invalid character entity", Line: 1}},
	} {
		for _, err := range list {
			if got := transportFailure(err); got.Cause != want {
				t.Errorf("%v is %s, want %s", err, got.Cause, want)
			}
		}
	}
}
