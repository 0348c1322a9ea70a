package message

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// Apprise's limits for one XMPP message, in code points.
const (
	// BodyLimit is the longest body, title included when subject=no.
	BodyLimit = 32768
	// SubjectLimit is the longest subject, counter included.
	SubjectLimit = 250
)

// counterLimit is the widest counter Apprise shows; " [0001/9999]" just fits.
const counterLimit = 12

// chunkLead is what Apprise drops at the start of a cut piece. Blanks stay.
const chunkLead = "\r\n\v\f"

// fitted fits one whole message to the limits in the way of overflow=.
func fitted(whole event.Message, format string, r urlspec.Reading) Batch {
	p := Batch{Accepted: true, Whole: Lengths{
		utf8.RuneCountInString(whole.Subject), utf8.RuneCountInString(whole.Body)}}
	mode := strings.ToLower(r.Overflow)
	if mode != "truncate" && mode != "split" {
		p.Messages = []event.Message{whole}
		return p
	}
	p.Limits.Body = BodyLimit
	if r.Subject {
		p.Limits.Subject = SubjectLimit
	}
	if p.Whole.Subject > SubjectLimit {
		whole.Subject = trimRight(firstRunes(whole.Subject, SubjectLimit))
	}
	switch {
	case p.Whole.Body <= BodyLimit:
		p.Messages = []event.Message{whole}
	case mode == "truncate":
		body := []rune(whole.Body)
		cut := trimChunk(body[:BodyLimit])
		p.Lost.Body = p.Whole.Body - utf8.RuneCountInString(cut)
		if format == formatMarkdown {
			cut = repairTruncated(cut, body[BodyLimit:])
		}
		p.Messages = []event.Message{{Subject: whole.Subject, Body: cut}}
	default:
		var chunks []string
		for _, piece := range smartSplit([]rune(whole.Body), BodyLimit, format) {
			chunks = append(chunks, trimChunk(piece))
		}
		if format == formatMarkdown {
			repairChunks(chunks)
		}
		whole.Subject, p.Messages = numbered(whole.Subject, chunks)
	}
	p.Lost.Subject = p.Whole.Subject - utf8.RuneCountInString(whole.Subject)
	return p
}

// numbered gives every chunk the subject and a counter such as " [2/3]", padded
// to the width of the total. Without a subject, or past 9999 chunks, there is no
// counter. It returns the subject as it was cut to make room.
func numbered(subject string, chunks []string) (string, []event.Message) {
	digits := len(strconv.Itoa(len(chunks)))
	width := len(" [/]") + 2*digits
	counted := subject != "" && width <= counterLimit
	if counted {
		subject = firstRunes(subject, SubjectLimit-width)
	}
	out := make([]event.Message, len(chunks))
	for i, body := range chunks {
		out[i] = event.Message{Subject: subject, Body: body}
		if counted {
			out[i].Subject += fmt.Sprintf(" [%0*d/%d]", digits, i+1, len(chunks))
		}
	}
	return subject, out
}

// trimChunk drops line ends before and all white space after a cut piece.
func trimChunk(piece []rune) string {
	return trimRight(strings.TrimLeft(string(piece), chunkLead))
}

func trimRight(s string) string { return strings.TrimRightFunc(s, isPythonSpace) }

// firstRunes is the start of s, at most n code points of it.
func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
