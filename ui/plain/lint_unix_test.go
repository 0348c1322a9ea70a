//go:build unix

package plain

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"xmppscope/model"
)

// TestLintSpecialFiles: a device is not even opened, and a pipe is not waited
// for without end.
func TestLintSpecialFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"/dev/null": "is no regular file\n", "/dev/zero": "is no regular file\n",
		fifo: "is a pipe that nobody writes to\n"} {
		s, _, errs := testShell()
		code, err := s.Lint(t.Context(), Lint{Files: []string{name}, Fix: true})
		if code != model.ExitUsage || err != nil || !strings.Contains(errs.String(), want) {
			t.Errorf("%s: got exit code %d, %v and %q", name, code, err, errs)
		}
	}
	openPipe(t, fifo).Close() // what still waits to open it ends
	s, _, errs := testShell()
	if code, err := s.Lint(t.Context(), Lint{Files: []string{dir}}); code != model.ExitDone || err != nil {
		t.Errorf("a folder with a FIFO: got exit code %d, %v and %q", code, err, errs)
	}
}
