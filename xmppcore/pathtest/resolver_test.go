//go:build paths

package pathtest

import (
	"net"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"xmppscope/model/modeltest"
)

// resolverAddress is what resolv.conf names, knotAddress where it asks on.
const (
	resolverAddress = "127.0.0.53"
	knotAddress     = "127.0.0.2:53"
)

// resolver passes questions on to knot, and answers some of them late, with an
// error, or not at all.
type resolver struct {
	conn *net.UDPConn
	wg   sync.WaitGroup

	mu     sync.Mutex
	faults modeltest.Resolving
}

func startResolver(t *testing.T) *resolver {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(resolverAddress), Port: 53})
	if err != nil {
		t.Fatal(err)
	}
	r := &resolver{conn: conn}
	r.wg.Go(r.serve)
	t.Cleanup(func() {
		conn.Close()
		r.wg.Wait()
	})
	return r
}

// misbehave sets what goes wrong from now on.
func (r *resolver) misbehave(faults modeltest.Resolving) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults = faults
}

func (r *resolver) serve() {
	buf := make([]byte, 4096)
	for {
		n, from, err := r.conn.ReadFromUDP(buf)
		if err != nil {
			return
		}
		question := append([]byte(nil), buf[:n]...)
		r.wg.Go(func() { r.answer(question, from) })
	}
}

// answer answers one question.
func (r *resolver) answer(question []byte, from *net.UDPAddr) {
	r.mu.Lock()
	faults := r.faults
	r.mu.Unlock()
	var m dnsmessage.Message
	if m.Unpack(question) != nil || len(m.Questions) != 1 {
		return
	}
	switch kind := m.Questions[0].Type; {
	case kind == dnsmessage.TypeA && faults.DropA, kind == dnsmessage.TypeAAAA && faults.DropAAAA,
		kind == dnsmessage.TypeSRV && faults.DropSRV:
		return
	case kind == dnsmessage.TypeSRV && faults.FailSRV:
		m.Response, m.RCode, m.Additionals = true, dnsmessage.RCodeServerFailure, nil
		if failed, err := m.Pack(); err == nil {
			_, _ = r.conn.WriteToUDP(failed, from)
		}
		return
	case kind == dnsmessage.TypeSRV:
		time.Sleep(faults.SlowSRV)
	}
	knot, err := net.Dial("udp", knotAddress)
	if err != nil {
		return
	}
	defer knot.Close()
	_ = knot.SetDeadline(time.Now().Add(2 * time.Second))
	if _, err := knot.Write(question); err != nil {
		return
	}
	buf := make([]byte, 4096)
	if n, err := knot.Read(buf); err == nil {
		_, _ = r.conn.WriteToUDP(buf[:n], from)
	}
}
