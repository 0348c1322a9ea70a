//go:build unix

package ui

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// ctrl+z gives the terminal back and stops the program; continued, it draws
// itself anew and takes keys. The program is this test binary, see TestMain.
func TestSuspendAndResume(t *testing.T) {
	x := newSilent(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asProgram+"=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = x.slave, x.slave, x.slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // the stop signal is for its whole group
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	wait := func() (status syscall.WaitStatus) {
		for {
			_, err := syscall.Wait4(cmd.Process.Pid, &status, syscall.WUNTRACED, nil)
			if err == nil {
				return status
			}
			if err != syscall.EINTR {
				t.Fatal(err)
			}
		}
	}
	x.see(0, "Nothing has run yet.")
	x.press("\x1a")
	if status := wait(); !status.Stopped() {
		t.Fatalf("ctrl+z does not stop it: %v", status)
	}
	x.see(0, "\x1b[?1049l")
	x.handedBack()
	mark := len(x.text())
	if err := syscall.Kill(cmd.Process.Pid, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	x.see(mark, "Nothing has run yet.")
	x.press("\x03")
	if status := wait(); !status.Exited() || status.ExitStatus() != 0 {
		t.Errorf("it ends with %v", status)
	}
	x.handedBack()
}
