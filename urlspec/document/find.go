package document

import (
	"encoding/base64"
	"strings"

	"xmppscope/urlspec"
)

// url is a URL that was found.
type url struct {
	// span is where it stands in the view's text.
	span
	view *view
	leaf *leaf
	// cut is what follows it in the file that a shell does not pass on.
	cut *cut
	// entry is set for a URL of Apprise's own configuration.
	entry *entry
	// passedOver is set in a comment of a template engine.
	passedOver bool
}

// isComment says whether the program that reads the file passes over the URL.
func (u *url) isComment() bool { return u.passedOver || u.leaf.role == comment }

// text is the URL as its reader gets it. It may hold a password.
func (u *url) text() string { return u.view.text[u.start:u.end] }

// maxNesting bounds how deep one format is looked for inside another.
const maxNesting = 4

// find looks for the URLs of every leaf.
func (d *Document) find() {
	claimed := map[*leaf]bool{}
	if d.config != nil {
		for _, e := range d.config.entries {
			claimed[e.leaf] = true
			if e.merged != nil {
				e.merged.addHoles(holes(e.merged.text, braceDollar, false))
				d.urls = append(d.urls, &url{view: e.merged, span: span{0, len(e.merged.text)}, leaf: e.leaf, entry: e})
			}
		}
	}
	for _, l := range d.leaves {
		if !claimed[l] {
			d.open(l, l.view, 0)
		}
	}
	d.findCuts()
	d.passOver()
}

// templateComments begin and end the comments of template engines.
var templateComments = pattern(`(?s)\{#.*?#\}|\{\{!--.*?--\}\}|` +
	`\{\{-?\s*/\*.*?\*/|\{\{![^-].*?\}\}|<%#.*?%>|<#--.*?-->`)

// passOver looks for the URLs in comments of template engines.
func (d *Document) passOver() {
	if len(d.urls) == 0 {
		return
	}
	var comments []span
	for _, m := range templateComments().FindAllStringIndex(d.root.text, -1) {
		comments = append(comments, span{m[0], m[1]})
	}
	for _, u := range d.urls {
		at := u.view.place(u.start)
		u.passedOver = overlaps(comments, at, at+1)
	}
}

// open looks into a value: for another format inside it, or for URLs.
func (d *Document) open(l *leaf, v *view, depth int) {
	if l.inner == Base64 {
		if v = decodeBase64(v); v == nil {
			return
		}
	}
	if l.dollar == composeDollar {
		v = undouble(v, '$', func(s string) int { return dollarHole(s, composeDollar) })
		l.dollar = noDollar
	}
	v.addHoles(holes(v.text, l.dollar, l.printf))
	if depth < maxNesting && d.openInner(l, v, depth) {
		return
	}
	switch {
	case !hasXMPP(v.text):
	case l.role == value && strings.Contains(v.text, "\n"):
		eachLine(v.text, func(from, to int) { d.findLine(l, v, from, to) })
	case l.role == value || l.role == key:
		d.findValue(l, v, 0, len(v.text))
	case l.role == word:
		d.findWord(l, v)
	default:
		d.findText(l, v, 0, len(v.text))
	}
}

// openInner looks for JSON, a NAME=value pair or a shell command inside.
func (d *Document) openInner(l *leaf, v *view, depth int) bool {
	if !hasXMPP(v.text) {
		return false
	}
	inner := func(leaves []*leaf) bool {
		for _, n := range leaves {
			n.dollar = noDollar
			if l.role == comment {
				n.role = comment
			}
			d.open(n, n.view, depth+1)
		}
		return true
	}
	if looksLikeJSON(v.text) && l.role != comment {
		if _, leaves, err := jsonLeaves(v, l.names); err == nil {
			return inner(leaves)
		}
	}
	n := nameLength(v.text)
	runs := noRunner
	if l.role == value && d.format != Source && isCommandLine(v.text) { // in a program a name says little
		runs = l.runner()
	}
	switch {
	case l.role == value && n > 0 && strings.HasPrefix(v.text[n:], "="):
		rest := &leaf{view: v.slice(n+1, len(v.text)), role: value, names: named(l.names, v.text[:n])}
		return inner([]*leaf{rest})
	case l.role == word && l.isCommand(), l.inner == Shell, runs == shellRunner:
		if _, leaves, err := shellLeaves(v, l.names); err == nil {
			return inner(leaves)
		}
	case runs == wordsRunner:
		return inner(wordLeaves(v, l.names))
	}
	return false
}

// decodeBase64 decodes a value that is base64 as a whole; nil when it is not.
func decodeBase64(v *view) *view {
	text, err := base64.StdEncoding.DecodeString(v.text)
	if err != nil {
		return nil
	}
	b := &builder{below: v}
	for i := 0; i < len(text); i += 3 {
		end := min(i+3, len(text))
		b.put(string(text[i:end]), i/3*4, i/3*4+4)
	}
	w := b.view(never)
	w.whole = func(s string) (string, bool) { return base64.StdEncoding.EncodeToString([]byte(s)), true }
	return w
}

// schemes begin a URL.
var schemes = []string{"xmpps://", "xmpp://"}

// startsWithScheme says whether a text is a URL from its beginning.
func startsWithScheme(s string) bool {
	s = strings.TrimLeft(s, " \t\r\n")
	for _, scheme := range schemes {
		if len(s) >= len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			return true
		}
	}
	return false
}

// findLine looks at a line of a value with several. That is a file of some kind,
// in which "#" begins a comment as it does in most.
func (d *Document) findLine(l *leaf, v *view, from, to int) {
	if at := commentStart(v.text[from:to]); at >= 0 {
		note := *l
		note.role = comment
		d.findText(&note, v, from+at, to)
		to = from + at
	}
	d.findValue(l, v, from, to)
}

// commentStart is where a comment begins on a line of a text of which nothing
// else is known, or -1.
func commentStart(line string) int {
	body := strings.TrimLeft(line, " \t")
	if strings.HasPrefix(body, "#") || strings.HasPrefix(body, "//") {
		return 0
	}
	return strings.Index(line, " # ")
}

// findValue looks at a stretch that may be a URL, or several, as a whole.
func (d *Document) findValue(l *leaf, v *view, from, to int) {
	body := strings.TrimSpace(v.text[from:to])
	from += strings.Index(v.text[from:to], body)
	to = from + len(body)
	if !startsWithScheme(body) {
		d.findText(l, v, from, to)
		return
	}
	for _, part := range urlspec.Split(v.filled(span{from, to})) {
		if startsWithScheme(part.Text) {
			d.urls = append(d.urls, &url{view: v, span: span{from + part.Start, from + part.End}, leaf: l})
		}
	}
}

// findWord looks at a word of a command: from a scheme on it is a URL to its
// end, unless it is a text with blanks.
func (d *Document) findWord(l *leaf, v *view) {
	filled := v.filled(v.all())
	found := urlspec.Find(filled)
	if len(found) == 0 {
		return
	}
	if start := found[0].Start; !strings.ContainsAny(filled[:start], " \t\n") {
		end := len(filled)
		if i := strings.IndexByte(filled[start:], '\n'); i >= 0 {
			end = start + i
		}
		d.findValue(l, v, start, end)
		d.findText(l, v, end, len(filled))
		return
	}
	d.findText(l, v, 0, len(v.text))
}

// findText looks for URLs in a text.
func (d *Document) findText(l *leaf, v *view, from, to int) {
	filled := v.filled(span{from, to})
	for _, m := range urlspec.Find(filled) {
		start, end := m.Start, m.End
		// A quote right before the scheme ends the URL, also inside others.
		if start > 0 && strings.IndexByte("'\"`", filled[start-1]) >= 0 {
			if i := strings.IndexByte(filled[start:end], filled[start-1]); i >= 0 {
				end = start + i
			}
		}
		if start > 0 && d.isProse(l) {
			end = start + len(strings.TrimRight(filled[start:end], ".!?"))
		}
		d.urls = append(d.urls, &url{view: v, span: span{from + start, from + end}, leaf: l})
	}
}

// isProse says whether a value is text for people, in which a URL may end a
// sentence.
func (d *Document) isProse(l *leaf) bool {
	return l.role == prose && (d.format == Markdown || d.format == HTML || d.format == Text)
}
