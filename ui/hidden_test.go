package ui

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// longURL is longer than the field at every size but the largest, and has more targets
// than the table of the smaller ones has rows.
const longURL = "xmpps://alice:pw@corp.example/%23a-room-with-a-name-that-goes-on-and-on@conf" +
	"erence.a.b.c.corp.example/bob/carol@bücher.example/用户名@example.jp/dave/erin/frank?name=pager&mode=nonsense"

// TestWhatIsHiddenIsCounted: a pane with more than it has room for says how much more,
// and the keys that it names show it, whichever pane has the keys.
func TestWhatIsHiddenIsCounted(t *testing.T) {
	named := regexp.MustCompile(`(\d+) more[a-z ]*(?:, ((?:alt\+)?[0-9z][alt+z0-9 ]*?) shows all|: ([alt+z0-9 ]*z))`)
	for _, d := range [][2]int{{40, 10}, {60, 20}, {80, 24}} {
		for name, keys := range map[string][]string{"URL": nil, "typing": {"i"}, "JIDs": {"2"}, "Stages": {"3"},
			"Send": {"7"}, "Send at rest": {"7", "esc"}} {
			t.Run(size(d[0], d[1])+" "+name, func(t *testing.T) {
				begin := func() *stage {
					s := open(t, d[0], d[1], Options{URL: longURL, Body: "hi"})
					s.press("esc")
					s.press(keys...)
					return s
				}
				for _, m := range named.FindAllStringSubmatch(begin().plain(), -1) {
					s := begin()
					for _, key := range strings.Fields(m[2] + m[3]) {
						s.press(key)
					}
					if !s.zoomed || s.url.text != longURL || s.send.body.text != "hi" {
						t.Errorf("%q does not zoom:\n%s", m[0], s.plain())
					}
				}
			})
		}
	}

	s := open(t, 80, 24, Options{URL: longURL})
	s.press("esc", "2")
	seen := 0
	for _, line := range strings.Split(s.plain(), "\n") {
		if regexp.MustCompile(`^│.(login JID|stream to|TCP host|TLS name|target \d)`).MatchString(line) {
			seen++
		}
	}
	s.mustShow(fmt.Sprintf("%d more, z shows all", 4+7-seen))
	s.press("z")
	s.mustShow("TLS name", "target 7")
}

// TestURLWindow: of a URL with more rows than the field, the part that is pointed to is
// seen with its pointer while nobody types, else the beginning; and the cursor always.
func TestURLWindow(t *testing.T) {
	s := open(t, 80, 24, Options{URL: longURL})
	s.press("esc")
	s.mustShow("…", "nonsense", "~^~", "1 more row, z shows all")
	s.press("i", "home")
	s.mustShow("xmpps://alice", "1 more row, alt+z shows all")
	for i := range len(s.url.text) { // at no place of the cursor is it out of sight
		s.url.move(i)
		if v := s.url.draw(s.screen, 78, 3, true); v.cursor == nil {
			t.Fatalf("no cursor at %d", i)
		}
	}
	s = open(t, 80, 24, Options{URL: strings.TrimSuffix(longURL, "&mode=nonsense")})
	s.mustShow("xmpps://alice:••", "scheme  user  password host")
	s.press("z")
	lines := strings.Split(s.plain(), "\n")
	for y := 2; y < 8; y += 2 { // each row has the names of its parts below it
		if !strings.Contains(lines[y+1], "user") && !strings.Contains(lines[y+1], "room") {
			t.Errorf("below %q is %q", lines[y], lines[y+1])
		}
	}
}
