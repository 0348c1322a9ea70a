package message

import (
	"context"
	"strings"
	"unicode/utf8"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// Notification is what a person wants to say. The zero value says nothing and
// is refused.
type Notification struct {
	Title string
	Body  string
	// InputFormat is how Title and Body are written: text, html or markdown.
	// Anything else is taken as text, Apprise's own default.
	InputFormat string
	// InterpretEscapes turns \n, \t, \u263a and the like into the characters
	// they stand for, as apprise --interpret-escapes does.
	InterpretEscapes bool
}

// Lengths counts a message's subject and body in code points, which is what
// Apprise's limits count.
type Lengths struct {
	Subject int `json:"subject"`
	Body    int `json:"body"`
}

// Batch is what Apprise 2.1.0 would send for a notification, in order. Every
// target gets every message.
type Batch struct {
	// Messages are the stanzas' subjects and bodies; empty when refused.
	Messages []event.Message
	// Accepted is false when Apprise would send nothing at all.
	Accepted bool
	// Reason says in one sentence why nothing is sent; empty when accepted.
	Reason string
	// Halved is true where that is half a character: Apprise accepts it all the
	// same, reports success, and never sends it.
	Halved bool
	// Whole is the length of what there is to say, converted and with the
	// title in its place, before any limit is applied.
	Whole Lengths
	// Limits are what one message may hold; both 0 with overflow=upstream, and
	// Limits.Subject is 0 with subject=no, where the title is part of the body.
	Limits Lengths
	// Lost is what a limit cuts away for good: the end of the body with
	// overflow=truncate, the end of a subject that is too long. A split loses
	// only white space at its seams, which is not counted.
	Lost Lengths
}

// Lengths returns the lengths of the messages, in their order.
func (p Batch) Lengths() []Lengths {
	out := make([]Lengths, len(p.Messages))
	for i, m := range p.Messages {
		out[i] = Lengths{utf8.RuneCountInString(m.Subject), utf8.RuneCountInString(m.Body)}
	}
	return out
}

// The formats of a notification, as format= and the input format name them.
const (
	formatText     = "text"
	formatHTML     = "html"
	formatMarkdown = "markdown"
)

// The sentences of Batch.Reason.
const (
	reasonNothing     = "there is neither a title nor a body, and Apprise refuses to send nothing"
	reasonNoBody      = "the body is empty, and Apprise never sends a title alone"
	reasonVanished    = "nothing is left of the body once it is converted, and Apprise never sends a title alone"
	reasonInterrupted = "it was interrupted"
	reasonLongMarkup  = "the Markdown has more than 1 MiB, and it would take too much memory to make HTML of it: " +
		"send less of it, or send it as text"
	reasonHalfRune = "an escape stands for half a character (a surrogate), which no message can hold"
)

// For works out what Apprise 2.1.0 sends for n to the URL that r was
// read from. The order of the steps is Apprise's own: interpret escapes, put in
// emojis, convert, place the title, apply overflow=. It needs no more of r than
// Subject, Format, Emojis and Overflow, and their zero values are
// Apprise's defaults. The time that takes grows as the text does, so it ends with
// ctx, and then nothing is sent. Nor is it where there is more Markdown than we make
// HTML of, which Apprise would.
func For(ctx context.Context, n Notification, r urlspec.Reading) Batch {
	if n.Title == "" && n.Body == "" {
		return Batch{Reason: reasonNothing}
	}
	if n.Body == "" {
		return Batch{Reason: reasonNoBody}
	}
	from, to := formatName(n.InputFormat), formatName(r.Format)
	title, body := n.Title, n.Body
	anyHalved, allWhole := false, true
	if n.InterpretEscapes {
		for _, text := range []*string{&title, &body} {
			interpreted, halved, whole := interpretEscapes(*text)
			*text, anyHalved, allWhole = interpreted, anyHalved || halved, allWhole && whole
		}
	}
	if r.Emojis {
		title, body = replaceEmojis(title), replaceEmojis(body)
	}
	if from == formatMarkdown && to == formatHTML && len(title)+len(body) > markupLimit {
		return Batch{Reason: reasonLongMarkup}
	}
	body = convertFormat(ctx, from, to, body)
	if !r.Subject {
		title = convertFormat(ctx, from, to, title)
	}
	switch {
	case ctx.Err() != nil:
		return Batch{Reason: reasonInterrupted}
	case body == "":
		return Batch{Reason: reasonVanished}
	}
	batch := fitted(placeTitle(title, body, to, r.Subject), to, r)
	for i, m := range batch.Messages {
		if !allWhole && strings.ContainsRune(m.Subject+m.Body, loneHalf) {
			return Batch{Reason: reasonHalfRune, Halved: true}
		}
		batch.Messages[i].Halved = anyHalved
	}
	return batch
}

// placeTitle gives the message as one piece. With subject=yes the title is the
// stanza's subject; otherwise it goes before the body, in the way of the format.
func placeTitle(title, body, format string, subject bool) event.Message {
	title = strings.TrimFunc(title, isPythonSpace)
	body = strings.TrimRightFunc(body, isPythonSpace)
	if subject || title == "" {
		return event.Message{Subject: title, Body: body}
	}
	switch format {
	case formatHTML:
		return event.Message{Body: "<b>" + title + "</b><br />\r\n" + body}
	case formatMarkdown:
		if title = strings.TrimLeft(title, "\r\n \t\v\f#-"); title == "" {
			return event.Message{Body: body}
		}
		return event.Message{Body: "# " + title + "\n" + body}
	}
	return event.Message{Body: title + "\r\n" + body}
}

// formatName is the format a name stands for; an unknown one is text.
func formatName(name string) string {
	switch name = strings.ToLower(name); name {
	case formatHTML, formatMarkdown:
		return name
	}
	return formatText
}

// isPythonSpace is Python's str.isspace, by which Apprise trims. It differs from
// unicode.IsSpace on the separators U+001C to U+001F.
func isPythonSpace(r rune) bool {
	switch {
	case r >= 0x09 && r <= 0x0d, r >= 0x1c && r <= 0x20, r == 0x85, r == 0xa0,
		r == 0x1680, r >= 0x2000 && r <= 0x200a, r == 0x2028, r == 0x2029,
		r == 0x202f, r == 0x205f, r == 0x3000:
		return true
	}
	return false
}
