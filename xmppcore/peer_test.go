package xmppcore_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// peer is a server that says what a test wrote down, whoever asks. It speaks
// without TLS, on loopback, where even PLAIN is allowed, so that a script can
// reach any moment of a session in a few lines.
type peer struct {
	listener net.Listener
	done     sync.WaitGroup

	mu    sync.Mutex
	conns []net.Conn
	heard bytes.Buffer
	wrap  func(net.Conn) net.Conn // nil, or puts TLS on a connection
}

// line is one step of a script: once wait has come, reply goes out. The reply
// may use $id, the id of what was waited for; answer, if set, makes the reply
// from what the client said up to there.
type line struct {
	wait, reply string
	answer      func(said string) string
}

// Two replies that are no text.
const (
	hangUp  = "\x00hang up"  // close the connection
	mute    = "\x00mute"     // read on, say nothing more
	endless = "\x00endless " // say what follows again and again
)

// The steps of a login without TLS, ready for scripts.
const (
	xmlHeader = "<?xml version='1.0'?>" +
		"<stream:stream from='example.test' id='s1' version='1.0' xmlns='jabber:client' " +
		"xmlns:stream='http://etherx.jabber.org/streams'>"
	onlyPLAIN = "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism>" +
		"</mechanisms></stream:features>"
	onlySCRAM = "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" +
		"<mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>"
	success    = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
	afterLogin = "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>"
	boundAs    = "<iq type='result' id='$id'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>" +
		"<jid>alice@example.test/here</jid></bind></iq>"
	pong        = "<iq type='result' id='$id' from='example.test'/>"
	streamClose = "</stream:stream>"
)

// probing is what the probe gets to hear before the login, in mode none.
func probing(features string) []line {
	return []line{{wait: "version='1.0'>", reply: xmlHeader + features}, {wait: "</stream:stream>", reply: hangUp}}
}

// loggedIn is a login with PLAIN, followed by more. It ends as a server does.
func loggedIn(more ...line) []line {
	script := []line{
		{wait: "version='1.0'>", reply: xmlHeader + onlyPLAIN},
		{wait: "</auth>", reply: success},
		{wait: "version='1.0'>", reply: xmlHeader + afterLogin},
		{wait: "</bind></iq>", reply: boundAs},
		{wait: "</presence>", reply: ""},
	}
	return append(append(script, more...), line{wait: "</stream:stream>", reply: streamClose})
}

// newPeer plays one script for each connection; the last one again for more.
func newPeer(t *testing.T, scripts ...[]line) *peer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{listener: listener}
	p.done.Go(func() {
		for n := 0; ; n++ {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			p.mu.Lock()
			p.conns = append(p.conns, conn)
			if p.wrap != nil {
				conn = p.wrap(conn)
			}
			p.mu.Unlock()
			script := scripts[min(n, len(scripts)-1)]
			p.done.Go(func() { p.play(conn, script) })
		}
	})
	t.Cleanup(p.close)
	return p
}

func (p *peer) close() {
	p.listener.Close()
	p.mu.Lock()
	for _, conn := range p.conns {
		conn.Close()
	}
	p.mu.Unlock()
	p.done.Wait()
}

var idPattern = regexp.MustCompile(` id='([^']*)'`)

func (p *peer) play(conn net.Conn, script []line) {
	defer conn.Close()
	var pending string
	buf := make([]byte, 4096)
	for _, l := range script {
		for !strings.Contains(pending, l.wait) {
			n, err := conn.Read(buf)
			p.mu.Lock()
			p.heard.Write(buf[:n])
			p.mu.Unlock()
			pending += string(buf[:n])
			if err != nil {
				return
			}
		}
		before, after, _ := strings.Cut(pending, l.wait)
		before, pending = before+l.wait, after
		id := ""
		if ids := idPattern.FindAllStringSubmatch(before, -1); len(ids) > 0 {
			id = ids[len(ids)-1][1]
		}
		if l.answer != nil {
			l.reply = l.answer(before)
		}
		switch l.reply {
		case hangUp:
			return
		case mute:
			for {
				if _, err := conn.Read(buf); err != nil {
					return
				}
			}
		}
		if chunk, ok := strings.CutPrefix(l.reply, endless); ok {
			for chunk = strings.Repeat(chunk, 1+4096/len(chunk)); ; {
				if _, err := conn.Write([]byte(chunk)); err != nil {
					return
				}
			}
		}
		if _, err := conn.Write([]byte(strings.ReplaceAll(l.reply, "$id", id))); err != nil {
			return
		}
	}
	for { // until the other side is done
		if _, err := conn.Read(buf); err != nil {
			return
		}
	}
}

// said is all that the peer was told.
func (p *peer) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard.String()
}

func (p *peer) port() int { return p.listener.Addr().(*net.TCPAddr).Port }

// job logs alice in at the peer, with short deadlines.
func (p *peer) job(targets ...urlspec.Address) xmppcore.Job {
	return xmppcore.Job{Reading: urlspec.Reading{
		Accepted: true, LoginJID: "alice@example.test", StreamTo: "example.test",
		PasswordSet: true, Password: canary, TCPHost: "127.0.0.1", Port: p.port(),
		Mode: urlspec.ModeNone, Nick: "alice", Targets: targets, ScramPlus: true, Verify: true,
		CTO: patience, RTO: patience,
	}}
}

// patient is a job of the peer's that no deadline ends.
func (p *peer) patient(targets ...urlspec.Address) xmppcore.Job {
	j := p.job(targets...)
	j.Reading.CTO, j.Reading.RTO = 30, 30
	return j
}

// slow is a job in which one answer is late, and no other one may seem to be so on a
// busy machine.
func (p *peer) slow(targets ...urlspec.Address) xmppcore.Job {
	j := p.patient(targets...)
	j.Reading.RTO = 3
	return j
}

// canary is a password that must not show anywhere.
const canary = "c4nary-Pa55"

// patience is cto and rto, in seconds, of runs that are to fail by them.
const patience = 0.3

// tellLate does a job that is to run out of time at a stage. On a busy machine
// the deadline of an earlier stage can pass; then all get a longer one.
func tellLate(t *testing.T, stage event.Stage, prepare func() xmppcore.Job) *story {
	t.Helper()
	for seconds := urlspec.Seconds(patience); ; seconds *= 4 {
		j := prepare()
		j.Reading.CTO, j.Reading.RTO = seconds, seconds
		s := tell(t, j)
		var f *event.Failure
		early := errors.As(s.err, &f) && f.Cause == event.CauseTimeout &&
			slices.Index(event.Stages(urlspec.ModeSTARTTLS), f.Stage) < slices.Index(event.Stages(urlspec.ModeSTARTTLS), stage)
		if !early || seconds > 15 {
			return s
		}
	}
}

func chat(jid string) urlspec.Address {
	return urlspec.Address{Kind: urlspec.Chat, JID: jid}
}

func room(jid string) urlspec.Address {
	return urlspec.Address{Kind: urlspec.Groupchat, JID: jid}
}

// elsewhere dials the peer, and makes it look like a machine far away.
func elsewhere(p *peer) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, p.listener.Addr().String())
		if err != nil {
			return nil, err
		}
		return farConn{conn}, nil
	}
}

// farConn is a connection to 192.0.2.1, an address for documentation.
type farConn struct{ net.Conn }

func (farConn) RemoteAddr() net.Addr {
	return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 5222}
}

// noNames is a name server that knows none.
type noNames struct{}

func (noNames) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (noNames) LookupSRV(_ context.Context, _, _, name string) (string, []*net.SRV, error) {
	return "", nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}
