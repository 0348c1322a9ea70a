package plain

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"xmppscope/urlspec"
)

func TestDrawing(t *testing.T) {
	for name, test := range map[string]struct {
		url   string
		width int
		want  string
	}{
		"parts": {
			url: "xmpps://alice:secret@corp.example:5223/%23ops/bob?mode=tls&name=pager",
			want: `
xmpps://alice:••••••••@corp.example:5223/%23ops/bob?mode=tls&name=pager
~~~~~   ~~~~~ ~~~~~~~~ ~~~~~~~~~~~~ ~~~~ ~~~~~~ ~~~ ~~~~~~~~ ~~~~~~~~~~
scheme  user  password host         port room   to  mode     nick`,
		},
		"labels that do not fit go a row down": {
			url: "xmpp://a:b@c.example/x/y?to=z&cto=2&rto=3",
			want: `
xmpp://a:••••••••@c.example/x/y?to=z&cto=2&rto=3
~~~~   ~ ~~~~~~~~ ~~~~~~~~~ ~ ~ ~~~~ ~~~~~ ~~~~~
scheme user       host      to  targets    answer timeout
         password             to     connect timeout`,
		},
		"wide and unsafe characters": {
			url: "xmpps://日本\x1b:pw@h.example/\u202ebob",
			want: `
xmpps://日本\u001b:••••••••@h.example/\u202ebob
~~~~~   ~~~~~~~~~~ ~~~~~~~~ ~~~~~~~~~ ~~~~~~~~~
scheme  user       password host      to`,
		},
		"rows as wide as the screen": {
			url:   "xmpps://alice:secret@corp.example/bob?mode=tls",
			width: 24,
			want: `
xmpps://alice:••••••••@c
~~~~~   ~~~~~ ~~~~~~~~ ~
scheme  user  password host
orp.example/bob?mode=tls
~~~~~~~~~~~ ~~~ ~~~~~~~~
            to  mode`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDrawing(urlspec.Parse(test.url), Look{Width: test.width})
			got := "\n" + strings.Join(d.rows(), "\n")
			if got != test.want {
				t.Errorf("got:%s\nwant:%s", got, test.want)
			}
		})
	}
}

func TestPointer(t *testing.T) {
	const url = "xmpps://alice:secret@corp.example/bob?mode=tls"
	d := newDrawing(urlspec.Parse(url), Look{})
	for name, test := range map[string]struct {
		start, end, width int
		text, marks       string
	}{
		"a stretch":               {21, 33, 80, "xmpps://alice:••••••••@corp.example/bob?mode=tls", strings.Repeat(" ", 23) + "~~~~~~~~~~~~"},
		"one place":               {13, 14, 80, "xmpps://alice:••••••••@corp.example/bob?mode=tls", strings.Repeat(" ", 13) + "^"},
		"inside the password":     {16, 17, 80, "xmpps://alice:••••••••@corp.example/bob?mode=tls", strings.Repeat(" ", 14) + "^^^^^^^^"},
		"behind the end":          {len(url), len(url), 80, "xmpps://alice:••••••••@corp.example/bob?mode=tls", strings.Repeat(" ", 48) + "^"},
		"a window on a long URL":  {34, 37, 20, "…example/bob?mode=tls"[:len("…example/bob?mode=t")] + "…", "         ~~~"},
		"more than can be marked": {0, len(url), 12, "xmpps://al…", "~~~~~~~~~~"},
	} {
		t.Run(name, func(t *testing.T) {
			text, marks := d.pointer(test.start, test.end, bad, test.width)
			if text != test.text || marks != test.marks {
				t.Errorf("got\n%s\n%s\nwant\n%s\n%s", text, marks, test.text, test.marks)
			}
		})
	}
}

// FuzzDrawing holds the drawing to its promises for any text: rows no wider
// than the screen, nothing that a terminal could obey, pointers at any place.
func FuzzDrawing(f *testing.F) {
	for _, url := range []string{"", "hello", "xmpps://alice:p@ss@corp.example:52x2/#ops?scram=no", "xmpps://\u202e\x9b\x00:a@b/\xff"} {
		f.Add(url, 40, 0, 3)
	}
	f.Fuzz(func(t *testing.T, url string, width, start, end int) {
		look := Look{Width: width}
		spec := urlspec.Parse(url)
		d := newDrawing(spec, look)
		lines := d.rows()
		for i, g := range d.glyphs {
			if i > 0 && g.start != d.glyphs[i-1].end {
				t.Fatalf("glyph %d begins at byte %d, the one before ends at %d", i, g.start, d.glyphs[i-1].end)
			}
		}
		if start >= 0 && end >= start && end <= len(url) {
			text, marks := d.pointer(start, end, bad, look.width())
			if strings.TrimSpace(marks) == "" {
				t.Fatalf("nothing is marked for bytes %d to %d", start, end)
			}
			lines = append(lines, text, marks)
		}
		for _, line := range lines {
			for _, r := range line {
				if r < 0x20 || r >= 0x7f && r < 0xa0 {
					t.Fatalf("line %q has the control character %U", line, r)
				}
			}
		}
		// A label may stand out over the edge; the URL itself may not, unless a
		// single character is wider than the screen.
		for _, line := range lines {
			if strings.Contains(line, "://") && ansi.StringWidth(line) > max(look.width()+40, 2*narrowest) {
				t.Fatalf("line %q is %d cells wide, the screen %d", line, ansi.StringWidth(line), look.width())
			}
		}
	})
}
