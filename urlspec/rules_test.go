package urlspec

import (
	"strings"
	"testing"
)

// TestPause: wait= is bounded above, and what is no length of time is the
// default.
func TestPause(t *testing.T) {
	for _, c := range []struct {
		written string
		want    Seconds
		problem string // its code
	}{
		{"0", 0, ""},
		{"0.25", 0.25, ""},
		{"1e1", 10, ""},
		{"20", 20, ""},
		{"20.5", 20, "value-clamped"},
		{"-1", 0.5, "value-clamped"},
		{"nan", 0.5, "value-clamped"},
		{"inf", 0.5, "value-clamped"},
		{"-inf", 0.5, "value-clamped"},
		{"1e400", 0.5, "value-clamped"},
		{"soon", 0.5, "value-unrecognised"},
		{"", 0.5, "value-unrecognised"},
	} {
		s := Parse("xmpps://alice:secret@example.com?wait=" + c.written)
		if s.Reading.Wait != c.want {
			t.Errorf("wait=%s is read as %s, want %s", c.written, s.Reading.Wait, c.want)
		}
		got := ""
		if len(s.Problems) > 0 {
			got = s.Problems[0].Code
		}
		if got != c.problem || len(s.Problems) > 1 {
			t.Errorf("wait=%s raises %+v, want %q", c.written, s.Problems, c.problem)
		}
	}
}

// TestCanonicalNick: Apprise prints a nick only where it is not the user.
func TestCanonicalNick(t *testing.T) {
	for _, c := range []struct {
		url     string
		printed bool
	}{
		{"xmpps://alice:secret@example.com?name=pager", true},
		{"xmpps://alice:secret@example.com?name=alice", false},
		{"xmpps://alice:secret@example.com?name=alice&user=bob", true},
		{"xmpps://alice:secret@example.com?name=bad-nick", false},
		{"xmpps://alice:secret@example.com?name=", false},
		{"xmpps://al%40other.example:secret@example.com?name=al", true}, // the user is the whole
	} {
		if got := strings.Contains(Parse(c.url).Reading.CanonicalURL, "&name="); got != c.printed {
			t.Errorf("%s: printed %v, want %v", c.url, got, c.printed)
		}
	}
}
