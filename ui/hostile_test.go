package ui

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// hostile is a server that mostly answers as one should, and at any step says
// something that none may. What it does is drawn from its random numbers.
type hostile struct {
	listener net.Listener
	done     sync.WaitGroup

	mu     sync.Mutex
	random *rand.Rand
	conns  []net.Conn
}

func newHostile(t *testing.T, seed uint64) *hostile {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &hostile{listener: listener, random: rand.New(rand.NewPCG(seed, 1))}
	h.done.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			h.mu.Lock()
			h.conns = append(h.conns, conn)
			h.mu.Unlock()
			h.done.Go(func() { h.serve(conn) })
		}
	})
	return h
}

func (h *hostile) port() int { return h.listener.Addr().(*net.TCPAddr).Port }

func (h *hostile) close() {
	h.listener.Close()
	h.mu.Lock()
	for _, conn := range h.conns {
		conn.Close()
	}
	h.mu.Unlock()
	h.done.Wait()
}

// roll is a random number below n.
func (h *hostile) roll(n int) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.random.IntN(n)
}

// nasty are things that a server may not say, or not there.
var nasty = []string{
	"", " ", strings.Repeat(" \n", 40_000), "\x00", "\xff\xfe", "<", "<a", "</stream:stream>", "<!-- -->", "<!DOCTYPE a>",
	"<message><body>\x1b[2J\u202e</body></message>", strings.Repeat("<a>", 100), "<a b='" + strings.Repeat("c", 70_000),
	"<message><body>" + strings.Repeat("x", 200_000) + "</body></message>", "<iq type='result' id='x' from='evil.test'/>",
	"<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>evil.test</see-other-host></stream:error>",
	"<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>",
	"<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/><text>alice-pw\u2028</text></failure>",
	"<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>cj1hLHM9YixpPTE=</challenge>",
	"<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", "<iq type='get' id='q'><query xmlns='jabber:iq:version'/></iq>",
	"<presence type='error' from='room@127.0.0.1/alice'><error type='wait'/></presence>",
	"<presence type='unavailable' from='room@127.0.0.1/alice'><x xmlns='http://jabber.org/protocol/muc#user'>" +
		"<destroy/><status code='110'/><status code='307'/></x></presence>",
	"HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-x\r\n", "\x15\x03\x01\x00\x02\x02\x46",
}

// answers are what a server says to what it was told, by a mark in that. $id is the id
// of the stanza.
var answers = []struct{ mark, answer string }{
	{"<auth", "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"},
	{"<bind", "<iq type='result' id='$id'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>" +
		"<jid>alice@127.0.0.1/x</jid></bind></iq>"},
	{"<ping", "<iq type='result' id='$id' from='127.0.0.1'/>"},
	{"jabber:iq:roster", "<iq type='result' id='$id'><query xmlns='jabber:iq:roster'/></iq>"},
	{"room@127.0.0.1/", "<presence from='room@127.0.0.1/alice' id='$id'><x xmlns='http://jabber.org/protocol/muc#user'>" +
		"<item role='participant'/><status code='110'/></x></presence>"},
	{"<message", "<message type='groupchat' from='room@127.0.0.1/alice' id='$id'><body>hello</body></message>"},
}

var idOf = regexp.MustCompile(` id='([^']*)'`)

// serve answers what comes, or not.
func (h *hostile) serve(conn net.Conn) {
	defer conn.Close()
	streams := 0
	buffer := make([]byte, 64<<10)
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			return
		}
		said := buffer[:n]
		reply := ""
		if bytes.Contains(said, []byte("<stream:stream")) {
			reply = "<?xml version='1.0'?><stream:stream from='127.0.0.1' id='s' version='1.0' xmlns='jabber:client' " +
				"xmlns:stream='http://etherx.jabber.org/streams'><stream:features>"
			if streams++; streams == 1 {
				reply += "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>"
			} else {
				reply += "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
			}
			reply += "</stream:features>"
		}
		for _, a := range answers {
			if at := bytes.Index(said, []byte(a.mark)); at >= 0 {
				id := ""
				if ids := idOf.FindAllSubmatch(said, -1); len(ids) > 0 {
					id = string(ids[len(ids)-1][1])
				}
				reply += strings.ReplaceAll(a.answer, "$id", id)
			}
		}
		switch what := h.roll(20); {
		case what == 0:
			return
		case what == 1: // silence
			continue
		case what == 2 && len(reply) > 0: // cut short
			reply = reply[:h.roll(len(reply))]
		case what <= 5:
			reply = nasty[h.roll(len(nasty))]
		case what <= 7:
			reply += nasty[h.roll(len(nasty))]
		case what == 8:
			reply += strings.Repeat(nasty[h.roll(len(nasty))], 50)
		}
		if _, err := fmt.Fprint(conn, reply); err != nil {
			return
		}
	}
}
