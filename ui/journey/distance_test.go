//go:build servers

package journey

import (
	"io"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// distance is a relay on loopback that makes a server distant: what goes through it
// arrives later, in either direction. It counts how often its latest client got an
// answer: something that reached it after it had written. TCP's own round trip, which
// is the same for everybody, is at no distance.
type distance struct {
	listener net.Listener
	delay    time.Duration
	answers  atomic.Int64
}

// newDistance puts a delay each way before the port of a server on loopback.
func newDistance(t testing.TB, to string, delay time.Duration) *distance {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &distance{listener: listener, delay: delay}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() { d.connect(client, to) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		all.Wait()
	})
	return d
}

func (d *distance) port() int { return d.listener.Addr().(*net.TCPAddr).Port }

// measuredRoundTrip is what a round trip really takes at such a distance: the median of
// a few, with nobody but an echo at the other end.
func measuredRoundTrip(b *testing.B, delay time.Duration) time.Duration {
	b.Helper()
	echo, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer echo.Close()
	go func() {
		if conn, err := echo.Accept(); err == nil {
			defer conn.Close()
			_, _ = io.Copy(conn, conn)
		}
	}()
	far := newDistance(b, echo.Addr().String(), delay)
	conn, err := net.Dial("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(far.port())))
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	var took []time.Duration
	for range 15 {
		began := time.Now()
		if _, err := conn.Write([]byte("?")); err != nil {
			b.Fatal(err)
		}
		if _, err := conn.Read(make([]byte, 1)); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	return median(took)
}

// connect carries a client's connection until either side ends it.
func (d *distance) connect(client net.Conn, to string) {
	defer client.Close()
	server, err := net.Dial("tcp4", to)
	if err != nil {
		return
	}
	defer server.Close()
	d.answers.Store(0)
	var asked atomic.Bool
	var both sync.WaitGroup
	both.Go(func() { d.carry(server, client, func() { asked.Store(true) }, func() {}) })
	both.Go(func() {
		d.carry(client, server, func() {}, func() {
			if asked.Swap(false) {
				d.answers.Add(1)
			}
		})
	})
	both.Wait()
}

// carry carries one direction. Each piece leaves when its time has come; came and
// leaves are called before.
func (d *distance) carry(to, from net.Conn, came, leaves func()) {
	type piece struct {
		bytes []byte
		due   time.Time
	}
	pieces := make(chan piece, 4096)
	go func() {
		defer close(pieces)
		for buf := make([]byte, 64<<10); ; {
			n, err := from.Read(buf)
			if n > 0 {
				came()
				pieces <- piece{append([]byte(nil), buf[:n]...), time.Now().Add(d.delay)}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range pieces {
		time.Sleep(time.Until(p.due)) // this is the distance
		leaves()
		if _, err := to.Write(p.bytes); err != nil {
			from.Close()
		}
	}
	_ = to.(*net.TCPConn).CloseWrite()
}
