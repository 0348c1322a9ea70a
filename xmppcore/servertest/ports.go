//go:build servers

package servertest

import (
	"errors"
	"math/rand/v2"
	"net"
	"testing"
)

// errPortTaken is the start of a server whose port is in use.
var errPortTaken = errors.New("a port was taken by another program")

// ports are those of a server: for STARTTLS, for direct TLS, the plain one, and
// the one for components (XEP-0114).
type ports [4]int

func isPortTaken(err error) bool { return errors.Is(err, errPortTaken) }

// freePorts gives ports of 127.0.0.1 on which nobody listens. They lie
// below the range from which the kernel gives source ports (32768 on Linux),
// so that no outgoing connection of a test can sit on one of them, and are
// drawn by lot, so that two tests rarely draw the same.
func freePorts(t testing.TB) ports {
	t.Helper()
	const first, last = 12000, 32000
	var free ports
	found := 0
	for range 1000 {
		listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: first + rand.IntN(last-first)})
		if err != nil {
			continue
		}
		// Closed only when all are found, so that none is drawn twice.
		defer listener.Close()
		free[found] = listener.Addr().(*net.TCPAddr).Port
		if found++; found == len(free) {
			return free
		}
	}
	t.Fatal("servertest: no free port on 127.0.0.1")
	return free
}
