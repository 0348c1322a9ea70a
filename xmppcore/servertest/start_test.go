//go:build servers

package servertest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestPortTaken: whichever of its ports is taken, a server that logs that it
// could not open a port, and runs on without it, does not count as started.
func TestPortTaken(t *testing.T) {
	t.Parallel()
	type attempt func(context.Context, testing.TB, Options, ports) (*Server, error)
	attempts := map[string]attempt{"prosody": prosody012(t).attempt, "ejabberd": ejabberd2301(t).attempt}
	if withNewer {
		attempts["prosody-13"], attempts["ejabberd-26"] = prosody13(t).attempt, ejabberd26(t).attempt
	}
	for name, attempt := range attempts {
		for taken := range len(ports{}) {
			t.Run(fmt.Sprint(name, ", port number ", taken), func(t *testing.T) {
				t.Parallel()
				free := freePorts(t)
				listener, err := net.Listen("tcp", address(free[taken]))
				if err != nil {
					t.Fatal(err)
				}
				defer listener.Close()
				ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
				defer cancel()
				if _, err := attempt(ctx, t, Options{}, free); !isPortTaken(err) {
					t.Errorf("started with %v", err)
				}
			})
		}
	}
}

// TestStartAgain: a taken port leads to another attempt with other ports, any
// other error does not.
func TestStartAgain(t *testing.T) {
	t.Parallel()
	var seen []ports
	server := Prosody(t, Options{})
	got := start(t, func(_ context.Context, ports ports) (*Server, error) {
		if seen = append(seen, ports); len(seen) == 1 {
			return nil, errPortTaken
		}
		return server, nil
	})
	if got != server || len(seen) != 2 || seen[0] == seen[1] {
		t.Errorf("attempts with the ports %v gave %v", seen, got)
	}
}

// TestStubbornChild: waiting for a child ends with its context, and a child
// that ignores SIGTERM is stopped all the same.
func TestStubbornChild(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	silent := exec.Command("tail", "-f", "/dev/null")
	if err := beginServer(ctx, t, "silent", silent); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for a child that says nothing ended with %v", err)
	}

	stubborn, err := begin(t, "stubborn",
		exec.Command("sh", "-c", "trap '' TERM; echo "+readyLine+"; exec tail -f /dev/null"))
	if err != nil {
		t.Fatal(err)
	}
	<-stubborn.log.ready
	stubborn.stop(t, time.Millisecond)
	if status := stubborn.cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signal() != syscall.SIGKILL {
		t.Errorf("a child that ignores SIGTERM ended with %v", status)
	}

	brief := exec.Command("sh", "-c", "echo no; exit 3")
	if err := beginServer(t.Context(), t, "brief", brief); err == nil ||
		!strings.Contains(err.Error(), "ended before it was ready") {
		t.Errorf("waiting for a child that ends gave %v", err)
	}
}

// beginServer starts cmd and waits until it says readyLine.
func beginServer(ctx context.Context, t testing.TB, name string, cmd *exec.Cmd) error {
	t.Helper()
	p, err := begin(t, name, cmd)
	if err != nil {
		return err
	}
	return p.await(ctx, t)
}
