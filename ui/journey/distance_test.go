//go:build servers

package journey

import (
	"net"
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
