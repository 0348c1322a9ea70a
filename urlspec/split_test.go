package urlspec

import (
	"slices"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	const a, b = "xmpps://al:pw1@h/b", "xmpps://c:pw2@h/d"
	for _, c := range []struct {
		text  string
		parts []string
		left  []string // what is left out around each
	}{
		{a, []string{a}, []string{""}},
		{"  " + a + "\n", []string{"  " + a + "\n"}, []string{""}},
		{a + ", " + b, []string{a, b}, []string{"", ""}},
		{a + "," + b, []string{a, b}, []string{"", ""}},
		{a + ";" + b, []string{a, b}, []string{"", ""}},
		{a + "\n" + b, []string{a, b}, []string{"", ""}},
		{a + b, []string{a + b}, []string{""}},
		{a + " json://localhost", []string{a, "json://localhost"}, []string{"", ""}},
		{a + strings.Repeat(" ", 40) + b, []string{a + strings.Repeat(" ", 8), b}, []string{"", ""}},
		{"url: " + a, []string{a}, []string{"url:"}},
		{"- " + a, []string{a}, []string{"-"}},
		{`"` + a + `"`, []string{a}, []string{`" … "`}},
		{"'" + a + "' # note", []string{a}, []string{"' … ' # note"}},
		{"“" + a + "”", []string{a}, []string{"“ … ”"}},
		{"‹" + a + "›", []string{a}, []string{"‹ … ›"}},
		{"XMPP_URL=" + a, []string{a}, []string{"XMPP_URL="}},
		{`XMPP_URL="` + a + `"`, []string{a}, []string{`XMPP_URL=" … "`}},
		{`{"urls": "` + a + `, ` + b + `"}`, []string{a, b + `"}`}, []string{`{"urls": "`, ""}},
		{`"xmpps://a:p"w@h"`, []string{`xmpps://a:p"w@h`}, []string{`" … "`}},
		{"alice:secret@h " + a, []string{a}, []string{"alice:••••••••"}},
		{a + "\nand more", []string{a + "\nand more"}, []string{""}},
		{"hello", []string{"hello"}, []string{""}},
		{"", []string{""}, []string{""}},
	} {
		var parts, left []string
		for _, p := range Split(c.text) {
			if c.text[p.Start:p.End] != p.Text {
				t.Errorf("%q: %+v is not at its offsets", c.text, p)
			}
			parts, left = append(parts, p.Text), append(left, p.Left)
		}
		if !slices.Equal(parts, c.parts) || !slices.Equal(left, c.left) {
			t.Errorf("Split(%q)\n gives %q, leaves %q\n want  %q, leaves %q", c.text, parts, left, c.parts, c.left)
		}
	}
}
