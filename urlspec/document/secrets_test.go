package document

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/urlspec/urltest"
)

// TestNoPasswordShown: whatever the file is, and wherever in the URL a password
// may stand, nothing of it is in a problem.
func TestNoPasswordShown(t *testing.T) {
	t.Parallel()
	quote := func(s string) string {
		out, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	single := func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
	// Every shape is tried where the rules differ, one of each kind elsewhere.
	files := []struct {
		name string
		all  bool
		file func(string) string
	}{
		{"a.txt", false, func(s string) string { return s }},
		{"apprise.conf", false, func(s string) string { return s }},
		{"apprise.conf", false, func(s string) string { return "ops=" + s + "\nxmpps://alice:pw@example.com" }},
		{"apprise.yml", true, func(s string) string {
			return "urls:\n - " + quote(s) + "\n - " + quote(s) + ":\n     to: x\n"
		}},
		{"a.yml", false, func(s string) string { return "x: " + quote(s) }},
		{"a.json", false, func(s string) string { return quote(s) }},
		{"a.json", false, func(s string) string { return `{"a":` + quote(`{"b":`+quote(s)+"}") + "}" }},
		{"a.sh", false, func(s string) string { return "apprise -b x " + single(s) }},
		{"a.sh", true, func(s string) string { return "apprise -b x " + s }},
		{".env", false, func(s string) string { return "X=" + s }},
		{".env", false, func(s string) string { return "X=\"" + s + "\"" }},
		{"crontab", false, func(s string) string { return "@daily apprise " + single(s) }},
		{"a.service", false, func(s string) string { return "ExecStart=apprise " + s }},
		{"a.py", false, func(s string) string { return "u = " + quote(s) }},
		{"a.md", false, func(s string) string { return "See `" + s + "` and " + s }},
		{"a.html", false, func(s string) string { return "<a href=\"" + s + "\"> " + s }},
		{"a.ini", false, func(s string) string { return "u = ${X}" + s }},
		{"a.yml", false, func(s string) string { return "x: " + quote(s+"/{{ x }}?a=${B}") }},
	}
	for _, f := range files {
		shapes := urltest.Kinds()
		if f.all {
			shapes = urltest.Shapes()
		}
		for _, shape := range shapes {
			content := f.file(shape)
			d, err := Read(f.name, []byte(content))
			if err != nil {
				t.Fatal(err)
			}
			problems := d.Problems(true)
			if !f.all {
				problems = append(problems, d.Fix().Left...)
			}
			for _, p := range problems {
				if said := fmt.Sprint(p); urltest.Leaks(said) {
					t.Errorf("%s: %q: %s", f.name, content, said)
				}
			}
			if _, left, _ := Extract(content); urltest.Leaks(left) && !urltest.Leaks(urlspec.Redact(content)) {
				t.Errorf("%s: pasting %q leaves %q", f.name, content, left)
			}
		}
		if t.Failed() {
			return
		}
	}
}
