package loopback

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xdg-go/scram"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// script is a client that says exactly what a test tells it to.
type script struct {
	t      *testing.T
	server *Server
	tcp    *net.TCPConn
	conn   net.Conn // tcp, or TLS over it
	tls    *tls.Conn
	in     *reader
	got    bytes.Buffer // what in was given
	read   int          // how much of it has been read as XML
	jid    string
	n      int // pings so far
}

// dial connects to the port of a mode; for urlspec.ModeTLS the handshake is done.
func dial(t *testing.T, s *Server, m urlspec.Mode) *script {
	t.Helper()
	conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port(m))))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	c := &script{t: t, server: s, tcp: conn.(*net.TCPConn), conn: conn}
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	if m == urlspec.ModeTLS {
		c.encrypt(&tls.Config{ServerName: s.Domain(), RootCAs: s.Roots()})
	}
	return c
}

// encrypt does the client side of TLS.
func (c *script) encrypt(config *tls.Config) {
	c.t.Helper()
	c.in = nil
	c.tls = tls.Client(c.conn, config)
	c.conn = c.tls
	if err := c.tls.Handshake(); err != nil {
		c.t.Fatalf("TLS: %v", err)
	}
}

// write sends bytes as they are.
func (c *script) write(s string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, s); err != nil {
		c.t.Fatalf("write %.80q: %v", s, err)
	}
}

// header is a stream header as clients send it.
func header(to string) string {
	return "<?xml version='1.0'?><stream:stream to='" + to + "' version='1.0' xmlns='jabber:client' " +
		"xmlns:stream='" + wire.NSStream + "'>"
}

// open opens a stream and returns the server's features.
func (c *script) open() *wire.Element {
	c.t.Helper()
	c.write(header(c.server.Domain()))
	c.begin()
	f := c.next()
	if !f.Is(wire.NSStream, "features") {
		c.t.Fatalf("features expected, got %s", f.XML())
	}
	return f
}

// begin reads the server's stream header.
func (c *script) begin() *wire.Element {
	c.t.Helper()
	if c.in == nil {
		c.got.Reset()
		c.in = newReader(io.TeeReader(c.conn, &c.got))
		c.in.allow(1 << 24)
	}
	item, err := c.item()
	if err != nil || item.Kind != wire.Open {
		c.t.Fatalf("stream header expected, got %+v, %v", item, err)
	}
	return item.Element
}

// item reads what comes next, and remembers where it ended.
func (c *script) item() (wire.Item, error) {
	item, err := c.in.item()
	c.read = int(item.End)
	return item, err
}

// next reads one element.
func (c *script) next() *wire.Element {
	c.t.Helper()
	item, err := c.item()
	if err != nil || item.Kind != wire.Stanza {
		c.t.Fatalf("element expected, got %+v, %v", item, err)
	}
	return item.Element
}

// end reads to the end of the stream and of the connection, and returns the
// elements before it.
func (c *script) end() []string {
	c.t.Helper()
	var all []string
	for {
		item, err := c.item()
		switch {
		case err == nil && item.Kind == wire.Stanza:
			all = append(all, item.Element.XML())
			continue
		case err == nil:
			continue
		}
		var timeout net.Error
		if errors.As(err, &timeout) && timeout.Timeout() {
			c.t.Fatalf("the server did not close; so far: %q", all)
		}
		return all
	}
}

// ends is end with the one element that must come before it.
func (c *script) ends(want string) {
	c.t.Helper()
	if got := c.end(); len(got) != 1 || got[0] != want {
		c.t.Errorf("\n got %q\nwant %q", got, want)
	}
}

// errorXML is what an error stanza holds.
func errorXML(kind, condition, text string) string {
	const space = " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
	if text != "" {
		text = "<text" + space + ">" + text + "</text>"
	}
	return "<error type='" + kind + "'><" + condition + space + "/>" + text + "</error>"
}

// streamErrorXML is the element that ends a stream.
func streamErrorXML(condition, text string) string {
	const space = " xmlns='urn:ietf:params:xml:ns:xmpp-streams'"
	if text != "" {
		text = "<text" + space + ">" + text + "</text>"
	}
	return "<error xmlns='http://etherx.jabber.org/streams'><" + condition + space + "/>" + text + "</error>"
}

// starttls goes from the clear to an open stream under TLS.
func (c *script) starttls(config *tls.Config) *wire.Element {
	c.t.Helper()
	c.open()
	c.write("<starttls xmlns='" + wire.NSTLS + "'/>")
	if e := c.next(); !e.Is(wire.NSTLS, "proceed") {
		c.t.Fatalf("proceed expected, got %s", e.XML())
	}
	c.encrypt(config)
	return c.open()
}

// sasl runs one login and returns the last element of the server: success or
// failure.
func (c *script) sasl(mechanism, user, password string, conversation *scram.ClientConversation) *wire.Element {
	c.t.Helper()
	if conversation == nil {
		c.write(authXML(mechanism, "\x00"+user+"\x00"+password))
		return c.next()
	}
	message, err := conversation.Step("")
	if err != nil {
		c.t.Fatal(err)
	}
	c.write(authXML(mechanism, message))
	for {
		e := c.next()
		if !e.Is(wire.NSSASL, "challenge") && !e.Is(wire.NSSASL, "success") {
			return e
		}
		payload, err := base64.StdEncoding.DecodeString(e.Text)
		if err != nil {
			c.t.Fatal(err)
		}
		if message, err = conversation.Step(string(payload)); err != nil {
			c.t.Fatalf("%s: %v", e.XML(), err)
		}
		if e.Is(wire.NSSASL, "success") {
			return e
		}
		c.write("<response xmlns='" + wire.NSSASL + "'>" + encode(message) + "</response>")
	}
}

func authXML(mechanism, payload string) string {
	return fmt.Sprintf("<auth xmlns='%s' mechanism='%s'>%s</auth>",
		wire.NSSASL, mechanism, encode(payload))
}

// encode is a SASL message as it goes into an element.
func encode(message string) string { return base64.StdEncoding.EncodeToString([]byte(message)) }

// login brings an account online on the port without TLS, which is the fastest.
// Its password is its name and "-pw".
func login(t *testing.T, s *Server, name, resource string) *script {
	t.Helper()
	c := connect(t, s, name, resource)
	c.exchange("<presence/>")
	return c
}

// connect is login without the initial presence.
func connect(t *testing.T, s *Server, name, resource string) *script {
	t.Helper()
	c := dial(t, s, urlspec.ModeNone)
	c.open()
	sc, err := scram.SHA1.NewClient(name, name+"-pw", "")
	if err != nil {
		t.Fatal(err)
	}
	if e := c.sasl("SCRAM-SHA-1", name, "", sc.NewConversation()); !e.Is(wire.NSSASL, "success") {
		t.Fatalf("login of %s: %s", name, e.XML())
	}
	c.open()
	c.write("<iq type='set' id='bind'><bind xmlns='" + wire.NSBind + "'><resource>" + resource + "</resource>" +
		"</bind></iq>")
	e := c.next()
	c.jid = e.Child(wire.NSBind, "bind").ChildText(wire.NSBind, "jid")
	if c.jid != name+"@"+s.Domain()+"/"+resource {
		t.Fatalf("bind: %s", e.XML())
	}
	return c
}

// exchange sends XML and returns all that came before the answer to a ping sent
// right after it. Stanzas are handled in order, so that is all there is.
func (c *script) exchange(xml string) []string {
	c.t.Helper()
	c.n++
	id := fmt.Sprintf("barrier-%d", c.n)
	c.write(xml + "<iq type='get' id='" + id + "'><ping xmlns='" + wire.NSPing + "'/></iq>")
	var all []string
	for {
		e := c.next()
		if e.Is(wire.NSClient, "iq") && e.Attr("id") == id {
			return all
		}
		all = append(all, strings.ReplaceAll(e.XML(), " xmlns='jabber:client'", ""))
	}
}

// expect is exchange with the answers it must give.
func (c *script) expect(xml string, want ...string) {
	c.t.Helper()
	got := c.exchange(xml)
	if len(got) != len(want) {
		c.t.Fatalf("after %s\n got %s\nwant %s", xml, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
	for i := range want {
		if got[i] != want[i] {
			c.t.Errorf("after %s, answer %d\n got %s\nwant %s", xml, i+1, got[i], want[i])
		}
	}
}

// pending is expect without sending anything: what others caused.
func (c *script) pending(want ...string) {
	c.t.Helper()
	c.expect("", want...)
}
