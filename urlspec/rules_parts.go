package urlspec

import (
	"fmt"
	"slices"
	"strings"
)

// The rules of the parameters that are like no other: those that stand in for a
// part of the URL, and those whose default comes from one. What is wrong with a
// user, a password or a target is checked with the part (check_user.go,
// check_targets.go), wherever it is written.

// userRule is user=. Without another password the user part then becomes the
// password.
type userRule struct{ quietRule }

func (userRule) read(r *resolved, _ *Parameter, p *Param) {
	name, secret := "", r.password.s
	r.secretInUser = false
	if r.hasUser {
		name = r.user.s
	}
	if p != nil {
		name = p.Value
		if r.hasUser && !r.hasPass {
			// Apprise reads its own rendering of the URL again here, which
			// loses backslashes at the front.
			secret = r.user.s
			if cut := strings.TrimLeft(secret, `\`); cut != secret {
				secret = cut[leadingSpace(cut):]
			}
			r.secretInUser = true
		}
	}
	r.values.User, r.values.Password = unquote(name), unquote(secret)
	ok := false
	if r.login, ok = splitJID(r.values.User); !ok {
		r.faults |= badUser
	}
}

func (userRule) value(r *resolved, _ *Parameter, _ *Param) string { return r.values.User }

func (userRule) source(r *resolved) extent { return r.user.extent() }

// passwordRule is password= and, after it in the table, pass=, which wins. Both
// replace every other password.
type passwordRule struct{ quietRule }

func (passwordRule) read(r *resolved, _ *Parameter, p *Param) {
	if p != nil {
		r.values.Password, r.secretInUser = unquote(p.Value), false
	}
}

func (passwordRule) value(_ *resolved, _ *Parameter, p *Param) string {
	if p == nil || p.Value == "" {
		return ""
	}
	return Mask
}

// targetsRule is to=, whose targets are read together with those of the path.
// Its value is the text; what becomes of it is in [Reading.Targets].
type targetsRule struct{ quietRule }

func (targetsRule) read(r *resolved, _ *Parameter, p *Param) { r.resolveTargets(p) }

func (targetsRule) value(_ *resolved, _ *Parameter, p *Param) string {
	if p == nil {
		return ""
	}
	return p.Value
}

// nickRule is name=, which gives way to the user when it is no nick.
type nickRule struct{}

func (nickRule) read(r *resolved, _ *Parameter, p *Param) {
	r.values.Nick, r.nickParam = r.values.User, nil
	if p == nil {
		return
	}
	if nick, ok := nickOf(p.Value); ok {
		r.values.Nick, r.nickParam = nick, p
	}
}

func (nickRule) value(r *resolved, _ *Parameter, _ *Param) string { return r.values.Nick }

func (nickRule) unusual(r *resolved, _ *Parameter, _ *Param) bool {
	return r.values.Nick != r.values.User
}

func (nickRule) source(r *resolved) extent {
	if p := r.written("user"); p != nil {
		return extent{p.ValueStart, p.ValueEnd}
	}
	return r.user.extent()
}

func (nickRule) check(c *checker, row *Parameter, p *Param) {
	if c.values.Keepalive {
		c.addParam("param-no-effect", p, "With keepalive=yes Apprise ignores name= and uses the user as nick.",
			offered(c.fixRemoveParam(row.Name)))
	}
	if c.nickParam != nil {
		return
	}
	fix := c.fixRemoveParam(row.Name)
	if plain := plainNick(unquote(p.Value)); plain != "" && !c.hidden(p.ValueStart, p.ValueEnd) {
		fix = offered(c.fixSetParam(row.Name, plain))
	}
	c.addParam("nick-invalid", p, fmt.Sprintf("Apprise silently ignores %s, as a nick may have only the letters A to Z, "+
		"digits and “_”; the nick is then the user.", c.value(p)), fix)
}

// nickOf is the nick that a value gives: letters, digits and "_". One trailing
// line feed is let through and then stripped, as Python's "$" does.
func nickOf(v string) (string, bool) {
	v = unquote(v)
	if n := len(v); n > 0 && v[n-1] == '\n' {
		v = v[:n-1]
	}
	for _, r := range v {
		if !isLetterFold(r) && (r < '0' || r > '9') && r != '_' {
			return "", false
		}
	}
	return v, v != ""
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

// zoneRule is tz=, which must name a time zone.
type zoneRule struct{ quietRule }

func (zoneRule) read(r *resolved, _ *Parameter, p *Param) {
	r.values.TZ = nil
	if p == nil {
		return
	}
	name, ok := zone(p.Value)
	if !ok {
		r.faults |= badZone
	}
	r.values.TZ = &name
}

func (zoneRule) value(r *resolved, _ *Parameter, _ *Param) string {
	if r.values.TZ == nil {
		return ""
	}
	return *r.values.TZ
}

// UTC by one of its usual names is no zone of the database to Apprise, which
// leaves it out.
func (zoneRule) unusual(_ *resolved, _ *Parameter, p *Param) bool {
	return p != nil && !slices.Contains(namesOfUTC, lower(p.Value))
}

func (zoneRule) check(c *checker, row *Parameter, p *Param) {
	if c.faults.has(badZone) {
		c.addParam("tz-invalid", p, fmt.Sprintf("%s is no time zone that Apprise knows, so it refuses the URL, although "+
			"XMPP has no use for one.", c.value(p)), c.fixRemoveParam(row.Name))
	}
}
