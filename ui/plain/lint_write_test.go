package plain

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// replaceContent reads a file as lint does, and replaces its content.
func replaceContent(t *testing.T, name, content string, between func()) (aside string, err error) {
	t.Helper()
	r := fileReader{}
	data, info, err := r.read(lintName{name: name})
	if err != nil {
		t.Fatal(err)
	}
	if between != nil {
		between()
	}
	s, _, _ := testShell()
	w := &fileWriter{hold: s.hold}
	return w.replace(t.Context(), name, data, []byte(content), info)
}

// TestReplace: permissions stay, a symbolic link stays one, and nothing is
// left beside the file.
func TestReplace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	writeText(t, file, "old")
	for _, mode := range []os.FileMode{0o600, 0o640, 0o755} {
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		if aside, err := replaceContent(t, file, "new "+mode.String(), nil); err != nil || aside != "" {
			t.Fatalf("got %q, %v", aside, err)
		}
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != mode {
			t.Errorf("the permissions became %v, they were %v", info.Mode().Perm(), mode)
		}
		wantText(t, file, "new "+mode.String())
	}
	if err := os.Symlink("file", link); err != nil {
		t.Fatal(err)
	}
	if _, err := replaceContent(t, link, "through the link", nil); err != nil {
		t.Fatal(err)
	}
	if target, err := os.Readlink(link); err != nil || target != "file" {
		t.Errorf("the link became %q, %v", target, err)
	}
	wantText(t, file, "through the link")
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("the folder has %v, want the file and the link (%v)", entries, err)
	}
}

// TestReplaceHardLink: a file with another name is written in place, so that
// both names go on being one file, and that is said.
func TestReplaceHardLink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, other := filepath.Join(dir, "file"), filepath.Join(dir, "other")
	for _, content := range []string{"a longer text than it was", "short", ""} {
		writeText(t, file, "the text as it was")
		_ = os.Remove(other)
		if err := os.Link(file, other); err != nil {
			t.Fatal(err)
		}
		aside, err := replaceContent(t, file, content, nil)
		if err != nil || !strings.Contains(aside, "in place") {
			t.Errorf("got %q, %v", aside, err)
		}
		wantText(t, other, content)
	}
}

// TestReplaceRefuses: what is read-only, or is no longer what was read, stays
// as it is.
func TestReplaceRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		between func(t *testing.T, file string)
		left    string
		want    string
	}{
		"read-only": {func(t *testing.T, file string) {}, "old text", "is read-only"},
		"appended": {func(t *testing.T, file string) {
			appendText(t, file, "more")
		}, "old textmore", "was changed by somebody else"},
		"same size": {func(t *testing.T, file string) {
			writeText(t, file, "OLD TEXT")
		}, "OLD TEXT", "was changed by somebody else"},
		"same size and time": {func(t *testing.T, file string) {
			info, err := os.Stat(file)
			if err != nil {
				t.Fatal(err)
			}
			writeText(t, file, "OLD TEXT")
			if err := os.Chtimes(file, time.Now(), info.ModTime()); err != nil {
				t.Fatal(err)
			}
		}, "OLD TEXT", "was changed by somebody else"},
		"same content, later": {func(t *testing.T, file string) {
			if err := os.Chtimes(file, time.Now(), time.Now().Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}, "old text", "was changed by somebody else"},
		"another file": {func(t *testing.T, file string) {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			writeText(t, file, "old text")
		}, "old text", "was changed by somebody else"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "file")
			writeText(t, file, "old text")
			if name == "read-only" {
				if err := os.Chmod(file, 0o444); err != nil {
					t.Fatal(err)
				}
			}
			_, err := replaceContent(t, file, "new text", func() { c.between(t, file) })
			var fault *Fault
			if !errors.As(err, &fault) || !strings.Contains(fault.Text, c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			wantText(t, file, c.left)
			if entries, err := os.ReadDir(filepath.Dir(file)); err != nil || len(entries) != 1 {
				t.Errorf("something is left beside the file: %v, %v", entries, err)
			}
		})
	}
}

// TestAppendBesideFix: of the lines that somebody appends while lint --fix
// runs, none is lost, and neither is the fix.
func TestAppendBesideFix(t *testing.T) {
	t.Parallel()
	const rounds, perFile, line = 1000, 25, "xmpps://alice:p@ss@example.com/bob\n"
	for first := 0; first < rounds; first += perFile {
		file := filepath.Join(t.TempDir(), "urls.conf")
		writeText(t, file, line)
		fix := func() {
			s, _, _ := testShell()
			if _, err := s.Lint(t.Context(), Lint{Files: []string{file}, Fix: true}); err != nil {
				t.Error(err)
			}
		}
		for range perFile {
			fixed := make(chan struct{})
			go func() {
				defer close(fixed)
				fix()
			}()
			appendText(t, file, line)
			<-fixed
		}
		fix()
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(data), "xmpps://alice:p%40ss@example.com/bob\n"); n != perFile+1 {
			t.Fatalf("of %d lines %d are there and fixed; %d in all", perFile+1, n, strings.Count(string(data), "\n"))
		}
	}
}

func writeText(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func appendText(t *testing.T, file, text string) {
	t.Helper()
	if err := appendLine(file, text); err != nil {
		t.Fatal(err)
	}
}

func appendLine(name, text string) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}

func wantText(t *testing.T, file, want string) {
	t.Helper()
	if data, err := os.ReadFile(file); err != nil || string(data) != want {
		t.Errorf("%s holds %q, %v; want %q", filepath.Base(file), data, err, want)
	}
}
