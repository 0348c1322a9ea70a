package document

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xmppscope/urlspec"
)

// emptyHost are configurations from which Apprise makes a service that can
// reach nobody, with an empty host; lint refuses them.
var emptyHost = []string{"host-missing.yml"}

// TestAppriseConfigurations compares with what Apprise 2.1.0 loaded from each
// of its own configurations. The table was recorded once.
func TestAppriseConfigurations(t *testing.T) {
	t.Parallel()
	file, err := os.Open("../../testdata/apprise/configs.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows := 0
	for lines := bufio.NewScanner(file); lines.Scan(); rows++ {
		var row struct {
			File, Bytes string
			Services    []Service
			Includes    []string
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		var data []byte
		for _, r := range row.Bytes { // a character stands for a byte
			data = append(data, byte(r))
		}
		d, err := Read("apprise-"+row.File, data) // the name says that it is Apprise's
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(emptyHost, row.File) {
			row.Services = nil
		}
		if diff := cmp.Diff(append([]Service{}, row.Services...), append([]Service{}, d.Services()...)); diff != "" {
			t.Errorf("%s: Apprise loads -, lint says +:\n%s", row.File, diff)
		}
		if diff := cmp.Diff(append([]string{}, row.Includes...), append([]string{}, d.Includes()...)); diff != "" {
			t.Errorf("%s: Apprise includes -, lint says +:\n%s", row.File, diff)
		}
		// Where nothing comes of what was written, that is an error.
		if len(row.Services) == 0 && !slices.ContainsFunc(d.Problems(false), func(p Problem) bool {
			return p.Severity == urlspec.Error
		}) {
			t.Errorf("%s: Apprise loads nothing, and lint says no error", row.File)
		}
		// Every other setting of the table changes what Apprise makes of the URL.
		if unknown := slices.ContainsFunc(d.Problems(false), func(p Problem) bool {
			return p.Code == "apprise-setting-unknown"
		}); unknown != strings.Contains(row.File, "unknown") {
			t.Errorf("%s: a setting is said to be unknown: %v", row.File, unknown)
		}
	}
	if rows < 70 {
		t.Errorf("only %d configurations were compared", rows)
	}
}

// TestCodes: every code has its words, and none is one of a URL's as well.
func TestCodes(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range Codes() {
		_, known := urlspec.Explain(c.Code)
		switch {
		case known || seen[c.Code]:
			t.Errorf("%s is explained twice", c.Code)
		case c.Help == "" || c.Explanation == "" || c.Wrong == "" || c.Right == "" || c.Severity == "":
			t.Errorf("%s lacks words: %+v", c.Code, c)
		case strings.HasSuffix(c.Help, "."):
			t.Errorf("the help of %s ends with a full stop", c.Code)
		}
		seen[c.Code] = true
	}
}

// TestAppriseLosses: where Apprise loads nothing or less than was written, lint
// says so.
func TestAppriseLosses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, content, want string }{
		{"apprise.conf", "OPS=\"U\"", "1:1 apprise-text-invalid"},
		{"apprise.conf", "OPS=U", ""},
		{"apprise.yml", "urls:\n  - U\n---\nurls:\n  - U", "3:1 apprise-yaml-documents"},
		{"apprise.yml", "urls:\n  - U\nurls:\n  - U", "1:1 apprise-urls-twice"},
		{"apprise.yml", "urls:\n  - [U]", "2:5 apprise-entry-no-url"},
		{"apprise.yml", "urls:\n  - url=U", "2:5 apprise-entry-no-url"},
		{"apprise.yml", "urls:\n  - '\"U\"'", "2:5 apprise-entry-no-url"},
		{"apprise.yml", "URLS:\n  - U", "1:1 apprise-urls-no-list"},
		{"apprise.yml", "urls:\n  - U:\n      nmae: x", "3:7 apprise-setting-unknown"},
		{"apprise.yml", "urls:\n  - U:\n      verify: yes\n      tag: y", ""},
		{"apprise.yml", "urls:\n  - U:\n    - x\n    - tag: y", "3:7 apprise-setting-unknown"},
	} {
		content := strings.ReplaceAll(c.content, "U", "xmpps://alice:secret@example.com/bob")
		content = strings.ReplaceAll(content, "xmpps://alice:secret@example.com/bobRLS", "URLS")
		if got := lint(t, c.name, content); got != c.want {
			t.Errorf("%s: got %q, want %q", c.content, got, c.want)
		}
	}
}

// TestWhoseLines: what is Apprise's own, and what is another program's.
func TestWhoseLines(t *testing.T) {
	t.Parallel()
	const u, host = "xmpps://alice:s@cret@h.example/bob", "xmpps://chat.example:5223"
	for _, c := range []struct {
		name, content, want string
		format              Format
	}{
		{"a.conf", "notify = U\nserver = H", "1 password-at, 2 not-apprise", INI},
		{"a.conf", "notify = U ; on call\n", "1 password-at", INI},
		{"a.conf", "ops = U\nhome, office = U", "1 password-at, 2 password-at", AppriseText},
		{"a.conf", "ops = U\nall = ops", "1 password-at", AppriseText},
		{"a.conf", "ops = U\nlevel = debug", "1 password-at", INI},
		{"a.conf", "ops = U\nU", "1 password-at, 2 password-at", AppriseText},
		{"a.conf", "include other.conf\nops = U", "2 password-at", AppriseText},
		{"apprise.conf", "ops = U", "1 password-at", AppriseText},
		{"/etc/apprise/home.conf", "ops = U", "1 password-at", AppriseText},
		{"apprise/compose.txt.j2", "ops = U", "1 password-at", Text},
		{"a.txt", "ops = U", "1 password-at", Text},
		{"servers.txt", "H\nxmpp://chat2.example\n", "1 not-apprise, 2 not-apprise", Text},
		{"servers.txt", "H\nU\n", "1 user-missing, 1 port-mode, 2 password-at", AppriseText},
		{"urls.yml", "urls:\n  - H", "2 not-apprise", YAML},
		{"urls.yml", "urls: H", "1 not-apprise", YAML},
		{"urls.yml", "urls:\n  - name: x\n    url: H", "3 not-apprise", YAML},
		{"urls.yml", "urls:\n  - H\n---\nurls:\n  - H", "2 not-apprise, 5 not-apprise", YAML},
		{"urls.yml", "urls:\n  - H:\n      user: a@b\n", "2 port-mode, 3 password-missing", YAML},
		{"apprise.yml", "urls:\n  - H", "2 user-missing, 2 port-mode", YAML},
		{"a.yml", "notify_url: H", "1 not-apprise", YAML},
		{"a.yml", "apprise_url: H", "1 user-missing, 1 port-mode", YAML},
	} {
		content := strings.NewReplacer("U", u, "H", host).Replace(c.content)
		if got := column.ReplaceAllString(lint(t, c.name, content), " "); got != c.want {
			t.Errorf("%s: %s: got %q, want %q", c.name, content, got, c.want)
		}
		d, err := Read(c.name, []byte(content))
		if err != nil {
			t.Fatal(err)
		}
		if d.Format() != c.format {
			t.Errorf("%s: %s: it was read as %s, not %s", c.name, content, d.Format(), c.format)
		}
	}
}
