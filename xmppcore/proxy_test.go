package xmppcore

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xmppscope/xmppcore/event"
)

// socksServer is a SOCKS5 server (RFC 1928) without authentication. It
// connects everything to one place, or answers with a refusal.
type socksServer struct {
	address string

	mu    sync.Mutex
	asked []string
}

// newSOCKS serves until the test ends; refuse is the reply code, 0 to connect
// to target.
func newSOCKS(t *testing.T, target string, refuse byte) *socksServer {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &socksServer{address: l.Addr().String()}
	var done sync.WaitGroup
	done.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			done.Go(func() {
				defer conn.Close()
				if err := s.serve(conn, target, refuse); err != nil && err != io.EOF {
					t.Error("proxy:", err)
				}
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		done.Wait()
	})
	return s
}

func (s *socksServer) serve(conn net.Conn, target string, refuse byte) error {
	head := make([]byte, 2)
	if _, err := io.ReadFull(conn, head); err != nil {
		return err
	}
	if _, err := io.ReadFull(conn, make([]byte, head[1])); err != nil {
		return err
	}
	if _, err := conn.Write([]byte{5, 0}); err != nil {
		return err
	}
	request := make([]byte, 5) // version, connect, 0, type, length
	if _, err := io.ReadFull(conn, request); err != nil {
		return err
	}
	name := []byte{request[4]}
	size := 3
	if request[3] == 3 {
		name, size = nil, int(request[4])
	}
	rest := make([]byte, size+2)
	if _, err := io.ReadFull(conn, rest); err != nil {
		return err
	}
	name = append(name, rest[:size]...)
	host := string(name)
	if request[3] == 1 {
		host = net.IP(name).String()
	}
	s.mu.Lock()
	s.asked = append(s.asked, fmt.Sprintf("%s:%d", host, binary.BigEndian.Uint16(rest[size:])))
	s.mu.Unlock()
	if _, err := conn.Write([]byte{5, refuse, 0, 1, 0, 0, 0, 0, 0, 0}); err != nil || refuse != 0 {
		return err
	}
	upstream, err := net.Dial("tcp", target)
	if err != nil {
		return err
	}
	defer upstream.Close()
	_, err = io.Copy(upstream, conn)
	return err
}

// TestProxyResolves: the proxy gets the name, nothing is looked up here, and
// SRV is not asked either.
func TestProxyResolves(t *testing.T) {
	server := newSOCKS(t, fmt.Sprintf("127.0.0.1:%d", listen(t)), 0)
	job := Job{Proxy: "socks5://alice:s3cr3t-canary@" + server.address,
		Lookup: nameTable{hang: true, fail: io.ErrUnexpectedEOF}}
	p := destination{Host: "xmpp.example.test", Reference: "example.test", Port: 5222}
	var log told
	rec := log.recorder()
	if a := adviseSRV(t.Context(), job, p, rec); a != nil {
		t.Error("SRV is looked up past the proxy")
		a.stop()
	}
	conn, place, failure := dial(t.Context(), job, p, nil, rec)
	if failure != nil {
		t.Fatal(failure)
	}
	conn.Close()
	again, failure := place.dial(t.Context())
	if failure != nil {
		t.Fatal(failure)
	}
	again.Close()
	want := []string{"dns start", "dns skip", "tcp start", "tcp proxy ok", "tcp xmpp.example.test:5222 start",
		"tcp xmpp.example.test:5222 ok", "tcp ok"}
	if d := cmp.Diff(want, log.lines()); d != "" {
		t.Errorf("events (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"xmpp.example.test:5222", "xmpp.example.test:5222"}, server.asked); d != "" {
		t.Errorf("asked (-want +got):\n%s", d)
	}
	if data := log.last(event.StageTCP).Data.(event.TCP); data.Proxy != server.address ||
		data.Address != "xmpp.example.test:5222" {
		t.Errorf("data %+v", data)
	}
	if all := fmt.Sprintf("%+v", log.events); strings.Contains(all, "s3cr3t") {
		t.Errorf("the proxy's password is told: %s", all)
	}
}

// TestProxyNotForLoopback: whatever is on this machine is dialled as it is.
func TestProxyNotForLoopback(t *testing.T) {
	port := listen(t)
	server := newSOCKS(t, "", 1)
	for _, host := range []string{"127.0.0.1", "localhost", "Xmpp.LOCALHOST."} {
		job := Job{Proxy: "socks5://" + server.address, Lookup: nameTable{ips: map[string][]string{
			"localhost": {"127.0.0.1"}, "xmpp.localhost.": {"127.0.0.1"}}}}
		var log told
		conn, _, failure := dial(t.Context(), job, destination{Host: host, Port: port}, nil, log.recorder())
		if failure != nil {
			t.Errorf("%s: %v", host, failure)
			continue
		}
		conn.Close()
		if all := strings.Join(log.lines(), "\n"); !strings.Contains(all, "tcp proxy skip") {
			t.Errorf("%s: nothing says that the proxy is not used:\n%s", host, all)
		}
	}
	if len(server.asked) != 0 {
		t.Errorf("the proxy was asked for %v", server.asked)
	}
}

func TestProxyFailures(t *testing.T) {
	refusing := newSOCKS(t, "", 5)
	gone := fmt.Sprintf("127.0.0.1:%d", closedPort(t))
	for _, test := range []struct{ proxy, detail string }{
		{"socks5://" + refusing.address, "connection refused"},
		{"socks5h://" + gone, "connection refused"},
		{"http://127.0.0.1:3128", "http://, we know socks5://"},
		{"socks5://user:s3cr3t-canary\x7f@h", "cannot be read"},
		{"socks5://", "cannot be read"},
		{"nonsense", "cannot be read"},
	} {
		var log told
		_, _, failure := dial(t.Context(), Job{Proxy: test.proxy}, destination{Host: "192.0.2.1", Port: 5222}, nil,
			log.recorder())
		if failure == nil || failure.Cause != event.CauseProxy || !strings.Contains(failure.Detail, test.detail) {
			t.Errorf("%q: %v, want %q", test.proxy, failure, test.detail)
		}
		if all := fmt.Sprintf("%+v %v", log.events, failure); strings.Contains(all, "s3cr3t") {
			t.Errorf("the proxy's password is told: %s", all)
		}
	}
	if d := cmp.Diff([]string{"192.0.2.1:5222"}, refusing.asked); d != "" {
		t.Errorf("asked (-want +got):\n%s", d)
	}
}
