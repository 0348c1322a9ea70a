package loopback

import (
	"bufio"
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
)

// client is a scripted XMPP client: it says exactly what a test tells it to.
type client struct {
	t    *testing.T
	srv  *Server
	tcp  *net.TCPConn
	conn net.Conn // tcp, or TLS over it
	tls  *tls.Conn
	in   *streamReader
	jid  string
	n    int // pings so far
}

// dial connects to the port of a mode; for urlspec.ModeTLS the handshake is done.
func dial(t *testing.T, s *Server, m urlspec.Mode) *client {
	t.Helper()
	conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port(m))))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	c := &client{t: t, srv: s, tcp: conn.(*net.TCPConn), conn: conn}
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	if m == urlspec.ModeTLS {
		c.encrypt(&tls.Config{ServerName: s.Domain(), RootCAs: s.Roots()})
	}
	return c
}

// encrypt does the client side of TLS.
func (c *client) encrypt(cfg *tls.Config) {
	c.t.Helper()
	c.in = nil
	c.tls = tls.Client(c.conn, cfg)
	c.conn = c.tls
	if err := c.tls.Handshake(); err != nil {
		c.t.Fatalf("TLS: %v", err)
	}
}

// write sends bytes as they are.
func (c *client) write(s string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, s); err != nil {
		c.t.Fatalf("write %.80q: %v", s, err)
	}
}

// header is a stream header as clients send it.
func header(to string) string {
	return "<?xml version='1.0'?><stream:stream to='" + to + "' xmlns='jabber:client' xmlns:stream='" + nsStream + "' version='1.0'>"
}

// open opens a stream and returns the server's features.
func (c *client) open() *element {
	c.t.Helper()
	c.write(header(c.srv.Domain()))
	c.begin()
	f := c.next()
	if !f.is(nsStream, "features") {
		c.t.Fatalf("features expected, got %s", f)
	}
	return f
}

// begin reads the server's stream header.
func (c *client) begin() *element {
	c.t.Helper()
	c.in = newStreamReader(bufio.NewReader(c.conn), 1<<24)
	h, _, err := c.in.header()
	if err != nil {
		c.t.Fatalf("stream header: %v", err)
	}
	return h
}

// next reads one element.
func (c *client) next() *element {
	c.t.Helper()
	e, err := c.in.next()
	if err != nil {
		c.t.Fatalf("read: %v", err)
	}
	return e
}

// end reads to the end of the connection and returns the elements before it.
func (c *client) end() []string {
	c.t.Helper()
	var all []string
	for {
		e, err := c.in.next()
		if err != nil {
			var timeout net.Error
			if errors.As(err, &timeout) && timeout.Timeout() {
				c.t.Fatalf("the server did not close; so far: %q", all)
			}
			return all
		}
		all = append(all, e.String())
	}
}

// starttls goes from the clear to an open stream under TLS.
func (c *client) starttls(cfg *tls.Config) *element {
	c.t.Helper()
	c.open()
	c.write("<starttls xmlns='" + nsTLS + "'/>")
	if e := c.next(); !e.is(nsTLS, "proceed") {
		c.t.Fatalf("proceed expected, got %s", e)
	}
	c.encrypt(cfg)
	return c.open()
}

// sasl runs one login and returns the last element of the server: success or
// failure.
func (c *client) sasl(mechanism, user, password string, conversation *scram.ClientConversation) *element {
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
		if !e.is(nsSASL, "challenge") && !e.is(nsSASL, "success") {
			return e
		}
		payload, err := base64.StdEncoding.DecodeString(e.text())
		if err != nil {
			c.t.Fatal(err)
		}
		if message, err = conversation.Step(string(payload)); err != nil {
			c.t.Fatalf("%s: %v", e, err)
		}
		if e.is(nsSASL, "success") {
			return e
		}
		c.write("<response xmlns='" + nsSASL + "'>" + encode(message) + "</response>")
	}
}

func authXML(mechanism, payload string) string {
	return fmt.Sprintf("<auth xmlns='%s' mechanism='%s'>%s</auth>",
		nsSASL, mechanism, encode(payload))
}

// encode is a SASL message as it goes into an element.
func encode(message string) string { return base64.StdEncoding.EncodeToString([]byte(message)) }

// login brings an account online on the port without TLS, which is the fastest.
// Its password is its name and "-pw".
func login(t *testing.T, s *Server, name, resource string) *client {
	t.Helper()
	c := connect(t, s, name, resource)
	c.exchange("<presence/>")
	return c
}

// connect is login without the initial presence.
func connect(t *testing.T, s *Server, name, resource string) *client {
	t.Helper()
	c := dial(t, s, urlspec.ModeNone)
	c.open()
	sc, err := scram.SHA1.NewClient(name, name+"-pw", "")
	if err != nil {
		t.Fatal(err)
	}
	if e := c.sasl("SCRAM-SHA-1", name, "", sc.NewConversation()); !e.is(nsSASL, "success") {
		t.Fatalf("login of %s: %s", name, e)
	}
	c.open()
	c.write("<iq type='set' id='bind'><bind xmlns='" + nsBind + "'><resource>" + resource + "</resource></bind></iq>")
	e := c.next()
	c.jid = e.child(nsBind, "bind").child(nsBind, "jid").text()
	if c.jid != name+"@"+s.Domain()+"/"+resource {
		t.Fatalf("bind: %s", e)
	}
	return c
}

// exchange sends XML and returns all that came before the answer to a ping sent
// right after it. Stanzas are handled in order, so that is all there is.
func (c *client) exchange(xml string) []string {
	c.t.Helper()
	c.n++
	id := fmt.Sprintf("barrier-%d", c.n)
	c.write(xml + "<iq type='get' id='" + id + "'><ping xmlns='" + nsPing + "'/></iq>")
	var all []string
	for {
		e := c.next()
		if e.is(nsClient, "iq") && e.attr("id") == id {
			return all
		}
		all = append(all, strings.ReplaceAll(e.String(), " xmlns='jabber:client'", ""))
	}
}

// expect is exchange with the answers it must give.
func (c *client) expect(xml string, want ...string) {
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
func (c *client) pending(want ...string) {
	c.t.Helper()
	c.expect("", want...)
}
