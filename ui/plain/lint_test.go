package plain

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/model"
)

// TestLintOrder: files are looked at side by side, and told of in order.
func TestLintOrder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var want strings.Builder
	for i := range 300 {
		name := filepath.Join(dir, fmt.Sprintf("%03d.txt", i))
		lines := strings.Repeat("nothing\n", (i*37)%11)
		writeText(t, name, lines+"xmpp://alice:secret@localhost/bob\n")
		fmt.Fprintf(&want, "%s:%d:1: warning: plaintext: ", name, strings.Count(lines, "\n")+1)
	}
	s, out, errs := testShell()
	code, err := s.Lint(t.Context(), Lint{Files: []string{dir}})
	if code != model.ExitDone || err != nil {
		t.Fatalf("got exit code %d, %v", code, err)
	}
	var got strings.Builder
	for line := range strings.SplitSeq(strings.TrimSuffix(out.String(), "\n"), "\n") {
		head, _, _ := strings.Cut(line, "plaintext: ")
		got.WriteString(head + "plaintext: ")
	}
	if got.String() != want.String() {
		t.Errorf("the order is another one:\n%s", out)
	}
	if errs.String() != "300 URLs in 300 of 300 files\n" {
		t.Errorf("the summary is %q", errs)
	}
}

// TestLintInput: what lint says and how it ends, for input that is not what
// one expects.
func TestLintInput(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	writeText(t, at("clean.txt"), "nothing, not even xmpp:// alone\n")
	writeText(t, at("empty"), "")
	writeText(t, at("zero"), "a\x00b xmpps://alice:canary@example.com")
	writeText(t, at("broken16"), "\xff\xfea\x00\x00\xd8")
	writeText(t, at("a:canary@b"), "xmpp://alice:canary@localhost/bob\n")
	if err := os.Mkdir(at("folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	writeText(t, at("folder/zero"), "a\x00b xmpps://alice:canary@example.com")
	if err := os.Truncate(at("empty"), 0); err != nil {
		t.Fatal(err)
	}
	writeText(t, at("large"), "")
	if err := os.Truncate(at("large"), 1<<30); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("loop", at("loop")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		args []string
		code model.ExitCode
		errs string
	}{
		{"nothing given", nil, model.ExitUsage, ""},
		{"an empty name", []string{""}, model.ExitUsage, "xmppscope: lint was given an empty file name\n" +
			"xmppscope: hint: `xmppscope lint .` looks at all files of this folder\nno XMPP URL found in 0 files\n"},
		{"no URL", []string{"clean.txt"}, model.ExitDone, "no XMPP URL found in 1 file\n"},
		{"empty", []string{"empty", "clean.txt"}, model.ExitDone, "no XMPP URL found in 2 files\n"},
		{"missing", []string{"none"}, model.ExitUsage,
			"xmppscope: DIR/none cannot be opened: no such file or directory\nno XMPP URL found in 0 files\n"},
		{"loop", []string{"loop"}, model.ExitUsage,
			"xmppscope: DIR/loop cannot be opened: too many levels of symbolic links\nno XMPP URL found in 0 files\n"},
		{"large", []string{"large"}, model.ExitUsage,
			"xmppscope: DIR/large is larger than 16777216 bytes\nno XMPP URL found in 0 files\n"},
		{"no text", []string{"zero"}, model.ExitUsage,
			"xmppscope: DIR/zero is no text file\nno XMPP URL found in 0 files\n"},
		{"no text, in a folder", []string{"folder"}, model.ExitDone, "no XMPP URL found in 0 files\n"},
		{"broken UTF-16", []string{"broken16"}, model.ExitUsage,
			"xmppscope: DIR/broken16 cannot be read: its UTF-16 text is broken\nno XMPP URL found in 0 files\n"},
		{"a name like a URL", []string{"a:canary@b"}, model.ExitDone, "1 URL in 1 of 1 file\n"},
		{"a URL", []string{"xmpps:/alice:canary@h/bob"}, model.ExitUsage,
			"xmppscope: lint takes files, and a URL was given\n" +
				"xmppscope: hint: `xmppscope explain` takes URLs\nno XMPP URL found in 0 files\n"},
		{"an encoded URL", []string{"xmpps%3A%2F%2Falice%3Acanary%40h"}, model.ExitUsage,
			"xmppscope: lint takes files, and a URL was given\n" +
				"xmppscope: hint: `xmppscope explain` takes URLs\nno XMPP URL found in 0 files\n"},
	} {
		s, out, errs := testShell()
		var files []string
		for _, arg := range c.args {
			if arg == "" || strings.HasPrefix(arg, "xmpps") {
				files = append(files, arg)
				continue
			}
			files = append(files, at(arg))
		}
		code, err := s.Lint(t.Context(), Lint{Files: files})
		if code != c.code || (err != nil) != (c.args == nil) {
			t.Errorf("%s: got exit code %d, %v; want %d", c.name, code, err, c.code)
		}
		if got := strings.ReplaceAll(errs.String(), dir, "DIR"); got != c.errs {
			t.Errorf("%s: got %q, want %q", c.name, got, c.errs)
		}
		if strings.Contains(out.String()+errs.String(), "canary") {
			t.Errorf("%s: a password is shown: %s%s", c.name, out, errs)
		}
	}
}

// TestLintFormats: standard input, JSON, and the words beside a fix.
func TestLintFormats(t *testing.T) {
	t.Parallel()
	s, out, errs := testShell()
	s.In = strings.NewReader(strings.Repeat("x\n", 100) + strings.Repeat("- xmpp://a:b@example.com/bob\n", 200))
	code, err := s.Lint(t.Context(), Lint{Files: []string{"-"}, JSON: true})
	if code != model.ExitDone || err != nil || errs.String() != "200 URLs in 1 of 1 file\n" {
		t.Fatalf("got exit code %d, error %v and %q", code, err, errs)
	}
	for i, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		var p problemLine
		if err := json.Unmarshal([]byte(line), &p); err != nil {
			t.Fatal(err)
		}
		if p.File != "-" || p.Line != 101+i || p.Column != 3 || p.Code != "plaintext" {
			t.Errorf("line %d is %s", i, line)
		}
	}
}

// TestLintInterrupted: an interrupt ends the work at once, while files are
// left to look at.
func TestLintInterrupted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for i := range 50 {
		writeText(t, filepath.Join(dir, fmt.Sprint(i)), strings.Repeat("xmpp://alice:secret@localhost/bob\n", 100))
	}
	ctx, cancel := context.WithCancel(t.Context())
	s, _, errs := testShell()
	s.Out = writerFunc(func(p []byte) (int, error) {
		cancel()
		return len(p), nil
	})
	code, err := s.Lint(ctx, Lint{Files: []string{dir}})
	if code != model.ExitInterrupted || err == nil || errs.Len() > 0 {
		t.Errorf("got exit code %d, %v and %q", code, err, errs)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// TestLintTracked: of a folder that git tracks, the tracked files are read.
func TestLintTracked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"tracked", "other"} {
		writeText(t, filepath.Join(dir, name), "xmpp://alice:secret@localhost/bob\n")
	}
	runGit(t, dir, "init", "-q")
	runGit(t, dir, "add", "tracked")
	s, out, errs := testShell()
	if code, err := s.Lint(t.Context(), Lint{Files: []string{dir}}); code != model.ExitDone || err != nil {
		t.Fatalf("got exit code %d, %v", code, err)
	}
	if !bytes.Contains(out.Bytes(), []byte("tracked:1:1")) || errs.String() != "1 URL in 1 of 1 file\n" {
		t.Errorf("got %s and %q", out, errs)
	}
}

func runGit(t *testing.T, dir string, args ...string) {
	t.Helper()
	if out, err := exec.Command("git", append([]string{"-C", dir}, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}
