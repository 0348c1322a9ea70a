package plain

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"xmppscope/ui/urlview"
	"xmppscope/urlspec"
)

// TestDrawing: the rows of a URL, the marks under its parts, and their labels.
func TestDrawing(t *testing.T) {
	for name, test := range map[string]struct {
		url  string
		look Look
		want string
	}{
		"parts": {"xmpps://alice:secret@corp.example:5223/%23ops/bob?mode=tls&name=pager", Look{}, `
xmpps://alice:••••••••@corp.example:5223/%23ops/bob?mode=tls&name=pager
~~~~~   ~~~~~ ~~~~~~~~ ~~~~~~~~~~~~ ~~~~ ~~~~~~ ~~~ ~~~~~~~~ ~~~~~~~~~~
scheme  user  password host         port room   user mode    nick`},
		"rows as wide as the screen": {"xmpps://alice:secret@corp.example/bob?mode=tls", Look{Width: 24}, `
xmpps://alice:••••••••@c
~~~~~   ~~~~~ ~~~~~~~~ ~
scheme  user  password
                    host
orp.example/bob?mode=tls
~~~~~~~~~~~ ~~~ ~~~~~~~~
            user mode`},
		"a row without a part": {"xmpps://a:b@h.ex/@" + strings.Repeat("/", 20), Look{Width: 20}, `
xmpps://a:••••••••@h
~~~~~   ~ ~~~~~~~~ ~
scheme  user    host
          password
.ex/@///////////////
~~~ ~
    dropped
/////`},
		"colours": {"xmpp://a:b@h.ex/c?mode=tls&x=y", Look{Color: true}, "\n" +
			"\x1b[2mxmpp://\x1b[m\x1b[36ma\x1b[m\x1b[2m:••••••••@\x1b[m\x1b[1mh.ex\x1b[m\x1b[2m/\x1b[mc" +
			"\x1b[2m?mode=\x1b[m\x1b[36mtls\x1b[m\x1b[2m&x=y\x1b[m\n" +
			"\x1b[2m~~~~   ~ ~~~~~~~~ ~~~~ ~ ~~~~~~~~ ~~~\x1b[m\n" +
			"scheme user       host user mode  unknown\n         password"},
	} {
		t.Run(name, func(t *testing.T) {
			got := "\n" + strings.Join(newDrawing(urlspec.Parse(test.url), test.look).rows(), "\n")
			if got != test.want {
				t.Errorf("got:%s\nwant:%s", got, test.want)
			}
		})
	}
}

// TestPointer: the squiggle is under what it points to, also in an excerpt with
// dots where it was cut.
func TestPointer(t *testing.T) {
	const url = "xmpps://alice:secret@corp.example/bob?mode=tls"
	const shown = "xmpps://alice:••••••••@corp.example/bob?mode=tls"
	indent := func(n int, mark string) string { return strings.Repeat(" ", n) + mark }
	for name, test := range map[string]struct {
		start, end, width int
		text, squiggle    string
	}{
		"a stretch":               {21, 33, 80, shown, indent(23, "~~~~~~^~~~~~")},
		"one place":               {13, 14, 80, shown, indent(13, "^")},
		"inside the password":     {16, 17, 80, shown, indent(14, "~~~~^~~~")},
		"behind the end":          {len(url), len(url), 80, shown, indent(48, "^")},
		"a window on a long URL":  {34, 37, 20, "…example/bob?mode=t…", indent(9, "~^~")},
		"the end of a long URL":   {len(url), len(url), 20, "…mple/bob?mode=tls", indent(18, "^")},
		"more than can be marked": {0, len(url), 12, "xmpps://al…", "~~~~~^~~~~"},
	} {
		t.Run(name, func(t *testing.T) {
			text, squiggle := newDrawing(urlspec.Parse(url), Look{}).pointer(test.start, test.end, bad, test.width)
			if text != test.text || squiggle != test.squiggle {
				t.Errorf("got\n%s\n%s\nwant\n%s\n%s", text, squiggle, test.text, test.squiggle)
			}
		})
	}
}

// FuzzDrawing holds the drawing to its promises for any text: rows no wider
// than the screen, nothing that a terminal could obey, pointers at any place.
func FuzzDrawing(f *testing.F) {
	for _, url := range []string{"", "hello", "xmpps://alice:p@ss@corp.example:52x2/#ops?scram=no",
		"xmpps://\u202e\x9b\x00:a@b/\xff"} {
		f.Add(url, 40, 0, 3)
	}
	f.Fuzz(func(t *testing.T, url string, width, start, end int) {
		look := Look{Width: width}
		d := newDrawing(urlspec.Parse(url), look)
		lines := d.rows()
		if start >= 0 && end >= start && end <= len(url) {
			text, squiggle := d.pointer(start, end, bad, look.width())
			if strings.TrimSpace(squiggle) == "" {
				t.Fatalf("nothing is marked for bytes %d to %d", start, end)
			}
			lines = append(lines, text, squiggle)
		}
		for _, line := range lines {
			if strings.ContainsFunc(line, urlview.Hidden) {
				t.Fatalf("line %q has a character that is not to be seen", line)
			}
			if ansi.StringWidth(line) > look.width() {
				t.Fatalf("line %q is %d cells wide, the screen %d", line, ansi.StringWidth(line), look.width())
			}
		}
	})
}
