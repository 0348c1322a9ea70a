package plain

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/urlspec/document"
)

var update = flag.Bool("update", false, "write what lint says and leaves anew, in testdata/lint")

// lintFiles is one file of each format; below it are what lint says of each,
// and what lint --fix leaves.
const lintFiles = "../../testdata/lint"

// TestLintFiles: of every file of testdata/lint, lint says what is written
// beside it, and lint --fix leaves what is written there. Once more it changes
// nothing.
func TestLintFiles(t *testing.T) {
	t.Parallel()
	files := filepath.Join(lintFiles, "files")
	err := filepath.WalkDir(files, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(files, path)
		if err != nil {
			return err
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			playLint(t, path, name)
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func playLint(t *testing.T, path, name string) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	var says strings.Builder
	play := func(title string, command Lint) {
		s, out, errs := testShell()
		command.Files = []string{file}
		if _, err := s.Lint(t.Context(), command); err != nil {
			t.Fatal(err)
		}
		says.WriteString("$ " + title + "\n" + strings.ReplaceAll(out.String()+errs.String(), file, name))
	}
	play("lint", Lint{})
	play("lint --comments", Lint{Comments: true})
	play("lint --fix", Lint{Fix: true})
	fixed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, filepath.Join(lintFiles, "says", name+".txt"), []byte(says.String()))
	golden(t, filepath.Join(lintFiles, "fixed", name), fixed)
	if strings.Contains(says.String(), "ecret@") || strings.Contains(says.String(), "p@ss") {
		t.Error("it shows a password")
	}
	says.Reset()
	play("lint --fix", Lint{Fix: true})
	if again, err := os.ReadFile(file); err != nil || !bytes.Equal(again, fixed) {
		t.Errorf("lint --fix changes the file a second time (%v): %q", err, again)
	}
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside the file there is something left: %v, %v", entries, err)
	}
	if before, err := document.Read(name, data); err != nil || before.Format() == "" {
		t.Errorf("the file was read as %v, %v", before, err)
	}
}

// golden compares with a file, or writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; `go test ./ui/plain -run LintFiles -update` writes it anew. Got:\n%s", name, got)
	}
}
