//go:build apprise

package realapprise

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"xmppscope/urlspec"
)

// TestSplit: texts with several URLs are taken apart as Apprise's command line does.
// Left out are quotation marks: where one closes what it opened, we cut before it,
// and Apprise does not; and what nobody writes into an argument: a line's end inside
// a URL, which Apprise drops, and the letters that Python takes for i, k and s.
func TestSplit(t *testing.T) {
	const total = 3000
	judge, chance := newJudge(t), newChance(t)
	gaps := []string{" ", ", ", ",", ";", "\t", ",;, ", "  ", "", "x", strings.Repeat(" ", 32), strings.Repeat(" ", 33)}
	before := []string{"", "", "", "url: ", "- ", "apprise ", " ", "x://", "1://"}
	var questions []question
	for len(questions) < total {
		text := chance.one(before)
		for i := range 1 + chance.IntN(4) {
			if i > 0 {
				text += chance.one(gaps)
			}
			text += chance.url()
		}
		if strings.Contains(text, "s://") && !strings.ContainsAny(text, "'\"`<>“”‹›\nİıſ\u212a") {
			questions = append(questions, question{Do: "split", Text: text})
		}
	}
	several, different := 0, 0
	judge.askAll(t, questions, func(i int, answer json.RawMessage) {
		var want struct {
			URLs []string `json:"urls"`
		}
		decode(t, answer, &want)
		var got []string
		for _, part := range urlspec.Split(questions[i].Text) {
			got = append(got, strings.TrimSpace(part.Text)) // which both do before they read it
		}
		for n := range want.URLs {
			want.URLs[n] = strings.TrimSpace(want.URLs[n])
		}
		if len(want.URLs) > 1 {
			several++
		}
		if slices.Equal(got, want.URLs) {
			return
		}
		if different++; different <= 20 {
			judge.differ(t, "%q\nours    %q\nApprise %q", questions[i].Text, got, want.URLs)
		}
	})
	t.Logf("%-40s %6d", "texts", total)
	t.Logf("%-40s %6d", "of them with several URLs", several)
	t.Logf("%-40s %6d", "taken apart differently", different)
}
