//go:build servers

package servertest

import (
	"context"
	"testing"
)

// Stop ends a Prosody as its operator does, and returns when it has gone. It
// says goodbye to its clients and keeps what it has stored.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if s.command == nil {
		t.Fatalf("servertest: %s cannot be stopped and started", s.Name)
	}
	s.process.stop(t, stopTimeout)
}

// Start starts a server again that was stopped, with its data and on its ports.
// It ends with t, which should be the test that the server was made for.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	err := s.launch(ctx, t)
	if err == nil {
		err = s.greet(ctx)
	}
	if err != nil {
		t.Fatal("servertest: ", err)
	}
}

// launch starts the server's process and waits until it is ready.
func (s *Server) launch(ctx context.Context, t testing.TB) error {
	t.Helper()
	p, err := begin(t, s.Name, s.command())
	if err != nil {
		return err
	}
	s.process = p
	return p.await(ctx, t)
}

// Leave ends the stream as a client does that goes offline, and returns the
// messages that arrived up to its end and that Received has not returned. What
// comes later, the server keeps for the account.
func (c *Client) Leave(t testing.TB) []Message {
	t.Helper()
	c.send(t, "</stream:stream>")
	ctx, cancel := context.WithTimeout(t.Context(), answerTimeout)
	defer cancel()
	for {
		select {
		case st, open := <-c.stanzas:
			if !open {
				messages := c.messages
				c.messages = nil
				return messages
			}
			if st.XMLName.Local == "message" && st.Body != nil && st.Type != "error" {
				c.messages = append(c.messages, st.message())
			}
		case <-ctx.Done():
			t.Fatalf("servertest: the server did not end the stream of %s within %v", c.JID, answerTimeout)
		}
	}
}
