package urlspec

import "testing"

// TestUnicodeHost: the host that is offered in place of one that is not ASCII,
// empty where there is none.
func TestUnicodeHost(t *testing.T) {
	for _, c := range [][2]string{
		{"müller.example", "xn--mller-kva.example"},
		{"MÜLLER.example", "xn--mller-kva.example"},
		{"straße.de", "xn--strae-oqa.de"}, // IDNA 2008, not "strasse"
		{"日本。jp", "xn--wgv71a.jp"},        // the ideographic full stop parts labels
		{"ｅxample.org", "example.org"},
		{"☃.net", "xn--n3h.net"},
		{"x_ü.example", ""}, // no "_" in a name that is looked up
		{"-ü.example", ""},
		{"aא.example", ""},  // the directions of RFC 5893
		{"ü.1.example", ""}, // Apprise refuses the single digit
		{"ü..example", ""},
	} {
		got := ""
		for _, p := range Parse("xmpps://alice:secret@" + c[0]).Problems {
			if p.Code == "host-unicode" && p.Fix != nil {
				got = p.Fix.Text
			}
		}
		if got != c[1] {
			t.Errorf("%s: %q is offered, want %q", c[0], got, c[1])
		}
	}
}
