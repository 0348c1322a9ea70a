package urlspec

import (
	"fmt"
	"strings"
)

// This file covers what Apprise throws away of the path, and parameters that
// stand behind the wrong sign.

// checkFragment covers a "#" that cuts off what follows.
func (c *checker) checkFragment() {
	f := c.fragment
	if f.s == "" || c.unfinished() {
		return
	}
	message := fmt.Sprintf("The “#” begins a fragment, which Apprise throws away together with what follows: %s is "+
		"lost. Only “/#” and %%23 are kept.", c.quotedPart(f))
	if strip(f.s[1:]) == "" {
		message = "The “#” begins a fragment, which is empty here: Apprise throws it away."
	}
	fixes := c.fragmentFixes(f)
	if c.faults.has(badHost|badPort) || c.hidden(f.start(), f.end()) {
		fixes = nil // the “#” may belong to a password
	}
	c.offer("fragment-lost", f.extent(), message, fixes...)
}

// fragmentFixes are what a lost "#" was probably meant for, the likeliest first.
func (c *checker) fragmentFixes(f mapped) []Fix {
	from, before := f.start(), byte(0)
	if from > 0 {
		before = c.text[from-1]
	}
	sign := func(label, text string) Fix { return Fix{Label: label, Start: from, End: from + 1, Text: text} }
	tail := f.s[1:]
	room, _, _ := strings.Cut(tail, "/")
	switch {
	case strings.Trim(tail, "#/ ") == "":
		return []Fix{{Label: "remove the #", Start: from, End: f.end()}}
	case beginsParam(tail) && !c.hasQuery:
		return []Fix{sign("write ?", "?")}
	case isSpace(rune(before)) || isSpace(rune(tail[0])):
		for from > 0 && isSpace(rune(c.text[from-1])) {
			from--
		}
		return []Fix{{Label: "remove the note", Start: from, End: f.end()}}
	case before == '\\':
		return []Fix{{Label: "remove the backslash", Start: from - 1, End: from}}
	case before == '#':
		return []Fix{{Label: "write one #", Start: from, End: from + 1}}
	case c.path.s == "":
		return []Fix{sign("write /#", "/#")}
	case strings.Contains(room, "@"):
		return []Fix{sign("write /#, for a room", "/#"), sign("write %23", "%23")}
	}
	return []Fix{sign("write %23", "%23"), sign("write /#, for a room", "/#")}
}

// checkCut covers a ";" in the last segment of the path that cuts off what
// follows.
func (c *checker) checkCut() {
	m := c.cut
	if strings.Trim(m.s, "; ") == "" || c.unfinished() || c.misplaced(m) {
		return
	}
	var fixes []Fix
	if !c.hidden(m.start(), m.end()) {
		fixes = []Fix{{Label: "write /, for another target", Start: m.start(), End: m.start() + 1, Text: "/"}}
	}
	c.offer("params-lost", m.extent(), fmt.Sprintf("Everything from the “;” on is lost: Apprise cuts it off the last "+
		"target (%s).", c.quotedPart(m)), fixes...)
}

// checkMisplaced finds parameters in the path: behind a "/", an "&" or a ";"
// where the “?” belongs.
func (c *checker) checkMisplaced() {
	for _, seg := range c.lexed.targets {
		c.misplaced(seg)
	}
	if to := c.written("to"); to != nil && c.checkValueDelimiter(to) {
		c.explained = append(c.explained, to.value())
	}
}

// misplaced notes a parameter in a stretch of the path, if there is one.
func (c *checker) misplaced(m mapped) bool {
	at, after := misplacedAt(m.s)
	if at < 0 || c.hidden(m.start(), m.end()) || c.unfinished() {
		return false
	}
	from, begin := m.pos(at), m.pos(after) // the sign, and what follows it
	if after == 0 {
		from-- // the "/"
	}
	name, _, _ := strings.Cut(c.text[begin:m.end()], "=")
	message := fmt.Sprintf("Parameters begin with a “?”: here Apprise takes %s= for a piece of a target.",
		paramName(name))
	end, behind := m.end(), strip(c.text[m.end():])
	fix := Fix{Label: "write ?", Start: from, End: begin, Text: "?"}
	if c.hasQuery && end <= c.mark && strip(c.text[end:c.mark]) == "" {
		fix = Fix{Label: "write it behind the ?", Start: from, End: c.mark + 1, Text: "?" + c.text[begin:end] + "&"}
		behind = ""
	}
	c.explained = append(c.explained, m.extent())
	if behind != "" {
		c.offer("param-delimiter", extent{from, end}, message)
		return true
	}
	c.offer("param-delimiter", extent{from, end}, message, fix)
	return true
}

// misplacedAt finds where a parameter begins in a stretch of the path: at its
// start, or behind a sign that was meant for one before a parameter; -1 when
// there is none. after is where its name begins.
func misplacedAt(s string) (at, after int) {
	if beginsParam(s) {
		return 0, 0
	}
	return paramSign(s, "?&;|,")
}

// longestParam is how far behind a sign the name of a parameter and its “=” are
// looked for.
const longestParam = 32

// paramSign finds a sign of set, or white space, behind which a parameter begins
// that Apprise knows; -1 when there is none.
func paramSign(s, set string) (at, after int) {
	if strings.IndexByte(s, '=') < 0 {
		return -1, -1
	}
	for i := 0; i < len(s); i++ {
		n := signAt(s, i, set)
		if n == 0 && s[i] <= ' ' {
			n = leadingSpace(s[i:])
		}
		if n == 0 {
			continue
		}
		from := i + n + leadingSpace(s[i+n:])
		if beginsParam(s[from:min(len(s), from+longestParam)]) {
			return i, from
		}
		i += n - 1
	}
	return -1, -1
}

// checkValueDelimiter finds another sign than "&" before a further parameter. It
// says whether that is what is wrong with the value.
func (c *checker) checkValueDelimiter(p *Param) bool {
	value := c.text[p.ValueStart:p.ValueEnd]
	signs := "?|,/#"
	if p.Name == "to" { // a slash begins a resource there, and a “#” a room
		signs = "?|,"
	}
	i, after := paramSign(value, signs)
	if i < 0 || c.hidden(p.ValueStart, p.ValueEnd) || c.full("param-delimiter") {
		return false
	}
	at, end := p.ValueStart+i, p.ValueStart+after
	what := show(value[i:after])
	if strip(value[i:after]) == "" {
		what = "a blank"
	}
	c.offer("param-delimiter", extent{at, end}, fmt.Sprintf("Further parameters begin with “&”, not with %s. Here "+
		"Apprise reads on in the value of %s=.", what, p.Name), Fix{Label: "write &", Start: at, End: end, Text: "&"})
	if c.faults.has(badMode | badZone) { // for this Apprise refuses the URL
		c.out[len(c.out)-1].Severity = Error
	}
	return true
}

// secondURL is where another URL begins in the path, as in a list; -1 when none
// does.
func (c *checker) secondURL() int {
	from, to := c.sep.end(), len(c.text)
	if c.hasQuery {
		to = c.mark
	}
	if from >= to {
		return -1
	}
	for _, scheme := range [...]string{"xmpps://", "xmpp://"} {
		if i := strings.Index(c.text[from:to], scheme); i > 0 {
			return from + i
		}
	}
	return -1
}

// checkSecondURL says whether there is another URL in the path. Where the first
// one ends is then anybody's guess, so nothing else is said of it.
func (c *checker) checkSecondURL() bool {
	at := c.secondURL()
	if at < 0 {
		return false
	}
	c.add("second-url", at, at+strings.Index(c.text[at:], "://")+len("://"), "A second URL begins here. Apprise's "+
		"command line takes each by itself; read as one URL, this one is targets of the first.", nil)
	if !c.accepted() {
		c.out[len(c.out)-1].Severity = Error
	}
	return true
}

// passwordRegion is what was plausibly meant as the password in the user part.
func (c *checker) passwordRegion() extent {
	if colon := strings.IndexByte(c.netloc.s, ':'); colon >= 0 && !c.secretInUser {
		from := c.netloc.pos(colon + 1)
		for _, m := range c.marks {
			if m.start == from {
				return m
			}
		}
	}
	return extent{}
}

// unfinished says whether there is a password, but no "@" where Apprise looks
// for one.
func (c *checker) unfinished() bool {
	return !c.hasUser && c.passwordRegion() != extent{}
}
