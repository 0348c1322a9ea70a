//go:build servers

package servertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// readyLine is what a server's start script prints when users and rooms are
// made and the ports are open.
const readyLine = "servertest ready"

// stopTimeout is how long a server may take to end after SIGTERM. ejabberd
// needs one second.
const stopTimeout = 10 * time.Second

// process is a running child. It ends with the test: by force, since nobody
// looks at what it leaves behind, or politely, with its last words in the log,
// when the test has failed.
type process struct {
	name   string
	cmd    *exec.Cmd
	log    *logbook
	exited chan struct{} // closed when it has ended
}

// begin starts cmd.
func begin(t testing.TB, name string, cmd *exec.Cmd) (*process, error) {
	t.Helper()
	p := &process{name: name, cmd: cmd, exited: make(chan struct{}), log: newLogbook()}
	cmd.Stdout, cmd.Stderr = p.log, p.log
	// A child must not outlive a test binary that was killed, and a grandchild
	// that keeps the pipe open must not keep Wait.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.WaitDelay = stopTimeout
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", name, err)
	}
	go func() {
		defer close(p.exited)
		_ = cmd.Wait() // how it ended is told by its log
	}()
	t.Cleanup(func() {
		if !t.Failed() {
			_ = p.cmd.Process.Kill() // an error means that it has ended
		}
		p.stop(t, stopTimeout)
		if t.Failed() {
			t.Logf("log of %s:\n%s", name, p.log)
		}
	})
	return p, nil
}

// await waits until the process says readyLine.
func (p *process) await(ctx context.Context, t testing.TB) error {
	t.Helper()
	select {
	case <-p.log.ready:
		return nil
	case <-p.log.portTaken:
		p.stop(t, stopTimeout)
		return fmt.Errorf("%s: %w; its log:\n%s", p.name, errPortTaken, p.log)
	case <-p.exited:
		return fmt.Errorf("%s ended before it was ready; its log:\n%s", p.name, p.log)
	case <-ctx.Done():
		return fmt.Errorf("%s was not ready in time: %w; its log:\n%s", p.name, context.Cause(ctx), p.log)
	}
}

// stop ends the process politely and, after grace, by force. It may be called
// twice.
func (p *process) stop(t testing.TB, grace time.Duration) {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err == nil {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-p.exited:
			return
		case <-timer.C:
			t.Logf("servertest: %s did not end within %v of SIGTERM and is killed", p.name, grace)
		}
		_ = p.cmd.Process.Kill() // an error means that it has just ended
	}
	<-p.exited
}

// find looks up a command and ends the test with a plain sentence when its
// Debian package is not installed.
func find(t testing.TB, command, debianPackage string) string {
	t.Helper()
	path, err := exec.LookPath(command)
	if errors.Is(err, exec.ErrNotFound) {
		path, err = exec.LookPath("/usr/sbin/" + command)
	}
	if err != nil {
		t.Fatalf("servertest: %s is not installed: install the Debian package %s", command, debianPackage)
	}
	return path
}

// newer looks up a command or a folder of the newer releases, which are not
// installed but fetched.
func newer(t testing.TB, name string) string {
	t.Helper()
	path := inModule(t, ".cache", "servers", name)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("servertest: %v: fetch the newer servers with `make test-servers`", err)
	}
	return path
}
