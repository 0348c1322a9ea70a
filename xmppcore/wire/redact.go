package wire

import (
	"fmt"
	"strings"
)

// Redact prints an element as XML on one line, safe to show, with every secret
// replaced by "[redacted N bytes]": SASL payloads (from which a password can be
// found offline), salted passwords and tokens of SASL2's extensions, and the
// passwords of rooms, registration and old authentication. Namespaces are
// declared where they change, whatever the prefixes were.
func Redact(e *Element) string { return Redactor{}.Element(e) }

// Redactor prints elements as [Redact] does, and may know of further secrets.
type Redactor struct {
	// Hides reports whether a text must not show, as it came: the text of an
	// element, the value of an attribute or a name. HidesTogether does so for texts
	// that stand one behind another. Nil hides none.
	Hides, HidesTogether func(text string) bool
	// Mask stands for what is hidden so.
	Mask string
}

// Element is [Redact].
func (r Redactor) Element(e *Element) string {
	if e == nil {
		return ""
	}
	b := printer{Redactor: r}
	b.findSplit(e)
	writeElement(&b, e, NSClient, false)
	return b.String()
}

// Header prints the element of an [Open] item: its start tag alone.
func (r Redactor) Header(e *Element) string {
	if e == nil {
		return ""
	}
	b := printer{Redactor: r}
	writeStartTag(&b, e, "", isExchange(e))
	b.WriteByte('>')
	return b.String()
}

// printer is the text of an element while it is put together.
type printer struct {
	strings.Builder
	Redactor
	// noText and noValues leave out every text and every value: together they
	// are what one alone is not.
	noText, noValues bool
}

// hides reports whether a text must not show.
func (b *printer) hides(text string) bool { return b.Hides != nil && text != "" && b.Hides(text) }

// shown is a text, or what stands for it. That does not tell its length: it may
// be a password and nothing else.
func (b *printer) shown(text string) string {
	if b.hides(text) {
		return b.Mask
	}
	return text
}

// findSplit looks for a secret that is spread over several texts, or over several
// attributes.
func (b *printer) findSplit(e *Element) {
	if b.HidesTogether == nil {
		return
	}
	var texts, values strings.Builder
	b.collect(e, &texts, &values)
	b.noText, b.noValues = b.HidesTogether(texts.String()), b.HidesTogether(values.String())
}

// collect joins the texts that show in their order, and the values.
func (b *printer) collect(e *Element, texts, values *strings.Builder) {
	for _, a := range e.Attrs {
		if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" && !b.hides(a.Value) {
			values.WriteString(a.Value)
		}
	}
	hides := b.hides(e.Text)
	if hides {
		texts.WriteByte(0)
	}
	for text, child := range e.mixed() {
		if child != nil {
			b.collect(child, texts, values)
		} else if !hides {
			texts.WriteString(text)
		}
	}
}

// writeElement prints e inside an element of the namespace outer. secret is
// true inside a SASL exchange, where all is secret that is not known to be
// harmless.
func writeElement(b *printer, e *Element, outer string, secret bool) {
	secret = secret || isExchange(e)
	name := writeStartTag(b, e, outer, secret)
	if len(e.Children) == 0 && e.Text == "" {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	if hidesText(e, secret) {
		if size := textSize(e); size > 0 {
			b.WriteString(redacted(size))
		}
	} else {
		b.content(e, outer, secret)
	}
	b.WriteString("</" + name + ">")
}

// content prints texts and children in their order. A text that a secret stands in
// is hidden in all its pieces.
func (b *printer) content(e *Element, outer string, secret bool) {
	inner := e.Name.Space
	if inner == NSStream {
		inner = outer // the prefix leaves the default namespace alone
	}
	hides := b.noText || b.hides(e.Text)
	for text, child := range e.mixed() {
		switch {
		case child != nil:
			writeElement(b, child, inner, secret)
		case hides:
			b.WriteString(b.Mask)
		default:
			b.escaped(text)
		}
	}
}

// writeStartTag prints a start tag without its ">" and returns the name it
// used.
func writeStartTag(b *printer, e *Element, outer string, secret bool) string {
	name := Safe(b.shown(e.Name.Local))
	switch e.Name.Space {
	case NSStream:
		name = "stream:" + name
		b.WriteString("<" + name)
	case outer:
		b.WriteString("<" + name)
	default:
		b.WriteString("<" + name)
		writeAttr(b, "xmlns", b.shown(e.Name.Space))
	}
	header := e.Is(NSStream, "stream")
	for _, a := range e.Attrs {
		attr, value := Safe(b.shown(a.Name.Local)), a.Value
		declares := a.Name.Space == "xmlns" || attr == "xmlns"
		switch {
		case hidesAttr(e, a.Name.Local, secret):
			value = redacted(len(value))
		case b.noValues && !declares || b.hides(value):
			value = b.Mask
		}
		switch a.Name.Space {
		case "":
			if attr != "xmlns" || header {
				writeAttr(b, attr, value)
			}
		case "xmlns":
			if header {
				writeAttr(b, "xmlns:"+attr, value)
			}
		case NSXML:
			writeAttr(b, "xml:"+attr, value)
		default: // rare enough to declare a prefix for each
			writeAttr(b, "xmlns:a", b.shown(a.Name.Space))
			writeAttr(b, "a:"+attr, value)
		}
	}
	return name
}

func writeAttr(b *printer, name, value string) {
	b.WriteString(" " + name + "='")
	b.escaped(value)
	b.WriteByte('\'')
}

// escaped writes character data that is safe to show.
func (b *printer) escaped(s string) {
	for s != "" {
		i := strings.IndexAny(s, "<>&'")
		if i < 0 {
			b.WriteString(Safe(s))
			return
		}
		b.WriteString(Safe(s[:i]))
		switch s[i] {
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '&':
			b.WriteString("&amp;")
		case '\'':
			b.WriteString("&apos;")
		}
		s = s[i+1:]
	}
}

func redacted(size int) string { return fmt.Sprintf("[redacted %d bytes]", size) }

// textSize is the size of all text in e.
func textSize(e *Element) int {
	n := len(e.Text)
	for _, c := range e.Children {
		n += textSize(c)
	}
	return n
}

// isExchange reports whether e is part of a SASL exchange. What merely offers
// mechanisms or refuses the login is not, and holds no payload.
func isExchange(e *Element) bool {
	switch e.Name.Space {
	case NSSASL, NSSASL2:
		switch e.Name.Local {
		case "mechanisms", "authentication", "inline", "mechanism", "failure":
			return false
		}
		return true
	}
	return e.Name.Space == NSScramUpgrade
}

// harmless are the elements of a SASL exchange whose text is no secret.
var harmless = map[string]bool{
	NSSASL + " text":                      true, // of a failure
	NSSASL2 + " text":                     true,
	NSSASL2 + " authorization-identifier": true,
	NSSASL2 + " software":                 true, // of the user agent
	NSSASL2 + " device":                   true,
	NSSASL2 + " task":                     true, // names of tasks
	NSUpgrade + " upgrade":                true,
	NSBind2 + " tag":                      true,
	NSLimits + " max-bytes":               true,
	NSLimits + " idle-seconds":            true,
}

// hidesText reports whether the text of e, and all inside it, is left out.
func hidesText(e *Element, secret bool) bool {
	switch e.Name.Local {
	case "password", "secret", "token":
		return true
	case "digest", "hash":
		return e.Name.Space == NSAuth || secret
	case "field":
		return isSecretField(e)
	}
	// What only wraps other elements has no text to hide.
	wraps := len(e.Children) > 0 && strings.TrimSpace(e.Text) == ""
	return secret && !wraps && !harmless[e.Name.Space+" "+e.Name.Local]
}

// isSecretField reports whether a data form's field holds a password.
func isSecretField(e *Element) bool {
	name := strings.ToLower(e.Attr("var"))
	return e.Name.Space == NSForm && (e.Attr("type") == "text-private" || strings.Contains(name, "secret") ||
		strings.Contains(name, "password") && !strings.Contains(name, "passwordprotected"))
}

// hidesAttr reports whether an attribute's value is left out. Attributes of
// SASL's elements are left out unless they are known to be harmless.
func hidesAttr(e *Element, name string, secret bool) bool {
	switch name {
	case "password", "secret", "token":
		return true
	case "xmlns", "lang", "mechanism", "id", "count", "expiry", "iterations", "task":
		return false
	}
	switch e.Name.Space {
	case NSSASL, NSSASL2, NSScramUpgrade, NSFast:
		return secret
	}
	return false
}
