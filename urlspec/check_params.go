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
			p.row.rule.check(c, p.row, p)
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
	case !p.Known && c.full("param-unknown"):
	case !p.Known:
		var fix *Fix
		message := fmt.Sprintf("Apprise knows no parameter %s and ignores it.", c.quoted(p.NameStart, p.NameEnd))
		near, name := "", c.quoted(p.NameStart, p.NameEnd)
		if guess {
			near = nearest(p.Name)
		}
		if near != "" {
			fix = replace("rename to "+near, p.NameStart, p.NameEnd, near)
			message = fmt.Sprintf("Apprise knows no parameter %s and ignores it; %s= was probably meant.", name, near)
		}
		c.add("param-unknown", p.NameStart, p.NameEnd, message, fix)
	case !p.Wins && c.full("param-duplicate"):
	case !p.Wins:
		c.addParam("param-duplicate", p, fmt.Sprintf("A later %s= replaces this one, even if it is empty.", p.Name),
			c.fixRemoveAt(i))
	case !p.row.Used:
		c.addParam("param-no-effect", p, idle(p.row), c.fixRemoveParam(p.Name))
	}
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
		return "an empty value"
	}
	return c.quoted(p.ValueStart, p.ValueEnd)
}
