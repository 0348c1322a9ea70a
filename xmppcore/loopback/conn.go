package loopback

import (
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// Time limits of one connection.
const (
	writeTimeout = 10 * time.Second // a client that does not read for so long is dropped
	closeTimeout = time.Second      // for a stream error, and for the client's own close
	// shutdownTimeout is the same when the server itself wants to end.
	shutdownTimeout = 100 * time.Millisecond
)

// conn is one TCP connection. Its fields belong to the goroutine that serves
// it, except those after mu.
type conn struct {
	server *Server
	mode   urlspec.Mode
	id     int
	raw    net.Conn // TCP
	net    net.Conn // raw, or TLS over it
	in     *reader
	tls    *tls.ConnectionState // nil without TLS

	headerSent bool
	namesXMPP  bool     // the handshake named xmpp-client (ALPN)
	failures   int      // failed logins on this connection
	user       *account // set by a successful login
	out        *outbox  // set by bind; from then on the writer goroutine writes

	mu     sync.Mutex
	reason *streamError // why the server ends the stream, once it does
}

func newConn(s *Server, raw net.Conn, mode urlspec.Mode, id int) *conn {
	return &conn{server: s, mode: mode, id: id, raw: raw, net: raw, in: newReader(raw)}
}

// serve runs the connection to its end.
func (c *conn) serve() {
	c.logf("connected for mode=%s", c.mode)
	err := c.run()
	if r := c.interrupted(); r != nil {
		err = r
	}
	c.logf("ended: %v", err)
	c.finish(err)
	_ = c.raw.Close()
}

// run takes the connection through TLS, login and stanzas, and returns why it
// ended.
func (c *conn) run() error {
	c.readUntil(time.Now().Add(c.server.config.LoginTimeout))
	if served, err := c.serveOther(); served {
		return err
	}
	if _, err := c.faultAt(StepConnect, ""); err != nil {
		return err
	}
	if c.mode == urlspec.ModeTLS {
		if err := c.handshake(); err != nil {
			return err
		}
	}
	if c.multiplexed() {
		return c.answerAsWeb(c.net)
	}
	bound, err := c.negotiate()
	if err != nil {
		return err
	}
	return bound.serve()
}

// finish tells the client why the stream ends, where it may know, and waits
// until that is written.
func (c *conn) finish(err error) {
	reason := c.streamErrorFor(err)
	if reason != nil && !c.headerSent {
		_ = c.writeHeader("")
	}
	switch {
	case errors.Is(err, errFaultSilent):
		// Until the client closes, or the server does.
		c.readUntil(time.Time{})
		_, _ = io.Copy(io.Discard, c.raw)
	case reason != nil:
		_ = c.write(append(reason.element().StreamXML(), streamEnd...))
	case errors.Is(err, errStreamEnd):
		_ = c.write([]byte(streamEnd))
	}
	if c.out != nil {
		c.out.close()
		<-c.out.done
	}
	if reason != nil {
		c.closeGently()
	}
}

// streamErrorFor is the stream error that says what reading met, nil when there
// is none to say.
func (c *conn) streamErrorFor(err error) *streamError {
	var already *streamError
	var limit *wire.LimitError
	var syntax *wire.SyntaxError
	var network net.Error
	switch {
	case errors.As(err, &already):
		return already
	case errors.As(err, &limit):
		return &streamError{condition: "policy-violation", text: "XML stanza is too big"}
	case errors.As(err, &syntax) && syntax.Restricted:
		return &streamError{condition: "restricted-xml"}
	case errors.As(err, &syntax):
		return &streamError{condition: "not-well-formed"}
	case errors.As(err, &network) && network.Timeout() && c.out == nil:
		return &streamError{condition: "connection-timeout"}
	}
	return nil
}

// closeGently closes the sending half, and reads on until the client closes
// too: closing a socket that holds unread bytes resets it, and the client would
// lose the reason.
func (c *conn) closeGently() {
	if t, ok := c.net.(*tls.Conn); ok {
		_ = t.CloseWrite()
	}
	if t, ok := c.raw.(*net.TCPConn); ok {
		_ = t.CloseWrite()
		timeout := closeTimeout
		if c.interrupted() != nil {
			timeout = shutdownTimeout // Server.Close waits for this
		}
		_ = c.raw.SetReadDeadline(time.Now().Add(timeout))
		_, _ = io.Copy(io.Discard, c.raw)
	}
}

// handshake does the server side of TLS. What came in before it in clear is
// dropped (RFC 6120 5.4.3.3).
func (c *conn) handshake() error {
	if _, err := c.faultAt(StepTLS, ""); err != nil {
		return err
	}
	config := c.server.tlsConfig(c.mode)
	c.server.config.Paths.shape(config, c)
	t := tls.Server(c.raw, config)
	c.net = t
	if err := t.HandshakeContext(c.server.ctx); err != nil {
		return fmt.Errorf("tls: %w", err)
	}
	state := t.ConnectionState()
	c.tls = &state
	c.in = newReader(t)
	c.headerSent = false
	c.logf("%s", tls.VersionName(state.Version))
	return nil
}

// interrupt ends the connection from another goroutine, with this reason
// unless there is one already.
func (c *conn) interrupt(reason *streamError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reason == nil {
		c.reason = reason
	}
	// The reader returns at once; the writer has a moment to say why.
	_ = c.raw.SetReadDeadline(time.Unix(1, 0))
	_ = c.raw.SetWriteDeadline(time.Now().Add(closeTimeout))
}

func (c *conn) interrupted() *streamError {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.reason
}

// readUntil sets the read deadline, unless the connection was interrupted.
func (c *conn) readUntil(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reason == nil {
		_ = c.raw.SetReadDeadline(t)
	}
}

// startWriter begins to write what the outbox is given.
func (c *conn) startWriter() {
	c.out = newOutbox()
	c.server.wg.Go(func() {
		if err := c.out.run(c.writeNow); err != nil {
			// Nothing more can be said, so the reader need not listen either.
			c.logf("writing: %v", err)
			c.interrupt(&streamError{condition: "resource-constraint"})
		}
	})
}

// write sends bytes: at once before a resource is bound, by the writer
// goroutine after it.
func (c *conn) write(b []byte) error {
	if c.out != nil {
		c.out.put(b)
		return nil
	}
	return c.writeNow(b)
}

func (c *conn) writeNow(b []byte) error {
	c.mu.Lock()
	if c.reason == nil {
		_ = c.raw.SetWriteDeadline(time.Now().Add(writeTimeout))
	}
	c.mu.Unlock()
	_, err := c.net.Write(b)
	return err
}

// send writes an element.
func (c *conn) send(e *wire.Element) error { return c.write(e.StreamXML()) }

func (c *conn) logf(format string, args ...any) {
	if c.server.config.Log != nil {
		c.server.logf("#%d %s", c.id, fmt.Sprintf(format, args...))
	}
}

// randomID is a fresh identifier of 16 hex digits, for streams and resources.
func randomID() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails (crypto/rand since Go 1.24)
	return hex.EncodeToString(b)
}
