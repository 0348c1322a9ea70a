package plain

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/model"
)

// TestMendKeepsTheRest: nothing but the URLs with a safe fix changes.
func TestMendKeepsTheRest(t *testing.T) {
	const wrong, right = "xmpps://alice:pw@example.com/bob?nmae=x", "xmpps://alice:pw@example.com/bob?name=x"
	for name, text := range map[string]string{
		"alone":          "URL",
		"in quotes":      `- "URL"  # comment`,
		"single quotes":  "apprise -b x 'URL' | tee log",
		"line ends":      "a\r\n\tURL\r\n\r\nURL\r\n",
		"no last line":   "x\nNOTIFY=URL",
		"a YAML key":     "urls:\n  - URL:\n     - tag: x\n",
		"other encoding": "\xff\xfe URL \x80",
	} {
		before, want := strings.ReplaceAll(text, "URL", wrong), strings.ReplaceAll(text, "URL", right)
		got, count := fixText(before)
		if got != want || count != strings.Count(text, "URL") {
			t.Errorf("%s: got %q with %d URLs changed, want %q", name, got, count, want)
		}
		if again, count := fixText(got); again != got || count != 0 {
			t.Errorf("%s: mending once more changed it to %q", name, again)
		}
	}
}

// TestReplaceFile: the permissions stay, a symbolic link stays one, and nothing
// is left beside the file.
func TestReplaceFile(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []os.FileMode{0o600, 0o640, 0o755, 0o444} {
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		if err := replaceFile(file, "new"); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != mode {
			t.Errorf("the permissions became %v, they were %v", info.Mode().Perm(), mode)
		}
	}
	if err := os.Symlink("file", link); err != nil {
		t.Fatal(err)
	}
	if err := replaceFile(link, "through the link"); err != nil {
		t.Fatal(err)
	}
	if target, err := os.Readlink(link); err != nil || target != "file" {
		t.Errorf("the link became %q, %v", target, err)
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != "through the link" {
		t.Errorf("the file holds %q, %v", data, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 2 {
		t.Errorf("the folder has %d entries, want the file and the link", len(entries))
	}
	if err := replaceFile(filepath.Join(dir, "none"), "x"); err == nil {
		t.Error("a file that is not there was replaced")
	}
}

func TestPlace(t *testing.T) {
	const text = "ab\nπü€x\r\n\nlast"
	for offset, want := range map[int]place{
		0:         {0, 1, 1},
		2:         {2, 1, 3},
		3:         {3, 2, 1},
		5:         {5, 2, 2},
		10:        {10, 2, 4},
		13:        {13, 3, 1},
		14:        {14, 4, 1},
		len(text): {len(text), 4, 5},
		99:        {len(text), 4, 5},
	} {
		if got := (place{line: 1, column: 1}).to(text, offset); got != want {
			t.Errorf("byte %d is at %+v, want %+v", offset, got, want)
		}
	}
	forward := place{line: 1, column: 1}.to(text, 14)
	if got := forward.to(text, 3); got != (place{3, 2, 1}) {
		t.Errorf("going back gives %+v", got)
	}
}

func TestLintOfManyURLs(t *testing.T) {
	s, out, errs := testShell()
	s.In = strings.NewReader(strings.Repeat("x\n", 100) + strings.Repeat("- xmpp://a:b@example.com/bob\n", 200))
	code, err := s.Lint(Lint{Files: []string{"-"}})
	if code != model.ExitDone || err != nil || errs.Len() > 0 {
		t.Fatalf("got exit code %d, error %v and %q", code, err, errs)
	}
	lines := strings.Split(out.String(), "\n")
	for i, want := range []string{"-:101:3: warning: plaintext: ", "-:102:3: warning: plaintext: "} {
		if !strings.HasPrefix(lines[i], want) {
			t.Errorf("line %d is %q, want %q", i, lines[i], want)
		}
	}
}
