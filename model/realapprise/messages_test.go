//go:build apprise

package realapprise

import (
	"encoding/json"
	"strings"
	"testing"

	"xmppscope/model/message"
	"xmppscope/urlspec"
)

// The pieces of generated notifications.
var (
	formats  = []string{"text", "text", "html", "markdown"}
	outputs  = []string{"", "", "&format=text", "&format=html", "&format=markdown", "&format=bogus"}
	limits   = []string{"", "", "&overflow=split", "&overflow=truncate", "&overflow=upstream"}
	switches = []string{"", "&subject=yes", "&emojis=yes", "&subject=yes&emojis=yes", "&keepalive=yes"}
	prose    = []string{"hello", "World", "disk full", "a", ".", "! ", "? ", ", ", " ", "  ", "\n", "\r\n",
		"\n\n", "\t", "\r", "\u00a0", "\u3000", "\u2028", "\u0085", "\u200b", "\ufeff", "\x1c", "\x0b", "\x00",
		"\x1b", "é", "😀", "👩‍💻", "Ω", "<", ">", "&", "\"", "'", "`", "*", "_", "#", "- ", "1. ", "+",
		"~~s~~", "|", "\\", "[x](http://h/a_b)", "http://h/?a=1&b=2"}
	escapes = []string{"\\n", "\\t", "\\\\", "\\x41", "\\x4", "\\u263a", "\\U0001F600", "\\N{BULLET}", "\\N{LF}",
		"\\N{NONE}", "\\101", "\\8", "\\a", "\\'", "\\\"", "\\", "\\q", "\\ud83d", "\\ud83d\\ude00",
		"C:\\Users\\name", "\\N{HANGUL SYLLABLE GA}", "\\\n", "\\x00", "\\0"}
	shortcodes = []string{":smile:", ":SMILE:", ":+1:", ":thumbsup:", ":nosuch:", "::smile::", ":us:",
		":flag-us:", "10:30:45", ":smile", ":-1:", ":1234:", ": smile:", ":o:", ":x:"}
	markup = []string{"<b>", "</b>", "<p>", "</p>", "<br>", "<br/>", "<li>a", "</ul>", "<ul>", "<h1>T</h1>",
		"<pre> k\n  e</pre>", "<textarea> a\n b</textarea>", "<!-- c -->", "<!-->", "<!--->", "<!--a--!>b",
		"<script>x<y</script>", "<style>p{}</style>", "&lt;", "&amp;", "&nbsp;", "&#x41;", "&#65;", "&bogus;",
		"&copy", "&#0;", "&#128512;", "<a href='h'>l</a>", "<hr>", "<td>x", "<tr>", "<title>t</title>", "<", "<p",
		"</", "<?php x ?>", "<!DOCTYPE html>", "<img src=x alt='y'>", "<div>", "</div>", "<span>",
		"<ol><li>a<li>b</ol>", "<iframe>f</iframe>", "<code>c</code>", "<![CDATA[x]]>", "<p/>"}
)

// text is up to so many pieces, of the kinds that a notification has.
func (c chance) text(most int, format string, escaped, emojis bool) string {
	kinds := [][]string{prose}
	if escaped {
		kinds = append(kinds, escapes)
	}
	if emojis {
		kinds = append(kinds, shortcodes)
	}
	if format == "html" {
		kinds = append(kinds, markup, markup)
	}
	if c.often(10) {
		kinds = append(kinds, escapes, shortcodes, markup)
	}
	var b strings.Builder
	for range c.IntN(most + 1) {
		b.WriteString(c.one(kinds[c.IntN(len(kinds))]))
	}
	return b.String()
}

// notification is a question to the real Apprise.
func (c chance) notification() question {
	q := question{Do: "plan", InputFormat: c.one(formats), Escapes: c.often(30)}
	set := c.one(switches)
	q.URL = "xmpps://alice:pw@example.com/bob?mode=starttls" + c.one(outputs) + c.one(limits) + set
	emojis := strings.Contains(set, "emojis")
	if c.often(60) {
		q.Title = c.text(5, q.InputFormat, q.Escapes, emojis)
	}
	q.Body = c.text(14, q.InputFormat, q.Escapes, emojis)
	if c.often(12) { // long enough for the limits of 250 and 32768 code points
		unit := c.text(4, q.InputFormat, q.Escapes, emojis) + c.one([]string{"x", "x ", "x\n", "é", "a. "})
		q.Body += strings.Repeat(unit, (20_000+c.IntN(30_000))/len([]rune(unit)))
	}
	if c.often(8) {
		q.Title += strings.Repeat(c.one([]string{"t", "t ", "é", "t\n"}), 120+c.IntN(200))
	}
	return q
}

// leftOut says whether the conversion of a notification is one for which a
// library's output is good enough: between markdown and html.
func leftOut(q question) bool {
	reading := urlspec.Parse(q.URL).Reading
	to := string(reading.Format)
	return q.InputFormat == "markdown" && to == "html" || q.InputFormat == "html" && to == "markdown"
}

// TestMessages: generated notifications become the messages that Apprise makes of
// them.
func TestMessages(t *testing.T) {
	const total = 3000
	judge, chance := newJudge(t), newChance(t)
	var questions []question
	for len(questions) < total {
		if q := chance.notification(); !leftOut(q) {
			questions = append(questions, q)
		}
	}
	accepted, different := 0, 0
	judge.askAll(t, questions, func(i int, answer json.RawMessage) {
		var want struct {
			Accepted bool `json:"accepted"`
			Half     bool `json:"half"`
			Messages []struct {
				Subject string `json:"subject"`
				Body    string `json:"body"`
			} `json:"messages"`
		}
		decode(t, answer, &want)
		q := questions[i]
		got := message.For(t.Context(), message.Notification{Title: q.Title, Body: q.Body, InputFormat: q.InputFormat,
			InterpretEscapes: q.Escapes}, urlspec.Parse(q.URL).Reading)
		same := got.Accepted == want.Accepted && len(got.Messages) == len(want.Messages)
		for n := range want.Messages {
			same = same && got.Messages[n].Subject == want.Messages[n].Subject && got.Messages[n].Body == want.Messages[n].Body
		}
		// Of half a character Apprise reports success, and nothing ever leaves: that
		// is what the verdict must know.
		if want.Half {
			same = !got.Accepted || got.Messages[0].Halved
		}
		if want.Accepted {
			accepted++
		}
		if same {
			return
		}
		if different++; different <= 20 {
			ours, _ := json.Marshal(got.Messages) // strings alone, which have no error
			judge.differ(t, "%s, %s, escapes %v\ntitle   %.300q\nbody    %.300q\nours    %v %.600s\nApprise %.600s", q.URL,
				q.InputFormat, q.Escapes, q.Title, q.Body, got.Accepted, ours, answer)
		}
	})
	if accepted < total/2 {
		t.Errorf("Apprise sends %d of %d notifications: too few to show anything", accepted, total)
	}
	t.Logf("%-40s %6d", "notifications", total)
	t.Logf("%-40s %6d", "of them sent", accepted)
	t.Logf("%-40s %6d", "planned differently", different)
}
