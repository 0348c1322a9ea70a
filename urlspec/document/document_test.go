package document

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/unicode"

	"xmppscope/urlspec/growthtest"
)

// lint gives the problems of a file as "line:column code", without those that
// are not the point of a test.
func lint(t *testing.T, name, content string) string {
	t.Helper()
	d, err := Read(name, []byte(content))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range d.Problems(false) {
		if strings.Contains(p.Message+p.URL, "ecret") {
			t.Errorf("%s: a password is shown: %+v", name, p)
		}
		out = append(out, fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Code))
	}
	return strings.Join(out, ", ")
}

// column is where in its line a problem is.
var column = regexp.MustCompile(`:\d+ `)

// checkFix compares what lint says of which line of a file, and what --fix leaves,
// with what is wanted; words in both stand for URLs.
func checkFix(t *testing.T, urls *strings.Replacer, name, content, want, fixed string) {
	t.Helper()
	content, fixed = urls.Replace(content), urls.Replace(fixed)
	if got := column.ReplaceAllString(lint(t, name, content), " "); got != want {
		t.Errorf("%s: %s: got %q, want %q", name, content, got, want)
	}
	d, err := Read(name, []byte(content))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(d.Fix().Data); got != fixed {
		t.Errorf("%s: %s: it became %q, want %q", name, content, got, fixed)
	}
}

// TestPlaceholders: what another program fills in is neither judged nor
// changed, and the rest of the URL is.
func TestPlaceholders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, url, want string }{
		{"a.yml", "xmpps://${USER}:${PASS}@${HOST}/${ROOM}", ""},
		{"a.yml", "xmpps://${USER}:${PASS}@${HOST}:${PORT}/${ROOM}?mode=${MODE}&verify=${V}&cto=${CTO}&tz=${TZ}", ""},
		{"a.yml", "xmpps://${EVERYTHING}", ""},
		{"a.yml", "xmpps://${LOGIN}@example.com/bob", ""},
		{"a.yml", "xmpps://alice:secret@${SERVER}", ""},
		{"a.yml", "xmpps://alice:secret@example.com${PATH}", ""},
		{"a.yml", "xmpps://alice:secret@example.com/bob?${PARAMS}", ""},
		{"a.yml", "xmpps://alice:secret@example.com/bob${QUERY}", ""},
		{"a.yml", "xmpps://alice:${PW:-x@y/z?#}@example.com/bob", ""},
		{"a.yml", "xmpps://alice:${PW:?no @ in it}@example.com/bob?nmae=x", "1:50 param-unknown"},
		{"a.yml", "xmpps://alice:{{ pw | urlencode }}@example.com/bob", ""},
		{"a.yml", "xmpps://alice:${{ secrets.PW }}@example.com/bob", ""},
		{"a.sh", "'xmpps://alice:'$(cat /run/pw | tr -d '@')'@example.com/bob'", ""},
		{"a.sh", "\"xmpps://alice:$PW@example.com:$PORT/bob\"", ""},
		{"a.sh", "\"xmpps://alice:`cat pw`@example.com/bob\"", ""},
		{"a.ini", "xmpps://%(user)s:%(pw)s@example.com/bob", ""},
		{"a.txt", "xmpps://alice:<%= @pw %>@example.com/bob", ""},
		{"a.py", "f'xmpps://{user}:{pw}@{host}:{port}/{room!r}'", ""},
		{"a.py", "'xmpps://%s:%s@%s:%d/%s' % x", ""},
		{"a.py", "'xmpps://{}:{}@{}'.format(x)", ""},
		{"a.go", "\"xmpps://%s:%s@%s/%v\"", ""},
		{"a.js", "`xmpps://${user}:${pw}@example.com/bob?nmae=${name}`", "1:40 param-unknown"},
		{"a.rb", "\"xmpps://#{user}:#{pw}@example.com/bob\"", ""},
		{"a.md", "xmpps://{user}:{password}@{hostname}:{port}/{targets}", ""},
		{"a.yml", "xmpps://alice:((pw))@example.com/bob", ""},
		{"a.service", "ExecStart=apprise xmpps://%i:secret@%H/bob", ""},
	} {
		content := c.url
		if c.name == "a.yml" {
			content = "\"" + c.url + "\""
		}
		if c.name == "a.ini" {
			content = "x=" + c.url
		}
		if got := lint(t, c.name, content); got != c.want {
			t.Errorf("%s: %s: got %q, want %q", c.name, c.url, got, c.want)
		}
		d, err := Read(c.name, []byte(content))
		if err != nil {
			t.Fatal(err)
		}
		if fixed := d.Fix(); fixed.Data != nil && c.want == "" {
			t.Errorf("%s: it became %s", c.url, fixed.Data)
		}
	}
}

// TestCalm: nothing is said of what is no URL of Apprise's, or only the
// mention of one.
func TestCalm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, content, want string }{
		{"a.txt", "use xmpp:// or xmpps:// here, or xmpps://... even", ""},
		{"a.go", "if strings.HasPrefix(s, \"xmpps://\") {", ""},
		{"a.txt", "https://example.com/xmpp://x slixmpp://x", ""},
		{"a.yml", "server: xmpps://chat.example.com:5223", "1:9 not-apprise"},
		{"a.yml", "server: xmpp://chat.example.com", "1:9 not-apprise"},
		{"a.json", `{"bosh": "xmpps://[2001:db8::1]:5223"}`, "1:11 not-apprise"},
		{"a.yml", "apprise_url: xmpps://chat.example.com", "1:22 user-missing"},
		{"a.yml", "# xmpps://alice:p@ss@example.com\nx: 1 # xmpps://alice:p@ss@example.com", ""},
		{"a.go", "// xmpps://alice:p@ss@example.com\n/* xmpps://alice:p@ss@example.com */", ""},
		{"a.html", "<!-- xmpps://alice:p@ss@example.com -->", ""},
		{"a.ini", "; xmpps://alice:p@ss@example.com", ""},
		{"a.toml", "a = 1 # xmpps://alice:p@ss@example.com", ""},
		{".env.example", "X=xmpps://alice:p@ss@example.com", ""},
		{"a.py", "def f():\n    \"\"\"xmpps://alice:p@ss@example.com\"\"\"\n", ""},
		{"a.yml", "- ansible.builtin.command: apprise xmpps://alice:secret@h.example/bob?to=x&mode=tls", ""},
		{"a.sh", "# xmpps://alice:p@ss@example.com", ""},
		{"a.sh", "apprise xmpps://alice:secret@example.com/bob;echo done", ""},
		{"a.sh", "apprise xmpps://alice:secret@example.com/bob&", ""},
		{"a.sh", "apprise xmpps://alice:secret@example.com/bob|tee log", ""},
		{"a.sh", "x=$(apprise xmpps://alice:secret@example.com/bob)", ""},
	} {
		if got := lint(t, c.name, c.content); got != c.want {
			t.Errorf("%s: %s: got %q, want %q", c.name, c.content, got, c.want)
		}
	}
}

// TestShellCuts: where the shell ends a URL, and what --fix makes of it.
func TestShellCuts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, content, want, fixed string }{
		{"a.sh", "apprise xmpps://alice:secret@h.example/bob?to=x&mode=tls -b x", "1:48 shell-unquoted",
			"apprise 'xmpps://alice:secret@h.example/bob?to=x&mode=tls' -b x"},
		{"a.sh", "apprise xmpps://alice:$P@h.example/bob?to=x;mode=tls&cto=3\necho", "1:44 shell-unquoted",
			"apprise \"xmpps://alice:$P@h.example/bob?to=x;mode=tls&cto=3\"\necho"},
		{"a.sh", "U=xmpps://alice:secret@h.example/bob?to=x&mode=tls", "1:42 shell-unquoted",
			"U='xmpps://alice:secret@h.example/bob?to=x&mode=tls'"},
		{"a.sh", "apprise xmpps://alice:se&cret@h.example/bob", "1:25 shell-unquoted",
			"apprise 'xmpps://alice:se&cret@h.example/bob'"},
		{"a.sh", "apprise xmpps://alice:secret@h.example/ #ops", "1:40 shell-unquoted", ""},
		{"a.yml", "run: apprise xmpps://alice:secret@h.example/bob?to=x&mode=tls", "1:53 shell-unquoted",
			"run: apprise 'xmpps://alice:secret@h.example/bob?to=x&mode=tls'"},
		{"a.json", `{"scripts":{"x":"apprise xmpps://alice:secret@h.example/bob?to=x&mode=tls"}}`, "1:65 shell-unquoted",
			`{"scripts":{"x":"apprise 'xmpps://alice:secret@h.example/bob?to=x&mode=tls'"}}`},
		{"a.sh", "apprise xmpps://alice:secret@h.example/bob?name=a&to=c>/dev/null", "1:50 shell-unquoted",
			"apprise 'xmpps://alice:secret@h.example/bob?name=a&to=c'>/dev/null"},
		{"a.sh", "apprise xmpps://alice:secret@h.example/bob?name=a&to=c>>log 2>&1", "1:50 shell-unquoted",
			"apprise 'xmpps://alice:secret@h.example/bob?name=a&to=c'>>log 2>&1"},
		{"a.sh", "apprise xmpps://alice:secret@h.example/bob?name=a&to=c|tee log", "1:50 shell-unquoted",
			"apprise 'xmpps://alice:secret@h.example/bob?name=a&to=c'|tee log"},
		{"a.sh", "apprise xmpps://alice:secret@h.example/bob?name=a&to=c||echo fail", "1:50 shell-unquoted",
			"apprise 'xmpps://alice:secret@h.example/bob?name=a&to=c'||echo fail"},
		{"a.sh", "apprise xmpps://alice:secret@h.example/bob?name=a&to=c&&echo x", "1:50 shell-unquoted",
			"apprise 'xmpps://alice:secret@h.example/bob?name=a&to=c'&&echo x"},
		{"a.sh", "apprise xmpps://alice:secret@h.example/bob?name=a&to=c&", "1:50 shell-unquoted",
			"apprise 'xmpps://alice:secret@h.example/bob?name=a&to=c'&"},
		{"a.sh", "apprise xmpps://alice:secret@h.example/bob?name=a&to=c;exit", "1:50 shell-unquoted",
			"apprise 'xmpps://alice:secret@h.example/bob?name=a&to=c';exit"},
		{"a.sh", "apprise xmpps://alice:secret@h.example/bob?name=a&to=c<body.txt", "1:50 shell-unquoted",
			"apprise 'xmpps://alice:secret@h.example/bob?name=a&to=c'<body.txt"},
		{"a.sh", "apprise xmpps://alice:secret@h.example/bob?name=a&to=c 'xmpps://alice:secret@h.example'",
			"1:50 shell-unquoted",
			"apprise 'xmpps://alice:secret@h.example/bob?name=a&to=c' 'xmpps://alice:secret@h.example'"},
		{"a.sh", "apprise xmpps://alice:secret@h.example/bob?name=a;mode=x make", "1:50 shell-unquoted", ""},
		{"a.sh", "apprise xmpps://alice:secret@h.example/bob&name=x", "1:43 shell-unquoted", ""},
		{"a.sh", "apprise xmpps://alice:se&cr;et@h.example/bob", "1:25 shell-unquoted", ""},
		{"a.sh", "apprise xmpps://alice:se&cret@h.example/bob>log", "1:25 shell-unquoted",
			"apprise 'xmpps://alice:se&cret@h.example/bob'>log"},
		{"crontab", "@daily apprise 'xmpps://alice:s%40x@h.example/bob'", "1:32 crontab-percent",
			`@daily apprise 'xmpps://alice:s\%40x@h.example/bob'`},
		{"a.service", "[Service]\nExecStart=apprise xmpps://alice:s%40x@h.example/bob", "2:34 unit-percent",
			"[Service]\nExecStart=apprise xmpps://alice:s%%40x@h.example/bob"},
	} {
		if got := lint(t, c.name, c.content); got != c.want {
			t.Errorf("%s: got %q, want %q", c.content, got, c.want)
		}
		d, err := Read(c.name, []byte(c.content))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(d.Fix().Data); got != c.fixed {
			t.Errorf("%s: it became %q, want %q", c.content, got, c.fixed)
		}
	}
}

// TestEncodings: a fix is written in the encoding of the file, and all else
// stays as it was, byte by byte.
func TestEncodings(t *testing.T) {
	t.Parallel()
	const wrong, right = "xmpps://alice:p@ss@example.com", "xmpps://alice:p%40ss@example.com"
	wide := func(order unicode.Endianness, s string) string {
		out, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, c := range []struct{ name, text string }{
		{"UTF-8", "é: 'URL' # 🎉\n"},
		{"byte order mark", "\xef\xbb\xbfa: URL\n"},
		{"CRLF", "a: b\r\nu: URL\r\nc: d\r\n"},
		{"Latin-1", "\xe9\xe8: URL # \xfc\n\xff: x\n"},
		{"no last line end", "a: URL"},
		{"UTF-16LE", wide(unicode.LittleEndian, "é: URL # 🎉\r\n")},
		{"UTF-16BE", wide(unicode.BigEndian, "é: URL # 🎉\r\n")},
	} {
		in, want := strings.ReplaceAll(c.text, "URL", wrong), strings.ReplaceAll(c.text, "URL", right)
		if strings.HasPrefix(c.name, "UTF-16") {
			order := unicode.LittleEndian
			if c.name == "UTF-16BE" {
				order = unicode.BigEndian
			}
			in = wide(order, "é: "+wrong+" # 🎉\r\n")
			want = wide(order, "é: "+right+" # 🎉\r\n")
		}
		for _, name := range []string{"a.yml", "a.properties", "a.txt"} {
			d, err := Read(name, []byte(in))
			if err != nil {
				t.Fatal(err)
			}
			if fixed := d.Fix(); string(fixed.Data) != want || fixed.URLs != 1 {
				t.Errorf("%s as %s: it became %q, want %q", c.name, name, fixed.Data, want)
			}
		}
	}
}

// TestConcatenation: a string that goes on with what is not known is no URL to
// judge, nor is one that ends a sentence.
func TestConcatenation(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, content, want string }{
		{"a.py", "u = \"xmpps://alice:\" + pw + \"@example.com\"", ""},
		{"a.py", "u = (\"xmpps://alice:\"\n  \"secret@example.com\")", ""},
		{"a.php", "$u = 'xmpps://alice:' . $pw . '@example.com';", ""},
		{"a.lua", "u = \"xmpps://alice:\" .. pw", ""},
		{"a.js", "u = \"xmpps://alice:s@cret@example.com\".trim()", "1:21 password-at"},
		{"a.md", "Is it xmpps://alice:secret@example.com?", ""},
		{"a.md", "It is xmpps://alice:secret@example.com.", ""},
		{"a.ini", "u = xmpps://alice:secret@example.com/bob ; on call", ""},
	} {
		if got := lint(t, c.name, c.content); got != c.want {
			t.Errorf("%s: %s: got %q, want %q", c.name, c.content, got, c.want)
		}
	}
}

// TestUnwritten: what has no way to be written is reported, and stays.
func TestUnwritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, content, fixed string }{
		{"a.ini", "[a]\nu = xmpps://alice:p@ss@example.com", ""},
		{"a.bat", "set U=xmpps://alice:p@ss@example.com", ""},
		{"a.yml", "u: \"xmpps://alice:p@\\\n  ss@example.com\"", "u: \"xmpps://alice:p%40\\\n  ss@example.com\""},
		{"a.yml", "u: xmpps://alice:p@ss@example.com\nv: \"xmpps://alice:my\n  p@ss@example.com\"",
			"u: xmpps://alice:p%40ss@example.com\nv: \"xmpps://alice:my\n  p@ss@example.com\""},
	} {
		d, err := Read(c.name, []byte(c.content))
		if err != nil {
			t.Fatal(err)
		}
		fixed := d.Fix()
		if string(fixed.Data) != c.fixed || (c.name != "a.yml") != (len(fixed.Left) == 1 && fixed.Data == nil) {
			t.Errorf("%s: it became %q, and left is %v", c.content, fixed.Data, fixed.Left)
		}
	}
}

// TestLinear: eight times the text takes about eight times as long, also where
// it is made to take longer.
func TestLinear(t *testing.T) {
	for name, c := range map[string]struct{ file, head, unit, tail string }{
		"URLs":             {"a.txt", "", "xmpps://alice:p@ss@example.com/bob\n", ""},
		"YAML list":        {"apprise.yml", "urls:\n", " - xmpps://alice:p@ss@example.com/bob\n", ""},
		"YAML on a line":   {"a.yml", "[", "\"xmpps://alice:p@ss@example.com/bob\", ", "x]"},
		"JSON":             {"a.json", "[", `"xmpps://alice:p@ss@example.com/bob",`, "1]"},
		"one JSON string":  {"a.json", `"`, `xmpps://alice:p@ss@example.com/bob, `, `"`},
		"TOML":             {"a.toml", "a = [", `"xmpps://alice:p@ss@example.com/bob", `, "1]"},
		"shell":            {"a.sh", "", "apprise 'xmpps://alice:p@ss@example.com/bob'\n", ""},
		"shell word":       {"a.sh", "x='", "xmpps://alice:p@ss@example.com/bob ", "'"},
		"source":           {"a.py", "", "x = 'xmpps://alice:p@ss@example.com/bob'\n", ""},
		"env":              {".env", "", "X=xmpps://alice:p@ss@example.com/bob\n", ""},
		"unit":             {"a.service", "", "ExecStart=xmpps://alice:p@ss@example.com/bob\n", ""},
		"markup":           {"a.html", "", "<a href='xmpps://alice:p@ss@example.com/bob?a&amp;b'>\n", ""},
		"braces":           {"a.txt", "xmpps://a:b@c/", "{{${(", ""},
		"placeholders":     {"a.yml", "\"xmpps://a:b@c/", "${a}", "\""},
		"code":             {"Dockerfile", "", "RUN apprise xmpps://a:${B}@example.com/bob?nmae=x\n", ""},
		"joined lines":     {"Dockerfile", "RUN true", " && apprise 'xmpps://a:p@ss@example.com/bob' \\\n", ""},
		"instructions":     {"Dockerfile", "", "ONBUILD ", "xmpp"},
		"here-documents":   {"Dockerfile", "", "RUN <<EOF\nxmpps://a:p@ss@example.com/bob\n", ""},
		"recipes":          {"Makefile", "x:\n", "\tapprise 'xmpps://a:p@ss@example.com/$(X)'\n", ""},
		"long recipe":      {"Makefile", "x:\n\ttrue", "; apprise 'xmpps://a:p@ss@example.com/$(X)' \\\n", ""},
		"words":            {"a.ini", "command = x", " xmpps://a:p@ss@example.com/bob 'a'\"b\"", ""},
		"word list":        {"a.yml", "command: [x", ", 'xmpps://a:p@ss@example.com/bob'", "]"},
		"properties":       {"a.properties", "", "a\\:b=xmpps\\://a:p@ss@example.com/bob\n", ""},
		"groups":           {"a.conf", "a = xmpps://a:b@c\n", "a, b = xmpps://a:p@ss@example.com/bob\nc = a,b\n", ""},
		"lines of a value": {"a.yml", "x: |\n", "  xmpps://a:${B}@example.com/bob?nmae=x\n", ""},
		"unwritten":        {"a.ini", "", "u = xmpps://alice:p@ss@example.com\n", ""},
		"broken quotes":    {"a.sh", "x=xmpp", "'a'\"b\"", ""},
		"quotes":           {"a.py", "xmpp", "'\"", ""},
		"comments":         {"a.html", "xmpp", "<!--", ""},
		"indent":           {"a.yml", "a: |\n", "  xmpp\n", ""},
		"escapes":          {"a.json", `["xmpp`, `\/`, `"]`},
	} {
		t.Run(name, func(t *testing.T) {
			fixed := func(units int) func() time.Duration {
				text := []byte(c.head + strings.Repeat(c.unit, units) + c.tail)
				return func() time.Duration {
					return growthtest.Time(func() {
						d, err := Read(c.file, text)
						if err != nil {
							t.Fatal(err)
						}
						d.Problems(true)
						d.Fix()
					})
				}
			}
			n := 50
			for fixed(n)() < 4*time.Millisecond && n < 10_000 {
				n *= 2
			}
			growthtest.Check(t, 40, fixed(n), fixed(8*n))
		})
	}
}
