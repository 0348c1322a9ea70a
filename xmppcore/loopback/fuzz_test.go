package loopback

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// memory is a connection whose client has said all that it says.
type memory struct {
	net.Conn // of which no other method is called
	in       io.Reader
	out      bytes.Buffer
}

func (m *memory) Read(p []byte) (int, error)       { return m.in.Read(p) }
func (m *memory) Write(p []byte) (int, error)      { return m.out.Write(p) }
func (m *memory) Close() error                     { return nil }
func (m *memory) SetReadDeadline(time.Time) error  { return nil }
func (m *memory) SetWriteDeadline(time.Time) error { return nil }

// FuzzServer: whatever a client sends, before its login and after it, the
// server goes on, and what it answers is a stream.
func FuzzServer(f *testing.F) {
	opened := header("localhost")
	bound := opened + "<iq type='set' id='1'><bind xmlns='" + wire.NSBind + "'/></iq>"
	for _, seed := range []string{
		"", "GET / HTTP/1.1\r\n\r\n", "<!DOCTYPE x>", "<html>", header("example.org"), opened + "</stream:stream>",
		opened + authXML("PLAIN", "\x00alice\x00alice-pw") + bound,
		opened + authXML("SCRAM-SHA-1", "n,,n=alice,r=abc") + "<response xmlns='" + wire.NSSASL + "'>AAAA</response>",
		bound + "<presence><priority>1</priority></presence><message><body>x</body></message>",
		bound + joining("dev", "alice") + joining("new", "al") + joining("new", "alice") +
			"<message to='new@conference.localhost' type='groupchat'><p>a<b/>c</p></message>",
		bound + "<message to='bob@localhost' id='1' type='chat'><request xmlns='urn:xmpp:receipts'/></message>",
		bound + "<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq><iq type='get' id='2' to='@'/>",
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	s, err := newServer(Config{
		Accounts: []Account{
			{Name: "alice", Password: "alice-pw", Contacts: []string{"bob"}},
			{Name: "bob", Resident: true, Receipts: true},
		},
		Rooms:          []Room{{Name: "dev", Occupants: []string{"robot"}, Subject: "x"}},
		CleartextPLAIN: true,
	}.withDefaults())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte, loggedIn bool) {
		if s.hub, err = newHub(s.config, s.logf); err != nil {
			t.Fatal(err)
		}
		peer := &memory{in: bytes.NewReader(data)}
		c := newConn(s, peer, urlspec.ModeNone, 1)
		if loggedIn {
			c.user = s.hub.accounts["alice"]
		}
		c.serve()
		decoder := wire.Decoder{Limits: wire.Limits{MaxElement: 1 << 30, MaxText: 1 << 30, MaxAttr: 1 << 30}}
		_, err := decoder.Feed(peer.out.Bytes())
		var limit *wire.LimitError
		if err != nil && !errors.As(err, &limit) {
			t.Errorf("to %q the server says %q: %v", data, &peer.out, err)
		}
	})
}
