//go:build unix

package plain

import (
	"errors"
	"io"
	"os"
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

// TestLintOnce: a file with several names, or named several times, is read and
// fixed once.
func TestLintOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, hard, soft := filepath.Join(dir, "a.txt"), filepath.Join(dir, "b.txt"), filepath.Join(dir, "c.txt")
	if err := os.WriteFile(file, []byte("u: xmpps://alice:p@ss@example.com\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Link(file, hard), os.Symlink(file, soft)); err != nil {
		t.Fatal(err)
	}
	s, _, errs := testShell()
	code, err := s.Lint(t.Context(), Lint{Files: []string{soft, file, dir, hard, file}, Fix: true})
	want := soft + ": fixed 1 URL; it has other names, so it was written in place\n1 URL in 1 of 1 file\n"
	if code != model.ExitDone || err != nil || errs.String() != want {
		t.Errorf("got exit code %d, %v and %q, want %q", code, err, errs, want)
	}
}

// TestLintEndless: a file that gives nothing and does not end, such as
// /proc/kmsg, is not waited for without end.
func TestLintEndless(t *testing.T) {
	t.Parallel()
	from, to := io.Pipe()
	defer to.Close()
	r := fileReader{}
	data, err := r.await(lintName{name: "kmsg"}, from)
	if data != nil || err == nil || !strings.Contains(err.Error(), "kmsg has no end") {
		t.Errorf("got %q and %v", data, err)
	}
}
