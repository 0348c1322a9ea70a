package xmppcore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"xmppscope/xmppcore/event"
)

// nameTable is a Resolver from tables. A name that is missing does not exist.
type nameTable struct {
	ips  map[string][]string
	srv  map[string][]*net.SRV // by service
	fail error                 // for addresses
	hang bool                  // SRV look-ups end with their context only
}

func (n nameTable) LookupNetIP(ctx context.Context, _, host string) ([]netip.Addr, error) {
	if n.fail != nil {
		return nil, n.fail
	}
	var out []netip.Addr
	for _, ip := range n.ips[host] {
		out = append(out, netip.MustParseAddr(ip))
	}
	if out == nil {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return out, ctx.Err()
}

func (n nameTable) LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error) {
	if n.hang {
		<-ctx.Done()
		return "", nil, ctx.Err()
	}
	if records := n.srv[service]; records != nil {
		return "", records, nil
	}
	return "", nil, &net.DNSError{Err: "no such host", Name: "_" + service + "._" + proto + "." + name, IsNotFound: true}
}

// told collects a run's events as lines: "tcp 127.0.0.1:5 start".
type told struct {
	mu     sync.Mutex
	events []event.Event
}

func (l *told) recorder() *recorder {
	return newRecorder(event.Trace{Event: func(e event.Event) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.events = append(l.events, e)
	}}, Job{})
}

func (l *told) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []string
	for _, e := range l.events {
		s := string(e.Stage)
		if e.Item != "" {
			s += " " + e.Item
		}
		s += " " + string(e.State)
		if e.Failure != nil {
			s += " " + string(e.Failure.Cause)
		}
		out = append(out, s)
	}
	return out
}

// last is the last event of a stage.
func (l *told) last(stage event.Stage) event.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	var last event.Event
	for _, e := range l.events {
		if e.Stage == stage {
			last = e
		}
	}
	return last
}

// listen opens a port on loopback and accepts until the test ends.
func listen(t *testing.T) (port int) {
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
			done.Go(func() { // until the other side is through
				defer conn.Close()
				_, _ = conn.Read(make([]byte, 1))
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		done.Wait()
	})
	return l.Addr().(*net.TCPAddr).Port
}

// closedPort is a port of loopback where nobody listens.
func closedPort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// TestMain looks for goroutines that are left when all tests have ended. Those
// with real servers run at the same time and cannot look for their own.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestDialAddress(t *testing.T) {
	port := listen(t)
	var log told
	conn, place, failure := dial(t.Context(), Job{}, destination{Host: "127.0.0.1", Port: port}, nil, log.recorder())
	if failure != nil {
		t.Fatal(failure)
	}
	defer conn.Close()
	address := "127.0.0.1:" + strconv.Itoa(port)
	want := []string{"tcp start", "tcp " + address + " start", "tcp " + address + " ok", "tcp ok"}
	if d := cmp.Diff(want, log.lines()); d != "" {
		t.Errorf("events (-want +got):\n%s", d)
	}
	data := event.TCP{Host: "127.0.0.1", Port: port, Address: address, Local: conn.LocalAddr().String()}
	if d := cmp.Diff(event.Data(data), log.last(event.StageTCP).Data); d != "" {
		t.Errorf("data (-want +got):\n%s", d)
	}
	again, failure := place.dial(t.Context())
	if failure != nil || again.RemoteAddr().String() != conn.RemoteAddr().String() {
		t.Fatalf("another connection: %v", failure)
	}
	again.Close()
}

// TestDialFallsBack: a refused address is a warning, the next one follows at
// once, and the run has not failed.
func TestDialFallsBack(t *testing.T) {
	port := listen(t)
	var log told
	rec := log.recorder()
	job := Job{Lookup: nameTable{ips: map[string][]string{"xmpp.example.test": {"127.0.0.7", "127.0.0.7", "127.0.0.1"}}}}
	conn, _, failure := dial(t.Context(), job, destination{Host: "xmpp.example.test", Port: port}, nil, rec)
	if failure != nil {
		t.Fatal(failure)
	}
	defer conn.Close()
	want := []string{"dns start", "dns ok", "tcp start",
		fmt.Sprintf("tcp 127.0.0.7:%d start", port), fmt.Sprintf("tcp 127.0.0.7:%d warn connection-refused", port),
		fmt.Sprintf("tcp 127.0.0.1:%d start", port), fmt.Sprintf("tcp 127.0.0.1:%d ok", port), "tcp ok"}
	if d := cmp.Diff(want, log.lines()); d != "" {
		t.Errorf("events (-want +got):\n%s", d)
	}
	if rec.failure() != nil {
		t.Errorf("the run failed: %v", rec.failure())
	}
}

// TestDialStaggers: an address that keeps silent does not keep the next one
// from being tried, and is given up when that one answers.
func TestDialStaggers(t *testing.T) {
	port := listen(t)
	silent := make(chan struct{})
	job := Job{
		Lookup: nameTable{ips: map[string][]string{"xmpp.example.test": {"2001:db8::1", "192.0.2.1", "192.0.2.2",
			"2001:db8::2"}}},
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			switch {
			case strings.HasPrefix(address, "[2001:db8::1]"):
				<-ctx.Done()
				close(silent)
				return nil, ctx.Err()
			case strings.HasPrefix(address, "192.0.2.1:"):
				return new(net.Dialer).DialContext(ctx, network, fmt.Sprintf("127.0.0.1:%d", port))
			}
			return nil, fmt.Errorf("%s must not be tried", address)
		},
	}
	var log told
	conn, place, failure := dial(t.Context(), job, destination{Host: "xmpp.example.test", Port: 5222}, nil, log.recorder())
	if failure != nil {
		t.Fatal(failure)
	}
	defer conn.Close()
	<-silent
	want := []string{"dns start", "dns ok", "tcp start", "tcp [2001:db8::1]:5222 start", "tcp 192.0.2.1:5222 start",
		"tcp 192.0.2.1:5222 ok", "tcp [2001:db8::1]:5222 skip", "tcp ok"}
	if d := cmp.Diff(want, log.lines()); d != "" {
		t.Errorf("events (-want +got):\n%s", d)
	}
	if place.Address != "192.0.2.1:5222" {
		t.Errorf("place %q", place.Address)
	}
}

// TestDialTriesTheRest: a check tells of the addresses that the session did not need.
// One that is refused is no fault, since Apprise goes on to the next.
func TestDialTriesTheRest(t *testing.T) {
	job := Job{Lookup: nameTable{ips: map[string][]string{"h": {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"}}},
		Dial: func(ctx context.Context, _, address string) (net.Conn, error) {
			switch {
			case strings.HasPrefix(address, "192.0.2.2:"):
				<-ctx.Done()
				return nil, ctx.Err()
			case strings.HasPrefix(address, "192.0.2.3:"):
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
			}
			conn, peer := net.Pipe()
			t.Cleanup(func() { peer.Close() })
			return conn, nil
		}}
	for _, thorough := range []bool{false, true} {
		var log told
		rec := log.recorder()
		beside := newAside(t.Context(), rec)
		beside.thorough = thorough
		conn, _, failure := dial(t.Context(), job, destination{Host: "h", Port: 1}, beside, rec)
		if failure != nil {
			t.Fatal(failure)
		}
		conn.Close()
		beside.await(t.Context(), 2*staggerDelay) // long enough to tell
		beside.stop()
		got := strings.Join(log.lines(), "\n")
		for _, line := range []string{"192.0.2.2:1 warn timeout", "192.0.2.3:1 skip", "192.0.2.4:1 ok"} {
			if strings.Contains(got, line) != thorough {
				t.Errorf("thorough %v, %q:\n%s", thorough, line, got)
			}
		}
	}
}

// TestDialSecondWinner: of two connections that both succeed one is closed.
func TestDialSecondWinner(t *testing.T) {
	late, peer := net.Pipe()
	defer peer.Close()
	first, other := net.Pipe()
	defer other.Close()
	job := Job{
		Lookup: nameTable{ips: map[string][]string{"h": {"192.0.2.1", "192.0.2.2"}}},
		Dial: func(ctx context.Context, _, address string) (net.Conn, error) {
			if strings.HasPrefix(address, "192.0.2.1:") {
				<-ctx.Done() // it lost, but connects all the same
				return late, nil
			}
			return first, nil
		},
	}
	var log told
	conn, _, failure := dial(t.Context(), job, destination{Host: "h", Port: 1}, nil, log.recorder())
	if failure != nil || conn != first {
		t.Fatalf("%v, %v", conn, failure)
	}
	conn.Close()
	if _, err := late.Write([]byte("x")); err == nil {
		t.Error("the second connection is still open")
	}
}

func TestDialFailures(t *testing.T) {
	closed := closedPort(t)
	blocked := func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	answer := func(err error) func(context.Context, string, string) (net.Conn, error) {
		return func(_ context.Context, _, address string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
		}
	}
	mixed := func(_ context.Context, _, address string) (net.Conn, error) {
		if strings.HasPrefix(address, "[") {
			return nil, fmt.Errorf("dial %s: %w", address, syscall.ENETUNREACH)
		}
		return nil, fmt.Errorf("dial %s: %w", address, syscall.ECONNREFUSED)
	}
	both := nameTable{ips: map[string][]string{"h": {"2001:db8::1", "192.0.2.1"}}}
	for _, test := range []struct {
		name   string
		job    Job
		plan   destination
		cancel bool
		stage  event.Stage
		cause  event.Cause
		detail string
	}{
		{"refused", Job{}, destination{Host: "127.0.0.1", Port: closed}, false, event.StageTCP, event.CauseRefused,
			"refused"},
		{"unreachable", Job{Dial: answer(syscall.ENETUNREACH)}, destination{Host: "192.0.2.1", Port: 1}, false,
			event.StageTCP, event.CauseUnreachable, "unreachable"},
		{"reset", Job{Dial: answer(syscall.ECONNRESET)}, destination{Host: "192.0.2.1", Port: 1}, false, event.StageTCP,
			event.CauseClosed, "reset"},
		{"system timeout", Job{Dial: answer(syscall.ETIMEDOUT)}, destination{Host: "192.0.2.1", Port: 1}, false,
			event.StageTCP, event.CauseTimeout, "timed out"},
		{"silence", Job{Dial: blocked}, destination{Host: "192.0.2.1", Port: 1}, false, event.StageTCP, event.CauseTimeout,
			""},
		{"cancelled", Job{Dial: blocked}, destination{Host: "192.0.2.1", Port: 1}, true, event.StageTCP, event.CauseCancelled,
			""},
		{"all addresses", Job{Dial: mixed, Lookup: both}, destination{Host: "h", Port: 1}, false, event.StageTCP,
			event.CauseRefused, "unreachable"},
		{"port 0", Job{}, destination{Host: "127.0.0.1"}, false, event.StageTCP, event.CauseUnreachable, "no port 0"},
		{"port 65536", Job{}, destination{Host: "127.0.0.1", Port: 65536}, false, event.StageTCP, event.CauseUnreachable,
			"no port 65536"},
		{"no such host", Job{Lookup: nameTable{}}, destination{Host: "gone.example", Port: 1}, false, event.StageDNS,
			event.CauseNoSuchHost, "no such host"},
		{"no address", Job{Lookup: nameTable{ips: map[string][]string{"empty.example": {}}}},
			destination{Host: "empty.example", Port: 1}, false, event.StageDNS, event.CauseNoSuchHost, ""},
		{"servfail", Job{Lookup: nameTable{fail: &net.DNSError{Err: "server misbehaving", IsTemporary: true}}},
			destination{Host: "x.example", Port: 1}, false, event.StageDNS, event.CauseDNS, "misbehaving"},
		{"dns timeout", Job{Lookup: nameTable{fail: &net.DNSError{Err: "i/o timeout", IsTimeout: true}}},
			destination{Host: "x.example", Port: 1}, false, event.StageDNS, event.CauseTimeout, ""},
		{"dns cancelled", Job{Lookup: nameTable{fail: errors.New("operation was canceled")}},
			destination{Host: "x.example", Port: 1}, true, event.StageDNS, event.CauseCancelled, ""},
		{"hostile name", Job{Lookup: nameTable{fail: errors.New("a\x1b[31m\u202e")}},
			destination{Host: "x\n.example", Port: 1}, false, event.StageDNS, event.CauseDNS, `a\u001b[31m\u202e`},
	} {
		limit := time.Minute // a busy machine may take long for the others
		if test.name == "silence" {
			limit = 50 * time.Millisecond
		}
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		if test.cancel {
			cancel()
		}
		var log told
		conn, _, failure := dial(ctx, test.job, test.plan, nil, log.recorder())
		cancel()
		if conn != nil || failure == nil || failure.Stage != test.stage || failure.Cause != test.cause ||
			!strings.Contains(failure.Detail, test.detail) {
			t.Errorf("%s: %v, %+v", test.name, conn, failure)
			continue
		}
		if last := log.last(test.stage); last.State != event.Fail || last.Item != "" || last.Failure.Cause != test.cause ||
			last.Data == nil {
			t.Errorf("%s: last event %+v", test.name, last)
		}
		if (failure.Cause == event.CauseTimeout) != (failure.Waiting != "") {
			t.Errorf("%s: waiting for %q", test.name, failure.Waiting)
		}
	}
}

func TestInterleave(t *testing.T) {
	parse := func(list ...string) (out []netip.Addr) {
		for _, s := range list {
			out = append(out, netip.MustParseAddr(s))
		}
		return out
	}
	for _, test := range []struct{ in, want []netip.Addr }{
		{nil, nil},
		{parse("::1"), parse("::1")},
		{parse("::1", "::2", "::3", "1.1.1.1"), parse("::1", "1.1.1.1", "::2", "::3")},
		{parse("1.1.1.1", "1.1.1.2", "::1"), parse("1.1.1.1", "::1", "1.1.1.2")},
		{parse("::ffff:1.1.1.1", "1.1.1.1", "::1"), parse("1.1.1.1", "::1")},
	} {
		if got, left := interleave(test.in); left != 0 || fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("%v: %v, want %v", test.in, got, test.want)
		}
	}
	var many []netip.Addr
	for i := range 100 {
		many = append(many, netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}))
	}
	if got, left := interleave(append(many, many...)); len(got) != maxAddresses || left != len(many)-maxAddresses {
		t.Errorf("%d addresses, and %d more", len(got), left)
	}
}
