package explore_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/explore"
)

// refusingProxy is a SOCKS5 server (RFC 1928) without authentication that
// refuses every connection, and notes what it was asked for.
type refusingProxy struct {
	address string

	mu    sync.Mutex
	asked []string
}

func newRefusingProxy(t *testing.T) *refusingProxy {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &refusingProxy{address: l.Addr().String()}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer conn.Close()
				if err := p.serve(conn); err != nil {
					t.Error(err)
				}
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		serving.Wait()
	})
	return p
}

// serve reads the greeting and a request for a name, and refuses it.
func (p *refusingProxy) serve(conn net.Conn) error {
	greeting := make([]byte, 3) // version 5, one method: none
	if _, err := io.ReadFull(conn, greeting); err != nil {
		return err
	}
	if _, err := conn.Write([]byte{5, 0}); err != nil {
		return err
	}
	head := make([]byte, 5) // version, CONNECT, reserved, a name, its length
	if _, err := io.ReadFull(conn, head); err != nil {
		return err
	}
	if head[3] != 3 {
		return fmt.Errorf("the proxy was asked for an address of type %d, not for a name", head[3])
	}
	rest := make([]byte, int(head[4])+2)
	if _, err := io.ReadFull(conn, rest); err != nil {
		return err
	}
	name, port := rest[:len(rest)-2], binary.BigEndian.Uint16(rest[len(rest)-2:])
	p.mu.Lock()
	p.asked = append(p.asked, fmt.Sprintf("%s:%d", name, port))
	p.mu.Unlock()
	const connectionRefused = 5
	_, err := conn.Write([]byte{5, connectionRefused, 0, 1, 0, 0, 0, 0, 0, 0})
	return err
}

// noNames is a resolver that must not be asked.
type noNames struct{ t *testing.T }

func (n noNames) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	n.t.Errorf("%s was looked up here", host)
	return nil, errors.New("no look-ups here")
}

func (n noNames) LookupSRV(_ context.Context, _, _, name string) (string, []*net.SRV, error) {
	n.t.Errorf("the SRV records of %s were looked up here", name)
	return "", nil, errors.New("no look-ups here")
}

// TestThroughProxy: behind a SOCKS5 proxy every place is a name that the proxy
// looks up; nothing is looked up here.
func TestThroughProxy(t *testing.T) {
	proxy := newRefusingProxy(t)
	job := explore.Job{Ports: []int{443}, Job: xmppcore.Job{Proxy: "socks5://" + proxy.address, Lookup: noNames{t},
		Reading: urlspec.Reading{Accepted: true, LoginJID: "alice@example.test", StreamTo: "example.test",
			Host:    "example.test",
			TCPHost: "im.example.test", Port: 5222, Mode: urlspec.ModeSTARTTLS, CTO: 10, RTO: 10}}}
	cells, err := explore.Run(t.Context(), job, nil)
	if err != nil {
		t.Fatal(err)
	}
	var places []string
	for _, c := range cells {
		if c.Mode != "" || c.Failure == nil || c.Failure.Cause != event.CauseRefused {
			t.Errorf("%s %s: %+v", c.Address, c.Mode, c.Failure)
		}
		places = append(places, c.Address)
	}
	want := []string{"im.example.test:5222", "im.example.test:443", "example.test:5222", "example.test:443"}
	if !slices.Equal(places, want) {
		t.Errorf("places %q, want %q", places, want)
	}
	proxy.mu.Lock()
	defer proxy.mu.Unlock()
	slices.Sort(proxy.asked)
	slices.Sort(want)
	if !slices.Equal(proxy.asked, want) {
		t.Errorf("the proxy was asked for %q, want %q", proxy.asked, want)
	}
}
