package plain

import (
	"strings"
	"testing"

	"xmppscope/model/finding"
	"xmppscope/urlspec"
	"xmppscope/urlspec/document"
)

// TestEveryCodeIsExplained: each code that can be printed can be looked up, and
// both looks of its text are complete.
func TestEveryCodeIsExplained(t *testing.T) {
	var codes []string
	for _, c := range append(urlspec.Codes(), document.Codes()...) {
		codes = append(codes, c.Code)
	}
	for _, c := range finding.Codes() {
		codes = append(codes, c.Code)
	}
	for _, code := range codes {
		entries := lookUp(code)
		if !codesOnly([]string{code}) {
			t.Errorf("%s cannot be explained", code)
		}
		for _, e := range entries {
			if e.Severity == "" || e.Help == "" {
				t.Errorf("%s has no severity or no help: %+v", code, e)
			}
			for _, look := range []Look{{}, {Labels: true}} {
				text := strings.Join(strings.Fields(strings.Join(entryLines(e, look), " ")), " ")
				for _, want := range []string{e.Code, e.Help, e.Explanation, e.Edit, e.Cost, e.Admin} {
					if !strings.Contains(text, strings.Join(strings.Fields(want), " ")) {
						t.Errorf("the text of %s lacks %q:\n%s", code, want, text)
					}
				}
			}
		}
	}
}

// TestLabels: for a screen reader every line says what it is, and nothing is
// drawn.
func TestLabels(t *testing.T) {
	const url = "xmpps://alice:canary@corp.example/%23ops/bob?mode=t&nmae=x"
	for _, line := range everything(urlspec.Parse(url), Look{Labels: true}) {
		label, text, found := strings.Cut(line, ": ")
		if !found || label == "" || label != strings.TrimSpace(label) || strings.TrimSpace(text) == "" {
			t.Errorf("the line has no label: %q", line)
		}
		if strings.ContainsAny(strings.ReplaceAll(line, urlspec.Mask, ""), "~^•") || strings.Contains(line, "  ") {
			t.Errorf("the line is drawn: %q", line)
		}
	}
}

// TestEveryProblemIsDrawn: each code's example shows its problem, and marks
// under the text as many cells as the drawing of the marked text takes.
func TestEveryProblemIsDrawn(t *testing.T) {
	for _, c := range urlspec.Codes() {
		if c.Wrong == "" {
			continue
		}
		spec := urlspec.Parse(c.Wrong)
		text := strings.Join(everything(spec, Look{}), "\n")
		if !strings.Contains(text, string(c.Severity)+": "+c.Code+": ") {
			t.Errorf("the example of %s does not show it:\n%s", c.Code, text)
		}
		d := newDrawing(spec, Look{})
		for _, p := range spec.Problems {
			shown, marks := d.pointer(p.Start, p.End, normal, 200)
			if strings.Trim(marks, " ") == "" || strings.Trim(marks, " ^~") != "" {
				t.Errorf("%s is marked by %q under %q", p.Code, marks, shown)
			}
		}
	}
}

func TestWrapped(t *testing.T) {
	for name, test := range map[string]struct {
		look              Look
		text, first, rest string
		want              []string
	}{
		"between words": {Look{Width: 20}, "one two three four five", "- ", "  ",
			[]string{"- one two three four", "  five"}},
		"not inside a word": {Look{Width: 20}, "tls-server-end-point-and-more x", "", "",
			[]string{"tls-server-end-point-and-more", "x"}},
		"wide characters": {Look{Width: 20}, "日本語日本語 日本語日本語", "", "", []string{"日本語日本語", "日本語日本語"}},
		"nothing":         {Look{Width: 20}, "", "label", "", []string{"label"}},
		"never for a label": {Look{Width: 20, Labels: true}, "one two three four five", "l: ", "",
			[]string{"l: one two three four five"}},
		"blanks are all one":   {Look{Width: 20}, "a  b\tc", "", "", []string{"a b c"}},
		"however narrow it is": {Look{Width: 1}, "one two three four five", "", "", []string{"one two three four", "five"}},
		"the first is as wide": {Look{Width: 20}, "one two three four", "label     ", "          ",
			[]string{"label     one two three four"}},
		"80 when nobody says": {Look{}, strings.Repeat("x ", 50), "", "",
			[]string{strings.TrimSpace(strings.Repeat("x ", 40)), strings.TrimSpace(strings.Repeat("x ", 10))}},
		"a title and no leader": {Look{Width: 20}, "one", "", "", []string{"one"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := test.look.wrapped(test.text, test.first, test.rest)
			if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
