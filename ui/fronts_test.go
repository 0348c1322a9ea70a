package ui

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"xmppscope/ui/plain"
	"xmppscope/urlspec"
)

// TestFrontsAgree draws URLs on the screen and as explain prints them, both 78
// columns wide: the cells, the masks and the labels are the same.
func TestFrontsAgree(t *testing.T) {
	const (
		head  = "xmpps://alice:••••••••@corp.example" // as most of them begin
		named = "scheme, user, password, host"
	)
	for name, test := range map[string]struct {
		url    string
		rows   string // as drawn, a line each
		labels string // of the parts in their order
	}{
		"every part": {"xmpps://alice:secret@corp.example:5223/%23ops/bob?mode=tls&name=pager",
			head + ":5223/%23ops/bob?mode=tls&name=pager", named + ", port, room, user, mode, nick"},
		"without a password": {"xmpp://alice@corp.example", "xmpp://alice@corp.example", "scheme, user, host"},
		"a password with an @": {"xmpps://alice:p@ss@corp.example/bob",
			"xmpps://alice:••••••••@corp.example/bob",
			"scheme, user, password, lost, user"},
		"a password in a parameter": {"xmpps://alice@corp.example?pass=secret&password=x",
			"xmpps://alice@corp.example?pass=••••••••&password=••••••••",
			"scheme, user, host, password, password"},
		"one that an & cuts": {"xmpps://alice@corp.example?pass=sec&ret",
			"xmpps://alice@corp.example?pass=••••••••&••••••••",
			"scheme, user, host, password, password"},
		"a name that looks like one": {"xmpps://alice@corp.example?passwort=secret",
			"xmpps://alice@corp.example?passwort=••••••••", "scheme, user, host, unknown"},
		"one with a parameter inside": {"xmpps://alice:p?foo&mode=tls@host/", "xmpps://alice:••••••••@host/",
			"scheme, host, password, parameter"},
		"a URL in a URL": {"xmpps://alice:pw@corp.example?to=xmpp://bob:secret@x",
			head + "?to=xmpp:••••••••@x", named + ", targets"},
		"the scheme, half typed":   {"xmp", "xmp", "scheme"},
		"the user, half typed":     {"xmpps://ali", "xmpps://ali", "scheme, user"},
		"the password, half typed": {"xmpps://alice:sec", "xmpps://alice:••••••••", "scheme, user, password"},
		"the host, half typed":     {"xmpps://alice:sec@co", "xmpps://alice:••••••••@co", named},
		"a parameter, half typed":  {"xmpps://alice:pw@corp.example?mo", head + "?mo", named + ", unknown"},
		"a value, half typed":      {"xmpps://alice:pw@corp.example?mode=", head + "?mode=", named + ", mode"},
		"several problems": {"xmpps://alice:pw@corp.example:52x2/%23ops/@?scram=no&mode=x&mode=tls",
			head + ":52x2/%23ops/@?scram=no&mode=x&mode=tls", named + ", port, target, target, unknown, replaced, mode"},
		"dropped targets": {"xmpps://alice:pw@corp.example/@/bob/@@", head + "/@/bob/@@",
			named + ", dropped, user, dropped"},
		"what is lost": {"xmpps://alice:pw@corp.example/bob#ops", head + "/bob#ops",
			named + ", user, lost"},
		"no URL": {"hello world", "hello world", "not read"},
		"another scheme": {"https://alice:pw@corp.example", "https://alice:••••••••@corp.example",
			"not read, user, password, host"},
		"wide characters": {"xmpps://日本:日本@corp.example/日本",
			"xmpps://日本:••••••••@corp.example/日本",
			named + ", user"},
		"combining marks": {"xmpps://e\u0301:o\u0302@corp.example/u\u0308",
			"xmpps://e\u0301:••••••••@corp.example/u\u0308", named + ", user"},
		"emoji": {"xmpps://👩\u200d🚀:👍🏽@corp.example/👍🏽❤\ufe0f",
			"xmpps://👩🚀:••••••••@corp.example/👍❤",
			named + ", user"},
		"control characters": {"xmpps://al\x1bice:p\x1bw@corp.example/b\x00\x7fob",
			`xmpps://al\u001bice:••••••••@corp.example/b\u0000\u007fob`, named + ", user"},
		"bidirectional characters": {"xmpps://alice:pw@corp.example/\u202ebob\u2066",
			head + `/\u202ebob\u2066`, named + ", user"},
		"characters not seen": {"xmpps://alice:pw@corp\u200b.example/b\u200do\u00adb\ue000",
			`xmpps://alice:••••••••@corp\u200b.example/b\u200do\u00adb\ue000`, named + ", target"},
		"bytes that are not UTF-8": {"xmpps://al\xffice:p\xffw@corp.example",
			`xmpps://al\xffice:••••••••@corp.example`,
			named},
		"a no-break space": {"xmpps://alice:pw@corp.example/b\u00a0ob", head + "/b\u00a0ob", named + ", user"},
		"a long one": {"xmpps://alice:pw@corp.example" + strings.Repeat("/bob@example.org", 5),
			head + strings.Repeat("/bob@example.org", 2) + "/bob@exampl\ne.org" + strings.Repeat("/bob@example.org", 2),
			named + ", user, dropped, dropped, dropped, dropped"},
		"a mask at the edge": {"xmpps://alice:pw@corp.example?subject=yes&roster=yes&keepalive=yes&pass=secret",
			head + "?subject=yes&roster=yes&keepalive=yes&pass=\n••••••••",
			named + ", subject, roster, keepalive, password"},
		"a long password": {"xmpps://alice:" + strings.Repeat("secret", 100) + "@corp.example", head, named},
		"a very long one": {"xmpps://alice:pw@corp.example/" + strings.Repeat("b", 1000),
			head + "/" + strings.Repeat("b", 42) + strings.Repeat("\n"+strings.Repeat("b", 78), 12) + "\n" +
				strings.Repeat("b", 22), named + ", user"},
	} {
		t.Run(name, func(t *testing.T) {
			want := strings.Split(test.labels, ", ")
			for front, draw := range map[string]func(*testing.T, string, []string) (rows, labels []string){
				"the screen": onScreen, "explain": inLines,
			} {
				rows, labels := draw(t, test.url, strings.Split(test.rows, "\n"))
				if got := strings.Join(rows, "\n"); got != test.rows {
					t.Errorf("%s draws\n%s\nwant\n%s", front, got, test.rows)
				}
				if !slices.Equal(labels, want) {
					t.Errorf("%s names %q, want %q", front, labels, want)
				}
			}
		})
	}
}

// onScreen gives the rows of the URL in the screen's box, and the label that
// stands out when the cursor is in each part.
func onScreen(t *testing.T, url string, _ []string) (rows, labels []string) {
	t.Helper()
	const most = 50
	st := newStyles(ThemeDark)
	p := newURLPane(url)
	v := p.paint(st, 80, most+2, most, false, nil, "")
	for i, line := range v.lines {
		if text := strings.TrimPrefix(ansi.Strip(line), " "); p.lines[i] >= 0 && text != "" {
			rows = append(rows, text)
		}
	}
	st.here = look{open: "<", close: ">"}
	current := regexp.MustCompile("<(.*)>")
	for _, part := range p.viewFor(false).Parts {
		span := p.spec.Spans[slices.IndexFunc(p.spec.Spans, func(s urlspec.Span) bool { return s.Start == part.Start })]
		p.move(span.End)
		for i, line := range p.paint(st, 80, most+2, most, true, nil, "").lines {
			if label := current.FindStringSubmatch(ansi.Strip(line)); label != nil && p.lines[i] < 0 {
				labels = append(labels, label[1])
				break // a part over several rows has its name below each
			}
		}
	}
	return rows, labels
}

// inLines gives the same out of what explain prints: below each of its rows are
// marks, and lines of labels.
func inLines(t *testing.T, url string, want []string) (rows, labels []string) {
	t.Helper()
	drawing, _, _ := strings.Cut(explained78(t, url), "\n\n")
	type label struct {
		column int
		text   string
	}
	var here []label
	flush := func() {
		slices.SortFunc(here, func(a, b label) int { return a.column - b.column })
		for _, l := range here {
			labels = append(labels, l.text)
		}
		here = nil
	}
	words := regexp.MustCompile(`not read|TCP host|connect timeout|answer timeout|[a-z]+`)
	for _, line := range strings.Split(drawing, "\n") {
		switch {
		case len(rows) < len(want) && line == want[len(rows)]:
			flush()
			rows = append(rows, line)
		case strings.Trim(line, "~ ") == "":
		case !regexp.MustCompile(`^[A-Za-z ]*$`).MatchString(line):
			rows = append(rows, line) // a row that is not wanted
		default:
			for _, at := range words.FindAllStringIndex(line, -1) {
				here = append(here, label{at[0], line[at[0]:at[1]]})
			}
		}
	}
	flush()
	return rows, labels
}

// TestPointersAgree: the problem that the screen points to has the same squiggle
// at the same place of the URL where explain tells it.
func TestPointersAgree(t *testing.T) {
	for name, test := range map[string]struct{ url, code, squiggle string }{
		"a part":           {"xmpps://alice:pw@corp.example:52x2/bob", "port-invalid", "~~^~"},
		"a password":       {"xmpps://alice:p@ss@corp.example/bob", "password-at", "~~~~^~~~"},
		"wide characters":  {"xmpps://alice:pw@日本/bob", "host-unicode", "~~^~"},
		"an escape":        {"xmpps://alice:pw@corp.example/b\u202eb&c", "target-illegal-jid", "~~~~~^~~~~"},
		"one character":    {"xmpps://alice:pw@corp.example?x=y", "param-unknown", "^"},
		"behind the end":   {"xmpps://alice:pw@", "host-missing", "^"},
		"of several ones":  {"xmpps://alice:pw@corp.example:x/?scram=no", "port-invalid", "^"},
		"an @ half-typed":  {"xmpps://alice:secret", "user-missing", "^"},
		"all of the text":  {"hello", "scheme-missing", "~~^~~"},
		"a name of a user": {"xmpps://alice@corp.example", "password-missing", "~~^~~"},
	} {
		t.Run(name, func(t *testing.T) {
			st := newStyles(ThemeDark)
			p := newURLPane(test.url)
			q, _ := p.problem(false)
			squiggle := regexp.MustCompile(` (~*\^~*)( |$)`)
			find := func(lines []string) (at int, text string) {
				for _, line := range lines {
					if m := squiggle.FindStringSubmatchIndex(" " + line); m != nil {
						return ansi.StringWidth(line[:m[2]-1]), line[m[2]-1 : m[3]-1]
					}
				}
				return -1, ""
			}
			drawn := p.paint(st, 80, 3, 1, false, nil, "").lines
			for i := range drawn {
				drawn[i] = strings.TrimPrefix(ansi.Strip(drawn[i]), " ")
			}
			at, text := find(drawn)
			if q.Code != test.code || text != test.squiggle {
				t.Errorf("the screen points to %s with %q, want %s with %q", q.Code, text, test.code, test.squiggle)
			}
			_, told, _ := strings.Cut(explained78(t, test.url), ": "+test.code+": ")
			lines := strings.Split(told, "\n")
			for i := range lines {
				lines[i] = strings.TrimPrefix(lines[i], "    ")
			}
			if column, told := find(lines); column != at || told != text {
				t.Errorf("the screen has %q in column %d, explain %q in %d", text, at, told, column)
			}
		})
	}
}

// explained78 is what explain prints of a URL, 78 columns wide.
func explained78(t *testing.T, url string) string {
	t.Helper()
	var out bytes.Buffer
	shell := plain.Shell{Out: &out, Look: plain.Look{Width: 78}}
	if _, err := shell.Explain(plain.Explain{Source: plain.Source{Args: []string{url}}}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
