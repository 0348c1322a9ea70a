package urlspec

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// The rules that parameters share by their kind. Those of the parameters that
// are like no other are in rules_parts.go.

// quietRule is what a rule has that says nothing of it.
type quietRule struct{}

func (quietRule) unusual(*resolved, *Parameter, *Param) bool { return false }
func (quietRule) check(*checker, *Parameter, *Param)         {}
func (quietRule) source(*resolved) extent                    { return extent{} }

// truth is what Apprise's parse_bool makes of a value.
type truth uint8

const (
	unrecognised truth = iota
	no
	yes
)

// parseBool looks at the first two characters, lowered.
func parseBool(s string) truth {
	s = lower(s)
	if len(s) > 2 {
		s = s[:2]
	}
	switch s {
	case "de", "di", "ne", "f", "n", "no", "of", "0", "fa":
		return no
	case "en", "al", "t", "y", "ye", "on", "1", "tr":
		return yes
	}
	return unrecognised
}

// flagRule is a yes/no parameter. A value that is neither means the default.
type flagRule struct {
	quietRule
	at func(*Reading) *bool
	// strict makes such a value, the empty one too, mean no.
	strict bool
}

func (f flagRule) read(r *resolved, row *Parameter, p *Param) {
	on := row.Default == "yes"
	if p != nil {
		switch parseBool(p.Value) {
		case yes:
			on = true
		case no:
			on = false
		default:
			on = on && !f.strict
		}
	}
	*f.at(&r.values) = on
}

func (f flagRule) value(r *resolved, _ *Parameter, _ *Param) string {
	if *f.at(&r.values) {
		return "yes"
	}
	return "no"
}

func (f flagRule) unusual(r *resolved, row *Parameter, _ *Param) bool {
	return *f.at(&r.values) != (row.Default == "yes")
}

func (f flagRule) check(c *checker, row *Parameter, p *Param) {
	if !row.Used || parseBool(p.Value) != unrecognised {
		return
	}
	message := fmt.Sprintf("Apprise takes %s for neither yes nor no; %s stays %s.", c.value(p), row.Name, row.Default)
	at := extent{p.NameStart, p.ValueEnd}
	if p.Value == "" {
		c.offer("value-unrecognised", at, message, *c.fixRemoveParam(row.Name))
		return
	}
	c.offer("value-unrecognised", at, message, *offered(c.fixSetParam(row.Name, "yes")),
		*offered(c.fixSetParam(row.Name, "no")))
}

// keepaliveRule is keepalive=, with which Apprise 2.1.0 delivers nothing.
type keepaliveRule struct{ flagRule }

func (f keepaliveRule) check(c *checker, row *Parameter, p *Param) {
	switch parseBool(p.Value) {
	case yes:
		c.addParam("keepalive-breaks-apprise", p, "With keepalive=yes Apprise 2.1.0 fails to connect and delivers nothing, "+
			"whatever the server. Here it works.", c.fixRemoveParam(row.Name))
	case unrecognised:
		fix := c.fixRemoveParam(row.Name) // no fix writes keepalive=yes
		if p.Value != "" {
			fix = offered(fix)
		}
		c.addParam("value-unrecognised", p, fmt.Sprintf("Apprise takes %s for neither yes nor no; %s stays %s.",
			c.value(p), row.Name, row.Default), fix)
	}
}

// scramPlusRule is scramplus=, whose "no" is a problem of its own.
type scramPlusRule struct{ flagRule }

func (f scramPlusRule) check(c *checker, row *Parameter, p *Param) {
	if parseBool(p.Value) == no {
		c.addParam("scramplus-off", p, "Channel binding is off: the login no longer proves that nobody sits in the "+
			"encrypted connection. It is the way round servers whose binding fails.", nil)
	}
	f.flagRule.check(c, row, p)
}

// verifyRule is verify=, where every value that is no clear yes costs the
// protection.
type verifyRule struct{ flagRule }

func (f verifyRule) read(r *resolved, row *Parameter, p *Param) {
	f.flagRule.read(r, row, p)
	r.values.VerifyUnrecognised = p != nil && parseBool(p.Value) == unrecognised
}

func (f verifyRule) check(c *checker, row *Parameter, p *Param) {
	switch parseBool(p.Value) {
	case no:
		c.addParam("verify-off", p, "Certificates are not checked: anyone on the way can pose as the server and read "+
			"the password.", c.fixSetParam(row.Name, "yes"))
	case unrecognised:
		c.addParam("verify-unrecognised", p, fmt.Sprintf("Apprise does not know %s and turns certificate checks off.",
			c.value(p)), c.fixSetParam(row.Name, "yes"))
	}
}

// choiceRule is a parameter of exact values, in any case. Any other means the
// default.
type choiceRule struct {
	quietRule
	at func(*Reading) *string
}

func (f choiceRule) read(r *resolved, row *Parameter, p *Param) {
	*f.at(&r.values) = row.Default
	if p == nil {
		return
	}
	value := lower(p.Value)
	for _, allowed := range row.Values {
		if value == allowed {
			*f.at(&r.values) = allowed
		}
	}
}

func (f choiceRule) value(r *resolved, _ *Parameter, _ *Param) string { return *f.at(&r.values) }

func (f choiceRule) check(c *checker, row *Parameter, p *Param) {
	value := lower(p.Value)
	if slices.Contains(row.Values, value) {
		return
	}
	var near []Fix
	for _, allowed := range row.Values {
		if value != "" && strings.HasPrefix(allowed, value) || editDistance(value, allowed) <= 2 {
			near = append(near, *c.fixSetParam(row.Name, allowed))
		}
	}
	switch len(near) {
	case 0:
		near = append(near, *c.fixRemoveParam(row.Name))
	case 1:
	default:
		for i := range near {
			near[i].Kind = FixOffered
		}
	}
	c.offer("value-unrecognised", extent{p.NameStart, p.ValueEnd}, fmt.Sprintf("%s is none of %s; Apprise takes %s.",
		c.value(p), strings.Join(row.Values, ", "), row.Default), near...)
}

// The defaults and bounds of the numbers, Apprise's where nothing else is said.
const (
	// MaxRetry is how often a failed delivery is tried again at most.
	MaxRetry = 10
	// DefaultPause and MaxPause are for the pause between two attempts.
	DefaultPause Seconds = 0.5
	MaxPause     Seconds = 20.0
	// DefaultTimeout is what cto and rto are without a value.
	DefaultTimeout Seconds = 4.0
	// MinTimeout and MaxTimeout are what xmppscope makes of a smaller and of a
	// greater one. Apprise takes any number, but a deadline must end.
	MinTimeout Seconds = 0.1
	MaxTimeout Seconds = 3600.0
	// minBudget is the least session time that Apprise's XMPP plugin allows.
	minBudget Seconds = 5.0
)

// timeoutRule is cto= or rto=, which have no range: what Python's float() takes.
type timeoutRule struct {
	quietRule
	at func(*Reading) *Seconds
}

func (f timeoutRule) read(r *resolved, _ *Parameter, p *Param) {
	*f.at(&r.values) = DefaultTimeout
	if p == nil {
		return
	}
	if n, ok := parseFloat(p.Value); ok {
		*f.at(&r.values) = Seconds(n)
	}
}

func (f timeoutRule) value(r *resolved, _ *Parameter, _ *Param) string {
	return f.at(&r.values).String()
}

func (f timeoutRule) unusual(r *resolved, _ *Parameter, _ *Param) bool {
	return *f.at(&r.values) != DefaultTimeout
}

func (f timeoutRule) check(c *checker, row *Parameter, p *Param) {
	n, ok := parseFloat(p.Value)
	switch {
	case !ok:
		c.addParam("value-unrecognised", p, fmt.Sprintf("Apprise takes %s for no number of seconds and keeps %s.",
			c.value(p), row.Default), c.fixRemoveParam(row.Name))
	case !row.Used:
	case math.IsInf(n, 0):
		c.addParam("value-clamped", p, "An infinite time makes Apprise fail with an error of Python's (OverflowError), even "+
			"where the message arrives.", offered(c.fixRemoveParam(row.Name)))
	case !(n >= float64(minBudget)):
		c.addParam("value-clamped", p, fmt.Sprintf("Apprise gives a session at least %g seconds, whatever %s= says.",
			minBudget, row.Name), offered(c.fixSetParam(row.Name, fmt.Sprintf("%g", minBudget))))
	}
}

// retryRule is retry=, a whole number that is kept between 0 and MaxRetry.
type retryRule struct{ quietRule }

func (retryRule) read(r *resolved, _ *Parameter, p *Param) {
	r.values.Retry = 0
	if p == nil {
		return
	}
	if n, ok := parseInt(p.Value); ok {
		r.values.Retry = min(max(n.value, 0), MaxRetry)
	}
}

func (retryRule) value(r *resolved, _ *Parameter, _ *Param) string {
	return strconv.Itoa(r.values.Retry)
}

func (retryRule) check(c *checker, row *Parameter, p *Param) {
	n, ok := parseInt(p.Value)
	switch {
	case !ok:
		c.addParam("value-unrecognised", p, fmt.Sprintf("Apprise takes %s for no whole number; there is no further "+
			"attempt.", c.value(p)), c.fixRemoveParam(row.Name))
	case n.value < 0 || n.value > MaxRetry:
		bound := strconv.Itoa(c.values.Retry)
		c.addParam("value-clamped", p, fmt.Sprintf("retry goes from 0 to %d; Apprise takes %s.", MaxRetry, bound),
			c.fixSetParam(row.Name, bound))
	}
}

// pauseRule is wait=, which is kept up to MaxPause. What is no length of time
// means the default: a negative one, nan, and what is infinite or too big for a
// float (1e400).
type pauseRule struct{ quietRule }

// isPause says whether a number is a length of time.
func isPause(n float64) bool { return n >= 0 && !math.IsInf(n, 1) }

func (pauseRule) read(r *resolved, _ *Parameter, p *Param) {
	r.values.Wait = DefaultPause
	if p == nil {
		return
	}
	if n, ok := parseFloat(p.Value); ok && isPause(n) {
		r.values.Wait = min(Seconds(n), MaxPause)
	}
}

func (pauseRule) value(r *resolved, _ *Parameter, _ *Param) string { return r.values.Wait.String() }

func (pauseRule) check(c *checker, row *Parameter, p *Param) {
	n, ok := parseFloat(p.Value)
	switch {
	case !ok:
		c.addParam("value-unrecognised", p, fmt.Sprintf("Apprise takes %s for no number of seconds and keeps %s.",
			c.value(p), row.Default), c.fixRemoveParam(row.Name))
	case !isPause(n):
		c.addParam("value-clamped", p, fmt.Sprintf("wait goes from 0 to %g seconds; for this Apprise takes %s.", MaxPause,
			row.Default), c.fixRemoveParam(row.Name))
	case n > float64(MaxPause):
		c.addParam("value-clamped", p, fmt.Sprintf("wait goes up to %g seconds; Apprise takes that.", MaxPause),
			c.fixSetParam(row.Name, fmt.Sprintf("%g", MaxPause)))
	}
}
