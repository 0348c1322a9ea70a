//go:build unix

package plain

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"xmppscope/model"
)

// TestLintSpecialFiles: what is no regular file is not even opened.
func TestLintSpecialFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{fifo, "/dev/null", "/dev/zero"} {
		s, _, errs := testShell()
		code, err := s.Lint(t.Context(), Lint{Files: []string{name}, Fix: true})
		if code != model.ExitUsage || err != nil || !strings.Contains(errs.String(), "is no regular file\n") {
			t.Errorf("%s: got exit code %d, %v and %q", name, code, err, errs)
		}
	}
	s, _, errs := testShell()
	if code, err := s.Lint(t.Context(), Lint{Files: []string{dir}}); code != model.ExitDone || err != nil {
		t.Errorf("a folder with a FIFO: got exit code %d, %v and %q", code, err, errs)
	}
}
