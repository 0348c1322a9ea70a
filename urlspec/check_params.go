package urlspec

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// maxGuesses is for how many unknown names a known one is looked for.
const maxGuesses = 32

// checkParams covers the query: names first, then the values that count.
func (c *checker) checkParams() {
	guesses := maxGuesses
	for i, p := range c.params {
		if p.Name == "" || c.hidden(p.NameStart, p.NameEnd) {
			continue
		}
		c.checkName(i, p, guesses > 0)
		if !p.Known {
			guesses--
		}
		if p.Wins && p.Known {
			c.checkValue(p)
		}
	}
}

// checkName covers unknown, foreign, repeated and idle parameters.
func (c *checker) checkName(i int, p Param, guess bool) {
	info, _ := parameter(p.Name)
	switch {
	case strings.IndexByte("+-:", p.Name[0]) >= 0:
		var fix *Fix
		if _, ok := parameter(p.Name[1:]); ok && c.text[p.NameStart] == p.Name[0] {
			fix = replace("drop the "+p.Name[:1], p.NameStart, p.NameStart+1, "")
		}
		c.add("param-namespace", p.NameStart, p.NameEnd, fmt.Sprintf("Names that begin with +, - or : belong to other plugins; Apprise's XMPP plugin ignores %s.", c.quoted(p.NameStart, p.NameEnd)), fix)
	case !p.Known && c.full("param-unknown"):
	case !p.Known:
		var fix *Fix
		message := fmt.Sprintf("Apprise knows no parameter %s and ignores it.", c.quoted(p.NameStart, p.NameEnd))
		near, name := "", c.quoted(p.NameStart, p.NameEnd)
		if guess {
			near = Nearest(p.Name)
		}
		if near != "" {
			fix = replace("rename to "+near, p.NameStart, p.NameEnd, near)
			message = fmt.Sprintf("Apprise knows no parameter %s and ignores it; %s= was probably meant.", name, near)
		}
		c.add("param-unknown", p.NameStart, p.NameEnd, message, fix)
	case !p.Wins && c.full("param-duplicate"):
	case !p.Wins:
		c.add("param-duplicate", p.NameStart, p.ValueEnd, fmt.Sprintf("A later %s= replaces this one, even if it is empty.", p.Name), c.fixRemoveAt(i))
	case !info.Used:
		c.add("param-no-effect", p.NameStart, p.ValueEnd, fmt.Sprintf("%s= does nothing for XMPP.", p.Name), c.fixRemoveParam(p.Name))
	}
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

// checkValue covers one parameter whose value counts.
func (c *checker) checkValue(p Param) {
	switch p.Name {
	case "verify":
		switch parseBool(p.Value) {
		case no:
			c.add("verify-off", p.NameStart, p.ValueEnd, "Certificates are not checked: anyone on the way can pose as the server and read the password.", c.fixSetParam("verify", "yes"))
		case unrecognised:
			c.add("verify-unrecognised", p.NameStart, p.ValueEnd, fmt.Sprintf("Apprise does not know %s and turns certificate checks off.", c.value(p)), c.fixSetParam("verify", "yes"))
		}
	case "roster", "subject", "keepalive", "scramplus", "emojis", "optional":
		c.checkFlag(p)
	case "format", "overflow":
		c.checkChoice(p)
	case "cto":
		c.checkTimeout(p)
	case "retry":
		c.checkRetry(p)
	case "wait":
		c.checkWait(p)
	case "name":
		c.checkNick(p)
	case "xmpp":
		c.checkServer(p)
	case "tz":
		if c.faults.has(badZone) {
			c.add("tz-invalid", p.NameStart, p.ValueEnd, fmt.Sprintf("Apprise knows no time zone %s and refuses the URL for it, although XMPP has no use for one.", c.value(p)), c.fixRemoveParam("tz"))
		}
	}
}

// value shows a parameter's value in a message.
func (c *checker) value(p Param) string {
	if p.ValueStart == p.ValueEnd {
		return "an empty value"
	}
	return c.quoted(p.ValueStart, p.ValueEnd)
}

func (c *checker) checkFlag(p Param) {
	got := parseBool(p.Value)
	if p.Name == "scramplus" && got == no {
		c.add("scramplus-off", p.NameStart, p.ValueEnd, "Channel binding is off: the login no longer proves that nobody sits in the encrypted connection. It is the way round servers whose binding fails.", nil)
	}
	if got != unrecognised {
		return
	}
	info, _ := parameter(p.Name)
	meant := "yes"
	if strings.HasPrefix(lower(p.Value), "unf") || p.Value == "-" {
		meant = "no"
	}
	c.add("value-unrecognised", p.NameStart, p.ValueEnd, fmt.Sprintf("Apprise takes %s for neither yes nor no; %s stays %s.", c.value(p), p.Name, info.Default), c.fixSetParam(p.Name, meant))
}

func (c *checker) checkChoice(p Param) {
	info, _ := parameter(p.Name)
	value := lower(p.Value)
	fix := c.fixRemoveParam(p.Name)
	for _, allowed := range info.Values {
		if value == allowed {
			return
		}
		if value != "" && strings.HasPrefix(allowed, value) || editDistance(value, allowed) <= 2 {
			fix = c.fixSetParam(p.Name, allowed)
		}
	}
	c.add("value-unrecognised", p.NameStart, p.ValueEnd, fmt.Sprintf("%s is none of %s; Apprise takes %s.", c.value(p), strings.Join(info.Values, ", "), info.Default), fix)
}

// minBudget is the least session time that Apprise's XMPP plugin allows.
const minBudget = 5.0

func (c *checker) checkTimeout(p Param) {
	f, ok := parseFloat(p.Value)
	switch {
	case !ok:
		c.add("value-unrecognised", p.NameStart, p.ValueEnd, fmt.Sprintf("Apprise takes %s for no number of seconds and keeps 4.0.", c.value(p)), c.fixRemoveParam("cto"))
	case !(f >= minBudget) || math.IsInf(f, 0):
		c.add("value-clamped", p.NameStart, p.ValueEnd, fmt.Sprintf("Apprise gives a session at least %g seconds, whatever cto= says.", minBudget), c.fixSetParam("cto", "5"))
	}
}

func (c *checker) checkRetry(p Param) {
	n, ok := parseInt(p.Value)
	switch {
	case !ok:
		c.add("value-unrecognised", p.NameStart, p.ValueEnd, fmt.Sprintf("Apprise takes %s for no whole number; there is no further attempt.", c.value(p)), c.fixRemoveParam("retry"))
	case n.value < 0 || n.value > maxRetry:
		bound := strconv.Itoa(min(max(n.value, 0), maxRetry))
		c.add("value-clamped", p.NameStart, p.ValueEnd, fmt.Sprintf("retry goes from 0 to %d; Apprise takes %s.", maxRetry, bound), c.fixSetParam("retry", bound))
	}
}

func (c *checker) checkWait(p Param) {
	f, ok := parseFloat(p.Value)
	switch {
	case !ok:
		c.add("value-unrecognised", p.NameStart, p.ValueEnd, fmt.Sprintf("Apprise takes %s for no number of seconds and keeps %g.", c.value(p), defaultWait), c.fixRemoveParam("wait"))
	case math.IsNaN(f) || f < 0:
		c.add("value-clamped", p.NameStart, p.ValueEnd, fmt.Sprintf("wait cannot be less than 0; Apprise takes %g.", defaultWait), c.fixRemoveParam("wait"))
	case f > maxWait:
		c.add("value-clamped", p.NameStart, p.ValueEnd, fmt.Sprintf("wait goes up to %g seconds; Apprise takes that.", maxWait), c.fixSetParam("wait", strconv.FormatFloat(maxWait, 'g', -1, 64)))
	}
}

func (c *checker) checkNick(p Param) {
	if c.flag("keepalive", false, false, true) {
		c.add("param-no-effect", p.NameStart, p.ValueEnd, "With keepalive=yes Apprise ignores name= and uses the user as nick.", c.fixRemoveParam("name"))
	}
	if _, ok := c.nick(); ok {
		return
	}
	fix := c.fixRemoveParam("name")
	if plain := plainNick(unquote(p.Value)); plain != "" && !c.hidden(p.ValueStart, p.ValueEnd) {
		fix = c.fixSetParam("name", plain)
	}
	c.add("nick-invalid", p.NameStart, p.ValueEnd, fmt.Sprintf("Apprise silently ignores %s, as a nick may have only the letters A to Z, digits and “_”; the nick is then the user.", c.value(p)), fix)
}

// plainNick turns what a nick may not have into "_".
func plainNick(s string) string {
	var b strings.Builder
	for _, r := range strip(s) {
		switch {
		case isASCIISpace(byte(min(r, 0x7F))), r == '-', r == '.', r == '@':
			b.WriteByte('_')
		case r < 0x80 && isSchemeChar(byte(r)), r == '_':
			b.WriteRune(r)
		}
	}
	return strings.Trim(b.String(), "_")
}

// checkServer covers xmpp=, which Apprise takes as it is.
func (c *checker) checkServer(p Param) {
	value := strip(unquote(p.Value))
	if value == "" || c.hidden(p.ValueStart, p.ValueEnd) {
		return
	}
	if value == c.hostName {
		c.add("xmpp-redundant", p.NameStart, p.ValueEnd, "xmpp= names the host itself, which is the default.", c.fixRemoveParam("xmpp"))
		return
	}
	if isHost(value) {
		return
	}
	if i := portColon(value); i >= 0 && isHost(value[:i]) && value[i+1:] != "" && strings.Trim(value[i+1:], "0123456789") == "" {
		host, port := value[:i], value[i+1:]
		fix := replace("use the port of the URL", p.ValueStart, p.ValueEnd, quoteValue(host))
		if !c.portSet {
			fix = replace("move the port to port=", p.ValueStart, p.ValueEnd, quoteValue(host)+"&port="+port)
		}
		c.add("xmpp-has-port", p.ValueStart, p.ValueEnd, fmt.Sprintf("Apprise takes %s as one host name, port and all, and cannot find it. The port belongs after the host of the URL.", c.value(p)), fix)
		return
	}
	var fix *Fix
	if _, host, ok := strings.Cut(value, "://"); ok && isHost(strings.TrimRight(host, "/")) {
		fix = c.fixSetParam("xmpp", strings.TrimRight(host, "/"))
	}
	c.add("xmpp-invalid", p.ValueStart, p.ValueEnd, fmt.Sprintf("%s is no host name, but Apprise does not check it and tries to connect there.", c.value(p)), fix)
}
