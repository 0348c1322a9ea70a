package urlspec

import (
	"fmt"
	"strings"
)

// maxGuesses is for how many unknown names a known one is looked for.
const maxGuesses = 32

// checkParams covers the query: names first, then the values that count.
func (c *checker) checkParams() {
	guesses := maxGuesses
	for i := range c.params {
		p := &c.params[i]
		if p.Name == "" || c.hidden(p.NameStart, p.NameEnd) {
			continue
		}
		c.checkName(i, p, guesses > 0)
		if !p.Known {
			guesses--
		}
		if p.Wins && p.Known {
			raised := len(c.out)
			if c.unseenValue(p) {
				continue
			}
			if p.Name == "to" || !c.checkValueDelimiter(p) || p.row.Kind == KindBool && parseBool(p.Value) != unrecognised {
				p.row.rule.check(c, p.row, p)
			}
			if len(c.out) == raised {
				c.checkIdle(p)
			}
		}
	}
}

// unseenValue says whether a character that cannot be seen is what is wrong with a
// value. Of a yes or no Apprise reads the first two characters only.
func (c *checker) unseenValue(p *Param) bool {
	if p.row.Kind == KindBool || p.Name == "to" || !strings.ContainsFunc(c.text[p.ValueStart:p.ValueEnd], isUnseen) {
		return false
	}
	severity, consequence := Warning, "It makes another value of this one."
	if p.Name == "mode" && c.faults.has(badMode) || p.Name == "tz" && c.faults.has(badZone) {
		severity, consequence = Error, "It makes another value of this one, so Apprise refuses the URL."
	}
	found := c.unseenIn(p.value(), severity, consequence)
	if c.accepted() && !harmless(p.Name) {
		c.offerUnseen(p.value())
	}
	return found
}

// unseenName says whether such characters are why Apprise does not know a name.
// Without them it reads the value, which it ignores now.
func (c *checker) unseenName(p *Param) bool {
	known := parameter(visible(p.Name))
	if known == nil {
		return false
	}
	name := extent{p.NameStart, p.NameEnd}
	found := c.unseenIn(name, Warning, fmt.Sprintf("So it does not know %s= here, and ignores it.", known.Name))
	if c.accepted() && (c.written(known.Name) != nil || !harmless(known.Name)) {
		c.offerUnseen(name)
	}
	return found
}

// offerUnseen has the characters of a part that cannot be seen taken out only when
// asked, since another value counts then.
func (c *checker) offerUnseen(part extent) {
	for i := range c.out {
		q := &c.out[i]
		if q.Code == "control-character" && q.Fix != nil && part.start <= q.Start && q.End <= part.end {
			q.Fix.Kind = FixOffered
		}
	}
}

// checkName covers unknown, foreign, repeated and idle parameters.
func (c *checker) checkName(i int, p *Param, guess bool) {
	switch {
	case strings.IndexByte("+-:", p.Name[0]) >= 0:
		var fix *Fix
		if parameter(p.Name[1:]) != nil && c.text[p.NameStart] == p.Name[0] {
			fix = replace("drop the "+p.Name[:1], p.NameStart, p.NameStart+1, "")
		}
		c.add("param-namespace", p.NameStart, p.NameEnd, fmt.Sprintf("Names that begin with +, - or : belong to other "+
			"plugins; Apprise's XMPP plugin ignores %s.", c.quoted(p.NameStart, p.NameEnd)), fix)
	case !p.Known && c.unseenName(p):
	case !p.Known && c.full("param-unknown"):
	case !p.Known:
		c.checkUnknown(i, p, guess)
	case !p.Wins && c.full("param-duplicate"):
	case !p.Wins:
		c.addParam("param-duplicate", p, fmt.Sprintf("A later %s= replaces this one, even if it is empty.", p.Name),
			c.fixDuplicate(i))
	}
}

// checkIdle covers a parameter that Apprise's XMPP plugin never uses.
func (c *checker) checkIdle(p *Param) {
	if p.row.Used {
		return
	}
	fix := c.fixRemoveParam(p.Name)
	if p.row.Here != nothing {
		fix = nil // somebody's choice, which works here
	}
	c.addParam("param-no-effect", p, idle(p.row), fix)
}

// checkUnknown covers a name that Apprise does not know.
func (c *checker) checkUnknown(i int, p *Param, guess bool) {
	name := c.quoted(p.NameStart, p.NameEnd)
	message := fmt.Sprintf("Apprise knows no parameter %s and ignores it.", name)
	bare := p.ValueStart == p.NameEnd && p.ValueEnd == p.NameEnd
	at := extent{p.NameStart, p.NameEnd}
	switch {
	case p.Name == "jid":
		c.offer("param-unknown", at, "jid= was the login JID in an old form of the URL; Apprise ignores it now. The "+
			"login is user:password@host.")
		return
	case bare && c.splitFromTo(i):
		c.offer("param-unknown", at, fmt.Sprintf("The “%c” ends to=, so Apprise takes %s for a parameter and ignores "+
			"it. Targets are parted by commas.", c.text[p.NameStart-1], name),
			*offered(replace("write a comma", p.NameStart-1, p.NameStart, ",")))
		return
	case bare && p.Name == "amp" && i > 0:
		c.offer("param-unknown", at, "“&amp;” is the “&” of HTML; Apprise takes “amp” for a parameter and "+
			"ignores it.",
			*offered(replace("write &", p.NameStart, min(p.NameEnd+1, len(c.text)), "")))
		return
	case !guess:
		c.offer("param-unknown", at, message)
		return
	}
	if sign, after := firstSign(c.text[p.NameStart:p.NameEnd], ":="); bare && sign > 0 {
		if known := parameter(paramName(c.text[p.NameStart : p.NameStart+sign])); known != nil {
			c.offer("param-unknown", at, fmt.Sprintf("Apprise knows no parameter %s and ignores it: a name ends at "+
				"a “=”.", name),
				*offered(replace("write =", p.NameStart+sign, p.NameStart+after, "=")))
			return
		}
	}
	near, sure := nearest(p.Name)
	fixes := make([]Fix, 0, len(near))
	for _, known := range near {
		fix := replace("rename to "+known, p.NameStart, p.NameEnd, known)
		if !sure || len(near) > 1 || c.written(known) != nil || !harmless(known) {
			fix = offered(fix)
		}
		fixes = append(fixes, *fix)
	}
	if len(near) > 0 {
		message = fmt.Sprintf("Apprise knows no parameter %s and ignores it; %s= was probably meant.", name,
			strings.Join(near, "= or "))
	}
	c.offer("param-unknown", at, message, fixes...)
}

// splitFromTo says whether a parameter without a value is what a “;” or “&” has
// split off a to= before it.
func (c *checker) splitFromTo(i int) bool {
	for i--; i >= 0 && c.params[i].ValueEnd+1 == c.params[i+1].NameStart; i-- {
		if p := &c.params[i]; p.Known || p.ValueStart > p.NameEnd {
			return p.Name == "to"
		}
	}
	return false
}

// harmless says whether a parameter may be given a value without asking. What
// decides who logs in, where, and to whom it goes is not; nor is what breaks
// Apprise, or does nothing and would be taken out again.
func harmless(name string) bool {
	switch name {
	case "user", "pass", "password", "to", "mode", "port", "xmpp", "keepalive":
		return false
	}
	row := parameter(name)
	return row.Used || row.Here != nothing
}

// fixDuplicate joins the targets of two to=, and takes out any other parameter
// that a later one replaces.
func (c *checker) fixDuplicate(i int) *Fix {
	p := c.params[i]
	if p.Name == "to" && i+1 < len(c.params) && c.params[i+1].Name == "to" && p.Value != "" {
		return replace("join them with a comma", p.ValueEnd, c.params[i+1].ValueStart, ",")
	}
	return c.fixRemoveAt(i)
}

// idle says what a parameter does that Apprise's XMPP plugin never uses.
func idle(row *Parameter) string {
	does := row.Name + "= does nothing in Apprise's XMPP plugin"
	if row.Here == nothing {
		return does + ", and nothing here."
	}
	return does + ". Here it " + lower(row.Here[:1]) + row.Here[1:]
}

// fixRemoveAt takes one occurrence of a parameter out.
func (c *checker) fixRemoveAt(i int) *Fix {
	p := c.params[i]
	f := replace("remove it", p.NameStart, p.ValueEnd, "")
	if i+1 < len(c.params) {
		f.End = c.params[i+1].NameStart
	} else if i > 0 {
		f.Start = c.params[i-1].ValueEnd
	}
	return f
}

// addParam notes a problem of a whole parameter.
func (c *checker) addParam(code string, p *Param, message string, fix *Fix) {
	c.add(code, p.NameStart, p.ValueEnd, message, fix)
}

// value shows a parameter's value in a message.
func (c *checker) value(p *Param) string {
	if p.ValueStart == p.ValueEnd {
		return emptyValue
	}
	if c.hidden(p.ValueStart, p.ValueEnd) {
		return hiddenValue
	}
	return c.quoted(p.ValueStart, p.ValueEnd)
}
