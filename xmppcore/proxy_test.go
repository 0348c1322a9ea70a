package xmppcore

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	diff "github.com/google/go-cmp/cmp"

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
	if d := diff.Diff(want, log.lines()); d != "" {
		t.Errorf("events (-want +got):\n%s", d)
	}
	if d := diff.Diff([]string{"xmpp.example.test:5222", "xmpp.example.test:5222"}, server.asked); d != "" {
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

// TestProxyFailures: what the proxy itself is at fault for is told apart from what
// it met at the target, and nothing tells its password.
func TestProxyFailures(t *testing.T) {
	refusing := func(code byte) string { return "socks5h://u:s3cr3t-canary@" + newSOCKS(t, "", code).address }
	answers := func(text string) string {
		return "socks5h://u:s3cr3t-canary@" + newAnswering(t, text)
	}
	gone := fmt.Sprintf("127.0.0.1:%d", closedPort(t))
	for _, test := range []struct {
		name, proxy, host string
		cause             event.Cause
		fault             event.ProxyFault
		detail            string
	}{
		{"dead", "SOCKS5h://" + gone, "", event.CauseProxy, event.ProxyDead, "connection refused"},
		{"rule", refusing(2), "", event.CauseProxy, event.ProxyRule, "rules"},
		{"target refused", refusing(5), "", event.CauseRefused, "", "connection refused"},
		{"no route to the target", refusing(3), "", event.CauseUnreachable, "", "network unreachable"},
		{"name unknown", refusing(4), "", event.CauseProxy, event.ProxyName, "host unreachable"},
		{"address unreachable", refusing(4), "192.0.2.1", event.CauseUnreachable, "", "host unreachable"},
		{"no connections", refusing(7), "", event.CauseProxy, "", "code 7, it does not make connections"},
		{"kind of address", refusing(8), "", event.CauseProxy, "", "code 8, it does not take this kind of address"},
		{"another refusal", refusing(9), "", event.CauseProxy, "", "code 9"},
		{"password refused", answers("\x05\x02\x01\x01"), "", event.CauseProxy, event.ProxyPassword, "refused the user"},
		{"hung up on the password", answers("\x05\x02"), "", event.CauseProxy, event.ProxyPassword, "refused the user"},
		{"no login in common", answers("\x05\xff"), "", event.CauseProxy, event.ProxyPassword, "no login that we know"},
		{"a web server", answers("HTTP/1.1 400 \r\n\r\n"), "", event.CauseProxy, event.ProxyNotSOCKS, "HT"},
		{"hangs up", answers(""), "", event.CauseProxy, event.ProxyNotSOCKS, "hung up"},
		{"hangs up on the request", answers("\x05\x00"), "", event.CauseProxy, "", "asked for the connection"},
		{"SOCKS4", "socks4://127.0.0.1:1080", "", event.CauseProxy, event.ProxyURL, "socks5:// and socks5h://"},
		{"unreadable", "socks5://user:s3cr3t-canary\x7f@h", "", event.CauseProxy, event.ProxyURL, "cannot be read"},
		{"empty", "socks5://", "", event.CauseProxy, event.ProxyURL, "cannot be read"},
		{"no URL", "nonsense", "", event.CauseProxy, event.ProxyURL, "cannot be read"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var log told
			_, _, failure := dial(t.Context(), Job{Proxy: test.proxy},
				destination{Host: cmp.Or(test.host, "xmpp.example.test"), Port: 5222}, nil, log.recorder())
			if failure == nil || failure.Cause != test.cause || failure.Proxy != test.fault ||
				!strings.Contains(failure.Detail, test.detail) {
				t.Errorf("%+v", failure)
			}
			if all := fmt.Sprintf("%+v %v", log.events, failure); strings.Contains(all, "s3cr3t") {
				t.Errorf("the proxy's password is told: %s", all)
			}
		})
	}
}

// TestProxyTargetSilent: a proxy that waits for a target that says nothing is none that
// says nothing itself.
func TestProxyTargetSilent(t *testing.T) {
	for name, test := range map[string]struct {
		says  string
		fault event.ProxyFault
	}{"target": {"\x05\x00", event.ProxyTarget}, "proxy": {"", ""}} {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		var served sync.WaitGroup
		served.Go(func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				served.Go(func() {
					defer conn.Close()
					_, _ = io.WriteString(conn, test.says)
					_, _ = io.Copy(io.Discard, conn)
				})
			}
		})
		var failure *event.Failure
		for _, limit := range []time.Duration{100, 1000, 5000} { // a busy machine needs longer to come to the request
			ctx, cancel := context.WithTimeout(t.Context(), limit*time.Millisecond)
			_, _, failure = dial(ctx, Job{Proxy: "socks5://" + l.Addr().String()},
				destination{Host: "xmpp.example.test", Port: 5222}, nil, new(told).recorder())
			cancel()
			if failure != nil && failure.Proxy == test.fault {
				break
			}
		}
		if failure == nil || failure.Cause != event.CauseTimeout || failure.Waiting != event.WaitProxy ||
			failure.Proxy != test.fault {
			t.Errorf("%s: %+v", name, failure)
		}
		l.Close()
		served.Wait()
	}
}

// TestProxyExcepted: NO_PROXY holds, and so does a proxy that is for the web alone;
// both are told.
func TestProxyExcepted(t *testing.T) {
	for _, test := range []struct{ proxy, except, says string }{
		{"socks5://192.0.2.9:1080", "example.test", "NO_PROXY excepts"},
		{"socks5://192.0.2.9:1080", "other.test,.example.test", "NO_PROXY excepts"},
		{"socks5://192.0.2.9:1080", "*", "NO_PROXY excepts"},
		{"HTTP://192.0.2.9:3128", "", "for the web"},
	} {
		var log told
		job := Job{Proxy: test.proxy, NoProxy: test.except,
			Lookup: nameTable{ips: map[string][]string{"xmpp.example.test": {"127.0.0.1"}}}}
		conn, _, failure := dial(t.Context(), job, destination{Host: "xmpp.example.test", Port: listen(t)}, nil,
			log.recorder())
		if failure != nil {
			t.Errorf("%+v: %v", test, failure)
			continue
		}
		conn.Close()
		said := slices.ContainsFunc(log.events, func(e event.Event) bool {
			return e.Item == "proxy" && e.State == event.Skip && strings.Contains(e.Text, test.says)
		})
		if !said {
			t.Errorf("%+v: nothing says so: %v", test, log.lines())
		}
	}
	if proxied, err := proxyOf(Job{Proxy: "socks5://192.0.2.9:1080", NoProxy: "other.test"},
		destination{Host: "example.test"}); proxied == nil || err != nil {
		t.Errorf("%v, %v", proxied, err)
	}
}

// newAnswering reads a little, answers with a text and hangs up.
func newAnswering(t *testing.T, text string) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var done sync.WaitGroup
	done.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			done.Go(func() {
				defer conn.Close()
				_, _ = conn.Read(make([]byte, 512))
				_, _ = conn.Write([]byte(text))
				if text != "" && text[0] == 5 && len(text) < 4 { // let the login come before the end
					_, _ = conn.Read(make([]byte, 512))
				}
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		done.Wait()
	})
	return l.Addr().String()
}
