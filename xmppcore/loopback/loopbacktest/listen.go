package loopbacktest

import (
	"net"
	"sync"
	"testing"
)

// Listen serves each connection to a port of its own, which it returns, until the test
// ends. Every connection is closed when serve returns.
func Listen(t testing.TB, serve func(net.Conn)) (port int) {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				defer conn.Close()
				serve(conn)
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		open.Wait()
	})
	return listener.Addr().(*net.TCPAddr).Port
}
