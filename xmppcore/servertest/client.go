//go:build servers

package servertest

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"
)

// answerTimeout is how long a client waits for anything before the test fails:
// some thousand times what a server on an idle machine takes.
const answerTimeout = 60 * time.Second

// Message is a message as a client received it, with the text that the XML
// stood for: beyond what XML itself prescribes (a return is a line's end) no
// byte of Body or Subject is added, removed or changed.
type Message struct {
	Type, From, To, ID string
	Subject, Body      string
	// HasSubject tells an empty subject from none.
	HasSubject bool
	// Delayed is set when the server kept the message for later (XEP-0203).
	Delayed bool
}

// Client is another user's client, for looking at what arrives. Its methods
// are for one goroutine, that of the test or subtest that they are given, and
// end it when anything goes wrong.
type Client struct {
	// JID is its full JID.
	JID string

	domain   string
	receipts bool
	writing  sync.Mutex // the reader answers IQs and receipts
	stream   *stream
	stanzas  chan stanza // closed by the reader when the stream ends
	messages []Message   // arrived while something else was awaited
	pings    int
}

// ClientOptions vary a client.
type ClientOptions struct {
	// Receipts answers requests for delivery receipts (XEP-0184).
	Receipts bool
	// Resource is the resource asked for; empty leaves it to the server.
	Resource string
}

// Login logs user in over direct TLS and sends initial presence. The client
// leaves when the test ends. It takes any certificate: what the test is about
// is another connection.
func (s *Server) Login(t testing.TB, user string, options ClientOptions) *Client {
	t.Helper()
	conn, err := net.Dial("tcp", address(s.DirectTLS))
	if err != nil {
		t.Fatal("servertest: ", err)
	}
	secure := tls.Client(conn, &tls.Config{ServerName: Domain, InsecureSkipVerify: true})
	c := &Client{domain: Domain, receipts: options.Receipts, stream: newStream(secure),
		stanzas: make(chan stanza, 64)}
	if err := conn.SetDeadline(time.Now().Add(answerTimeout)); err != nil {
		t.Fatal("servertest: ", err)
	}
	if err := c.login(user, options.Resource); err != nil {
		conn.Close()
		t.Fatalf("servertest: %s cannot log in: %v", user, err)
	}
	if err := conn.SetDeadline(time.Time{}); err != nil {
		t.Fatal("servertest: ", err)
	}

	var reader sync.WaitGroup
	reader.Go(c.read)
	t.Cleanup(func() {
		// The reader may be waiting for room in the channel.
		conn.Close()
		for range c.stanzas {
		}
		reader.Wait()
	})
	c.send(t, "<presence/>")
	c.Barrier(t)
	return c
}

func (c *Client) login(user, resource string) error {
	if err := c.stream.open(c.domain); err != nil {
		return err
	}
	if err := c.stream.login(c.domain, user, Password(user)); err != nil {
		return err
	}
	bind := "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
	if resource != "" {
		bind = "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>%s</resource></bind></iq>"
		if err := c.stream.send(bind, resource); err != nil {
			return err
		}
	} else if err := c.stream.send(bind); err != nil {
		return err
	}
	element, err := c.stream.start()
	if err != nil {
		return err
	}
	var answer struct {
		JID string `xml:"bind>jid"`
	}
	if err := c.stream.decoder.DecodeElement(&answer, &element); err != nil {
		return err
	}
	if c.JID = answer.JID; c.JID == "" {
		return fmt.Errorf("<%s> instead of the answer to bind", element.Name.Local)
	}
	return nil
}

// read passes on stanzas until the stream ends, and answers what a client must.
func (c *Client) read() {
	defer close(c.stanzas)
	for {
		st, err := c.stream.stanza()
		if err != nil {
			return
		}
		var failed error
		switch {
		case st.XMLName.Local == "iq" && (st.Type == "get" || st.Type == "set"):
			failed = c.write("<iq type='error' id='%s' to='%s'><error type='cancel'>"+
				"<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", st.ID, st.From)
		case c.receipts && st.XMLName.Local == "message" && st.Request != nil:
			failed = c.write("<message to='%s'><received xmlns='urn:xmpp:receipts' id='%s'/></message>", st.From, st.ID)
		}
		if failed != nil {
			return
		}
		c.stanzas <- st
	}
}

func (c *Client) write(format string, arguments ...string) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	return c.stream.send(format, arguments...)
}

func (c *Client) send(t testing.TB, format string, arguments ...string) {
	t.Helper()
	if err := c.write(format, arguments...); err != nil {
		t.Fatalf("servertest: %s cannot send: %v", c.JID, err)
	}
}

// await reads stanzas until one is wanted. Messages on the way are kept.
func (c *Client) await(t testing.TB, what string, wanted func(stanza) bool) stanza {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), answerTimeout)
	defer cancel()
	for {
		select {
		case st, open := <-c.stanzas:
			if !open {
				t.Fatalf("servertest: the stream of %s ended before %s came", c.JID, what)
			}
			if st.XMLName.Local == "message" && st.Body != nil && st.Type != "error" {
				c.messages = append(c.messages, st.message())
			}
			if wanted(st) {
				return st
			}
		case <-ctx.Done():
			t.Fatalf("servertest: %s waited %v in vain for %s", c.JID, answerTimeout, what)
		}
	}
}

func (st stanza) message() Message {
	m := Message{Type: st.Type, From: st.From, To: st.To, ID: st.ID, Body: *st.Body, Delayed: st.Delay != nil}
	if st.Subject != nil {
		m.Subject, m.HasSubject = *st.Subject, true
	}
	return m
}

// Join enters a room under a nick, without its history, and fails unless the
// room lets it in.
func (c *Client) Join(t testing.TB, room, nick string) {
	t.Helper()
	occupant := Room(room) + "/" + nick
	c.send(t, "<presence to='%s'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>",
		occupant)
	answer := c.await(t, "entry to "+occupant, func(st stanza) bool {
		return st.XMLName.Local == "presence" && st.From == occupant && (st.isSelf() || st.Error != nil)
	})
	if answer.Error != nil {
		t.Fatalf("servertest: %s may not enter %s: %s", c.JID, occupant, answer.Error.Inner)
	}
}

// Await returns when a room shows an occupant.
func (c *Client) Await(t testing.TB, room, nick string) {
	t.Helper()
	occupant := Room(room) + "/" + nick
	c.await(t, occupant, func(st stanza) bool { return st.XMLName.Local == "presence" && st.From == occupant })
}

// AwaitLeft returns when a room shows that an occupant has left.
func (c *Client) AwaitLeft(t testing.TB, room, nick string) {
	t.Helper()
	occupant := Room(room) + "/" + nick
	c.await(t, "the end of "+occupant, func(st stanza) bool {
		return st.XMLName.Local == "presence" && st.From == occupant && st.Type == "unavailable"
	})
}

// Destroy ends a room that the client owns, and names another in its place
// (XEP-0045 10.9).
func (c *Client) Destroy(t testing.TB, room, venue string) {
	t.Helper()
	c.send(t, "<iq type='set' id='destroy' to='%s'><query xmlns='http://jabber.org/protocol/muc#owner'>"+
		"<destroy jid='%s'><reason>it moved</reason></destroy></query></iq>", Room(room), Room(venue))
}

// Say sends a message of the type ("chat", "groupchat") to a JID.
func (c *Client) Say(t testing.TB, kind, to, body string) {
	t.Helper()
	c.send(t, "<message type='%s' to='%s'><body>%s</body></message>", kind, to, body)
}

// Barrier returns when the server has answered a ping (XEP-0199): everything
// that it sent to the client before has arrived.
func (c *Client) Barrier(t testing.TB) {
	t.Helper()
	c.pings++
	id := "barrier-" + strconv.Itoa(c.pings)
	c.send(t, "<iq type='get' id='%s' to='%s'><ping xmlns='urn:xmpp:ping'/></iq>", id, c.domain)
	c.await(t, "the answer to a ping", func(st stanza) bool { return st.XMLName.Local == "iq" && st.ID == id })
}

// Received waits for n messages with a body and returns them in the order of
// their arrival, with whatever else arrived by then, and forgets them. A test
// that compares the result with what was sent therefore sees duplicates too.
func (c *Client) Received(t testing.TB, n int) []Message {
	t.Helper()
	for len(c.messages) < n {
		c.await(t, fmt.Sprintf("message %d of %d", len(c.messages)+1, n),
			func(st stanza) bool { return st.XMLName.Local == "message" && st.Body != nil && st.Type != "error" })
	}
	c.Barrier(t)
	messages := c.messages
	c.messages = nil
	return messages
}
