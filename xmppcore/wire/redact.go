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
func Redact(e *Element) string {
	if e == nil {
		return ""
	}
	var b strings.Builder
	redact(&b, e, NSClient, false)
	return b.String()
}

// RedactHeader prints the element of an [Open] item: its start tag alone.
func RedactHeader(e *Element) string {
	if e == nil {
		return ""
	}
	var b strings.Builder
	startTag(&b, e, "", false)
	b.WriteByte('>')
	return b.String()
}

// redact prints e inside an element of the namespace outer. secret is true
// inside a SASL exchange, where everything is secret that is not known to be
// harmless.
func redact(b *strings.Builder, e *Element, outer string, secret bool) {
	secret = secret || sasl(e)
	name := startTag(b, e, outer, secret)
	if len(e.Children) == 0 && e.Text == "" {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	if secretText(e, secret) {
		if size := textSize(e); size > 0 {
			redacted(b, size)
		}
	} else {
		escapeText(b, e.Text)
		for _, c := range e.Children {
			redact(b, c, spaceOf(e, outer), secret || secretForm(e))
		}
	}
	b.WriteString("</" + name + ">")
}

// startTag prints a start tag without its ">" and returns the name it used.
func startTag(b *strings.Builder, e *Element, outer string, secret bool) string {
	name := safeName(e.Name.Local)
	if e.Name.Space == NSStream {
		name = "stream:" + name
	}
	b.WriteString("<" + name)
	if e.Name.Space != NSStream && e.Name.Space != outer {
		attribute1(b, "xmlns", e.Name.Space)
	}
	for _, a := range e.Attrs {
		switch {
		case a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns":
			if e.Is(NSStream, "stream") {
				attribute1(b, strings.TrimPrefix(a.Name.Space+":"+a.Name.Local, ":"), a.Value)
			}
		case secretAttr(e, a.Name.Local, secret):
			attribute1(b, safeName(a.Name.Local), fmt.Sprintf("[redacted %d bytes]", len(a.Value)))
		case a.Name.Space == NSXML:
			attribute1(b, "xml:"+safeName(a.Name.Local), a.Value)
		case a.Name.Space != "":
			attribute1(b, "{"+a.Name.Space+"}"+a.Name.Local, a.Value)
		default:
			attribute1(b, safeName(a.Name.Local), a.Value)
		}
	}
	return name
}

func attribute1(b *strings.Builder, name, value string) {
	b.WriteString(" " + Safe(name) + "='")
	escapeText(b, value)
	b.WriteByte('\'')
}

// spaceOf is the namespace that e's children are printed in.
func spaceOf(e *Element, outer string) string {
	if e.Name.Space == NSStream {
		return outer
	}
	return e.Name.Space
}

func safeName(name string) string { return Safe(name) }

func redacted(b *strings.Builder, size int) { fmt.Fprintf(b, "[redacted %d bytes]", size) }

// textSize is the size of all text in e.
func textSize(e *Element) int {
	n := len(e.Text)
	for _, c := range e.Children {
		n += textSize(c)
	}
	return n
}

// sasl reports whether e carries a SASL payload somewhere.
func sasl(e *Element) bool {
	switch e.Name.Space {
	case NSSASL:
		return e.Name.Local != "mechanisms" && e.Name.Local != "mechanism" && e.Name.Local != "failure"
	case NSSASL2:
		return e.Name.Local != "authentication" && e.Name.Local != "mechanism" && e.Name.Local != "failure" && e.Name.Local != "inline"
	case NSScramUpgrade:
		return true
	}
	return false
}

// harmless are the elements inside a SASL exchange whose text is no secret.
var harmless = map[string]bool{
	NSSASL2 + " authorization-identifier": true,
	NSSASL2 + " user-agent":               true,
	NSSASL2 + " software":                 true,
	NSSASL2 + " device":                   true,
	NSSASL2 + " text":                     true,
	NSSASL2 + " task":                     true,
	NSSASL2 + " tasks":                    true,
	NSUpgrade + " upgrade":                true,
	NSBind2 + " tag":                      true,
	NSLimits + " max-bytes":               true,
	NSLimits + " idle-seconds":            true,
}

// secretText reports whether the text of e, and all inside it, is left out.
func secretText(e *Element, secret bool) bool {
	switch e.Name.Local {
	case "password", "digest", "hash", "salt", "token", "secret":
		return true
	case "field":
		return secretField(e)
	}
	// A container of a SASL exchange has no text of its own, only children.
	container := len(e.Children) > 0 && strings.TrimSpace(e.Text) == ""
	return secret && !container && !harmless[e.Name.Space+" "+e.Name.Local]
}

// secretField reports whether a data form's field holds a password.
func secretField(e *Element) bool {
	name := strings.ToLower(e.Attr("var"))
	return e.Name.Space == NSForm && (e.Attr("type") == "text-private" ||
		strings.Contains(name, "password") && !strings.Contains(name, "protected") || strings.Contains(name, "secret"))
}

// secretForm is false: forms hide their fields one by one.
func secretForm(*Element) bool { return false }

// secretAttr reports whether an attribute's value is left out.
func secretAttr(e *Element, name string, secret bool) bool {
	switch strings.ToLower(name) {
	case "password", "token", "secret":
		return true
	case "mechanism", "lang", "id", "count", "expiry", "iterations", "task", "var", "node":
		return false
	}
	return secret && e.Name.Space != NSBind2
}

// escapeText writes text as XML character data that is safe to show.
func escapeText(b *strings.Builder, s string) {
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
