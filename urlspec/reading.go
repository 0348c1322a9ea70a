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
	hostName string // as Apprise keeps it, escapes decoded
	userName string
	secret   string
	// secretInUser is true when the user part serves as the password, because
	// user= names the user and there is no other password.
	secretInUser bool
	login        jidParts
	loginOK      bool
	port         number
	portSet      bool
	portFrom     int // the parameter that gave the port, or -1
	mode         Mode
	modeFrom     int
	entries      []entry // sorted as Apprise sends, invalid ones included
}

// resolve goes from parts to values in Apprise's order. It notes every reason
// for which the URL is refused and fills the rest all the same.
func resolve(l *lexed) *resolved {
	r := &resolved{lexed: l}
	r.resolvePort()
	r.resolveHost()
	r.resolveUser()
	r.resolveMode()
	if v, at := l.param("tz"); at >= 0 {
		if _, ok := zone(v); !ok {
			r.faults |= badZone
		}
	}
	r.resolveTargets()
	return r
}

// accepted says whether Apprise makes a notification of the URL.
func (r *resolved) accepted() bool { return r.faults == 0 }

// resolvePort reads the port of the authority, which must hold an ASCII digit,
// and then port=, which need not and replaces it even when it is no number.
func (r *resolved) resolvePort() {
	r.portFrom = -1
	if r.hasPort {
		ok := strings.ContainsAny(r.lexed.port.s, "0123456789")
		if ok {
			r.port, ok = parseInt(r.lexed.port.s)
		}
		if !ok {
			r.faults |= badPort
		}
		r.portSet = ok
	}
	if v, at := r.param("port"); at >= 0 {
		r.portFrom = at
		r.port, r.portSet = parseInt(v)
	}
}

func (r *resolved) resolveHost() {
	name, ok := hostname(r.host.s)
	if !ok {
		r.faults |= badHost
		name = r.host.s
	}
	r.hostName = unquote(name)
}

// resolveUser finds user and password, in the user part or in user=, pass= and
// password=. With user= alone the user part becomes the password.
func (r *resolved) resolveUser() {
	if r.hasUser {
		r.userName = r.user.s
	}
	passAt := r.passwordParam()
	name, userAt := r.param("user")
	switch {
	case passAt >= 0:
		r.secret = r.params[passAt].Value
	case r.hasPass:
		r.secret = r.password.s
	case userAt >= 0 && r.hasUser:
		// Apprise reads its own rendering of the URL again here, which loses
		// backslashes at the front.
		r.secret = r.user.s
		if cut := strings.TrimLeft(r.secret, `\`); cut != r.secret {
			r.secret = cut[leadingSpace(cut):]
		}
		r.secretInUser = true
	}
	if userAt >= 0 {
		r.userName = name
	}
	r.userName, r.secret = unquote(r.userName), unquote(r.secret)
	if r.login, r.loginOK = splitJID(r.userName); !r.loginOK {
		r.faults |= badUser
	}
}

// passwordParam is the parameter that gives the password, or -1.
func (l *lexed) passwordParam() int {
	_, at := l.param("pass")
	if at < 0 {
		_, at = l.param("password")
	}
	return at
}

func (r *resolved) resolveMode() {
	r.mode, r.modeFrom = ModeNone, -1
	if r.secure {
		r.mode = ModeSTARTTLS
	}
	v, at := r.param("mode")
	if v == "" {
		return
	}
	r.modeFrom = at
	m, ok := matchMode(v)
	switch {
	case !ok:
		r.faults |= badMode
	case m != ModeNone || !r.secure:
		r.mode = m
	}
}

// resolveTargets collects the targets of the path and of to=, splits and
// decodes them, drops equal texts, sorts by code point and applies the JID
// rule, all in Apprise's order.
func (r *resolved) resolveTargets() {
	var to mapped
	if _, at := r.param("to"); at >= 0 {
		to = r.rawValue(at)
	}
	// Room for what a list usually holds, and no more for one of commas only.
	n := len(r.targets)
	if to.s != "" {
		n += 1 + min(strings.Count(to.s, ","), len(to.s)/8)
	}
	if n == 0 {
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
func (l *lexed) rawValue(at int) mapped {
	p := l.params[at]
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

// reading turns the values into the result.
func (r *resolved) reading() Reading {
	if !r.accepted() {
		return Reading{}
	}
	out := Reading{
		Accepted:    true,
		Secure:      r.secure || r.mode != ModeNone,
		LoginJID:    r.login.String(r.hostName),
		PasswordSet: r.secret != "",
		TCPHost:     r.tcpHost(),
		Port:        r.port.value,
		bigPort:     r.port.big,
		Mode:        r.mode,
		Nick:        r.userName,
		Roster:      r.flag("roster", false, false, true),
		Subject:     r.flag("subject", false, false, true),
		Keepalive:   r.flag("keepalive", false, false, true),
		ScramPlus:   r.flag("scramplus", true, true, true),
		Verify:      r.flag("verify", true, false, false),
		Redirect:    r.flag("redirect", true, false, false),
		Optional:    r.flag("optional", false, false, false),
		Emojis:      r.flag("emojis", false, false, false),
		CTO:         r.timeout("cto"),
		RTO:         r.timeout("rto"),
		Retry:       r.retry(),
		Wait:        r.wait(),
		Overflow:    r.choice("overflow"),
		Format:      r.choice("format"),
		User:        r.userName,
		Host:        r.hostName,
		Password:    r.secret,
	}
	out.StreamTo = r.login.domain
	if out.StreamTo == "" {
		out.StreamTo = r.hostName
	}
	if out.Port == 0 {
		out.Port = r.mode.defaultPort()
	}
	if nick, ok := r.nick(); ok {
		out.Nick = nick
	}
	if v, at := r.param("verify"); at >= 0 {
		out.VerifyUnrecognised = parseBool(v) == unrecognised
	}
	if v, at := r.param("tz"); at >= 0 {
		name, _ := zone(v)
		out.TZ = &name
	}
	out.Targets = r.addresses()
	if len(out.Targets) == 0 {
		out.SelfTarget = true
		out.Targets = []Address{{Kind: Chat, JID: out.LoginJID}}
	}
	out.CanonicalURL = r.canonical(&out)
	return out
}

// tcpHost is xmpp=, decoded a second time and stripped, or else the host.
func (r *resolved) tcpHost() string {
	if v, at := r.param("xmpp"); at >= 0 {
		if v = strip(unquote(v)); v != "" {
			return v
		}
	}
	return r.hostName
}

// addresses are the entries that are JIDs.
func (r *resolved) addresses() []Address {
	out := make([]Address, 0, max(1, len(r.entries)))
	for _, e := range r.entries {
		if !e.ok {
			continue
		}
		a := Address{Kind: Chat, JID: e.jid.String(r.hostName), Start: e.start, End: e.end, Domain: FromPart, Param: e.param}
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
