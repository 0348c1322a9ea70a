package urlspec

import (
	"slices"
	"strings"
)

// entry is one target text after splitting and decoding, before the JID rule.
type entry struct {
	piece
	jid jidParts
	ok  bool
}

// piece is an entry before the JID rule: many may hold the same text.
type piece struct {
	text       string
	start, end int
	param      bool
	alone      bool // nothing else came of the same stretch of text
}

// resolved is a lexed text with the values that Apprise makes of its parts.
type resolved struct {
	*lexed
	// values is the reading, as far as there is one: also of a text that Apprise
	// refuses.
	values Reading
	// secretInUser is true when the user part serves as the password, because
	// user= names the user and there is no other password.
	secretInUser bool
	login        jidParts // values.User, taken apart
	port         number
	portSet      bool
	// meant is the text as it was meant, where it was checked as that.
	meant *resolved
	// doubt is true when a part of a password may stand in the host; see secrets.
	doubt bool
	// These gave the value, nil when something else did. portParam counts even
	// when it is no number.
	portParam, modeParam, nickParam, serverParam *Param
	entries                                      []entry // sorted as Apprise sends, invalid ones included
}

// resolve goes from parts to values. It notes every reason for which the URL is
// refused and fills the rest all the same.
func resolve(l *lexed) *resolved {
	r := &resolved{lexed: l}
	r.resolveHost()
	for i := range parameters {
		row := &parameters[i]
		row.rule.read(r, row, r.of(row))
	}
	return r
}

// accepted says whether Apprise makes a notification of the URL.
func (r *resolved) accepted() bool { return r.faults == 0 }

func (r *resolved) resolveHost() {
	name, ok := hostname(r.host.s)
	if !ok {
		r.faults |= badHost
		name = r.host.s
	}
	r.values.Host = unquote(name)
}

// resolveTargets collects the targets of the path and of to=, splits and
// decodes them, drops equal texts, sorts by code point and applies the JID
// rule, all in Apprise's order.
func (r *resolved) resolveTargets(param *Param) {
	var to mapped
	if param != nil {
		to = r.rawValue(param)
	}
	// Room for what a list usually holds, and no more for one of commas only.
	n := len(r.targets)
	if to.s != "" {
		n += 1 + min(strings.Count(to.s, ","), len(to.s)/8)
	}
	if n == 0 {
		r.entries = nil
		return
	}
	pieces := make([]piece, 0, n)
	for _, seg := range r.targets {
		pieces = addPieces(pieces, piece{}, seg, 2)
	}
	pieces = addPieces(pieces, piece{param: true}, to, 3)
	slices.SortFunc(pieces, func(a, b piece) int {
		if d := strings.Compare(a.text, b.text); d != 0 {
			return d
		}
		return a.start - b.start // of equal texts the first written one stays
	})
	pieces = slices.CompactFunc(pieces, func(a, b piece) bool { return a.text == b.text })
	r.entries = make([]entry, len(pieces))
	for i, p := range pieces {
		e := &r.entries[i]
		e.piece = p
		e.jid, e.ok = splitJID(p.text)
	}
}

// rawValue is a parameter's value before it was decoded.
func (l *lexed) rawValue(p *Param) mapped {
	for i := range len(l.query.s) + 1 {
		if l.query.pos(i) == p.ValueStart {
			n := 0
			for i+n < len(l.query.s) && l.query.pos(i+n) < p.ValueEnd {
				n++
			}
			return l.query.slice(i, i+n)
		}
	}
	return mapped{}
}

// addPieces splits a target text at its literal delimiters, decodes every
// piece and splits again at those that decoding brought forth. Decoding never
// joins across a delimiter, so this gives what Apprise gets by decoding the
// whole, and each piece keeps its place in the text.
func addPieces(pieces []piece, p piece, m mapped, decode int) []piece {
	eachField(m.s, func(from, to int) {
		p.start, p.end = m.pos(from), m.pos(to)
		text := m.s[from:to]
		for range decode {
			text = unquote(text)
		}
		eachField(text, func(from, to int) {
			p.text = text[from:to]
			p.alone = from == 0 && to == len(text)
			pieces = append(pieces, p)
		})
	})
	return pieces
}

// eachField calls f for every stretch of s between runs of "[", "]", ";", ","
// and white space.
func eachField(s string, f func(from, to int)) {
	from := -1
	for i, c := range s {
		switch {
		case c == '[' || c == ']' || c == ';' || c == ',' || isSpace(c):
			if from >= 0 {
				f(from, i)
				from = -1
			}
		case from < 0:
			from = i
		}
	}
	if from >= 0 {
		f(from, len(s))
	}
}

// reading completes the result. It is empty when the URL is refused.
func (r *resolved) reading() Reading {
	if !r.accepted() {
		return Reading{}
	}
	out := &r.values
	out.Accepted = true
	out.Secure = r.secure || out.Mode != ModeNone
	out.LoginJID = r.login.String(out.Host)
	out.PasswordSet = out.Password != ""
	out.StreamTo = r.login.domain
	if out.StreamTo == "" {
		out.StreamTo = out.Host
	}
	out.Targets = r.addresses()
	if len(out.Targets) == 0 {
		out.SelfTarget = true
		out.Targets = []Address{{Kind: Chat, JID: out.LoginJID}}
	}
	out.CanonicalURL = r.canonical()
	return *out
}

// addresses are the entries that are JIDs.
func (r *resolved) addresses() []Address {
	out := make([]Address, 0, max(1, len(r.entries)))
	for _, e := range r.entries {
		if !e.ok {
			continue
		}
		a := Address{Kind: Chat, JID: e.jid.String(r.values.Host), Start: e.start, End: e.end, Domain: FromPart,
			Param: e.param}
		if e.jid.room {
			a.Kind = Groupchat
		}
		if e.jid.domain == "" {
			a.Domain = FromHost
		}
		out = append(out, a)
	}
	return out
}
