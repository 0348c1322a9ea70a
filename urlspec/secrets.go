package urlspec

import (
	"strings"
	"unicode"
)

// This file finds every stretch of a URL that may be, or hold, a password. When
// in doubt whether something is one, it is. These are the cases:
//
//	a  the authority has a second "@"             alice:pa@ss@host
//	b  what stands where the host belongs is none,
//	   and a later "@" follows                    alice:@#secret@host
//	c  the user part is cut by "/", "#", "?" or
//	   "&" before any "@"                         alice/secret@host
//	d  what follows ":" in a target, before "@"   /bob:secret@host
//	e  what follows "pass=", "token:" and the
//	   like, in a parameter or in the path        /bob;pass=secret
//	f  the user part where jid= stands, which was
//	   the password in an old syntax              xmpps://secret@host?jid=alice@host
//	g  what follows ":" in user=, where there is no
//	   other password, and where it is no port in
//	   xmpp= and in a target's domain             ?user=alice:secret
//
// In the cases a, b and c the host is in doubt: see [Spec.Doubt]. An ordinary
// URL has its password and nothing else to hide. Where the text ends before the
// "@" that a case needs, that may not be typed yet: then it holds too, as far as
// anything tells what is there from a host.

// secrets lists the stretches in order, without overlap. It notes on the way
// whether the host is in doubt.
func (r *resolved) secrets(text string) []extent {
	r.doubt = false
	marks := make([]extent, 0, 4)
	if r.faults.has(notURL) {
		return union(looseSecrets(marks, text))
	}
	if !r.faults.has(otherScheme) {
		marks = r.authoritySecrets(marks, text)
		marks = r.oldSyntax(marks, text)
		marks = r.targetSecrets(marks, text)
	} else {
		if schemeMeant(r.scheme.s) != "" {
			marks = r.authoritySecrets(marks, text)
		}
		marks = otherServices(nestedSecrets(marks, text, 0), text, 0)
		marks = r.oldSyntax(marks, text)
		marks = r.targetSecrets(marks, text)
	}
	marks = r.paramSecrets(marks, text)
	marks = nestedSecrets(marks, text, r.sep.end())
	marks = otherServices(marks, text, r.sep.end())
	marks = r.namedSecrets(marks, text)
	marks = union(marks)
	r.doubt = r.doubt || r.host.s != "" && !r.faults.has(otherScheme) && covers(marks, r.host.start(), r.host.end())
	if p := r.serverParam; p != nil {
		r.doubt = r.doubt || covers(marks, p.ValueStart, p.ValueEnd)
	}
	return marks
}

// oldSyntax marks the user part where jid= names the login, behind whatever
// delimiter it stands.
func (r *resolved) oldSyntax(marks []extent, text string) []extent {
	from := r.netloc.start()
	for i := len(r.params) - 1; i >= 0; i-- { // also with its name encoded, or hidden characters in it
		p := &r.params[i]
		if len(p.Name) < len("jid") || visible(p.Name) != "jid" {
			continue
		}
		if last := strings.LastIndexByte(text[from:p.NameStart], '@'); last >= 0 {
			return append(marks, extent{from, from + last})
		}
	}
	return oldSyntax(marks, text, from)
}

// oldSyntax does so in a text whose user part begins at from, up to the last
// jid=.
func oldSyntax(marks []extent, text string, from int) []extent {
	last := from
	for at := from; ; at += len("jid") {
		i := indexFold(text[at:], "jid")
		if i < 0 {
			break
		}
		at += i
		if at > from && at+3 < len(text) && signAt(text, at+3, "=:") > 0 && signBefore(text[from:at], "?&;/#, ") {
			last = at
		}
	}
	if last == from {
		return marks
	}
	if i := lastSign(text[from:last], "@"); i >= 0 {
		marks = append(marks, extent{from, from + i})
	}
	return marks
}

// authoritySecrets marks the password of the URL itself, whatever Apprise makes
// of it, and what may belong to it.
func (r *resolved) authoritySecrets(marks []extent, text string) []extent {
	net := r.netloc
	if r.secretInUser {
		marks = append(marks, r.user.extent())
	}
	at, last := strings.IndexByte(net.s, '@'), strings.LastIndexByte(net.s, '@')
	if at < 0 {
		return r.cutSecrets(marks, text)
	}
	from, further := -1, strings.Trim(net.s[at:last], "@") != ""
	sign, after := r.separator(net.slice(0, at))
	switch {
	case sign >= 0:
		from = after
		r.doubt = r.doubt || net.s[sign] != ':'
	case further:
		from = at + 1
		// A user with a domain of its own, as in me@example.net:secret@host.
		if colon := strings.IndexByte(net.s[from:last], ':'); colon > 0 && isDotted(net.s[from:from+colon]) {
			from += colon + 1
		}
	}
	r.doubt = r.doubt || further
	end := net.pos(last)
	host := net.s[last+1:]
	if i := lastSign(host, "@"); i >= 0 { // a full-width one
		last += 1 + i
		end, r.doubt = net.pos(last), true
		if from < 0 {
			from = at + 1
		}
	} else if colon := portColon(host); sign >= 0 && net.end() == len(text) &&
		(r.passwordGoesOn(len(text)) || isNoHost(host)) {
		end = net.end() // alice:p@ss:word, alice:p@!word, the "@host" of which is not typed yet
	} else if r.faults.has(badPort) && sign >= 0 && colon >= 0 && colon+1 < len(host) && !allDigits(host[colon+1:][:1]) &&
		(net.end() == len(text) || r.laterAt(text) >= 0 || isDotted(net.s[:at])) {
		// alice:p@ss.example:word, where nobody can tell yet; or the host is written
		// before the user, as in example.com:5222@alice:secret
		marks = append(marks, extent{net.pos(last + 1 + colon + 1), max(net.end(), r.laterAt(text))})
	} else if i := r.behindJID(host); i >= 0 && sign < 0 && !further {
		from, end = last+1+i, max(net.end(), r.parametersStart(len(text)))
	}
	if !r.isPlainHost(host, further) && !(sign >= 0 && isDotted(withoutPort(host))) {
		later := r.laterAt(text)
		if unfinished := strip(host) == "" && net.end() < r.parametersStart(len(text)); later < 0 && unfinished {
			later = r.parametersStart(len(text)) // the "@" is not typed yet
		}
		if later >= 0 {
			end, r.doubt = later, true
			if from < 0 {
				from = at + 1
			}
		}
	}
	if from < 0 {
		return marks
	}
	return append(marks, extent{net.pos(from), end})
}

// separator finds what parts user and password in a user part. Where there is no
// password otherwise, that may be any sign which no user has in the name.
func (r *resolved) separator(m mapped) (at, after int) {
	if strings.Contains(m.s, ":") {
		at = strings.IndexAny(m.s, ":&")
		if i, behind := firstSign(m.s[:at], ":"); i >= 0 && m.s[i] != '%' {
			return i, behind // no local part may have one that looks like it
		}
		return at, at + 1
	}
	return r.anySeparator(m)
}

// anySeparator is the first such sign of all in a text that is not cut off at an
// “@” yet.
func (r *resolved) anySeparator(m mapped) (at, after int) {
	at, after = firstSign(m.s, ":&")
	if r.values.Password != "" {
		return at, after
	}
	if i, behind := strangeSign(m); i >= 0 && (at < 0 || i < at) {
		return i, behind
	}
	return at, after
}

// behindJID is where the password begins in what follows the only “@”, as in
// alice@example.net:secret, the "@host" of which is not typed yet; -1 when there
// is none.
func (r *resolved) behindJID(host string) int {
	switch {
	case r.faults.has(badPort) && strings.HasPrefix(host, "["):
		return portColon(host) + 1
	case !r.faults.has(badPort|badHost|hiddenSlash) || strings.HasPrefix(host, "["):
		return -1
	case !r.faults.has(badPort):
		host = withoutPort(host)
	}
	sign, after := r.anySeparator(mapped{s: host})
	if sign <= 0 || host[sign] != ':' && beginsParam(host[after:]) {
		return -1
	}
	return after
}

// isPlainHost says whether what stands behind the last "@" of the authority can
// be a host and a port. In doubt only a name of several labels can.
func (r *resolved) isPlainHost(s string, inDoubt bool) bool {
	switch {
	case inDoubt:
		return isDotted(s)
	case !r.faults.has(badHost | badPort | badBrackets | hiddenSlash):
		return true
	case r.faults.has(badPort):
		return false
	}
	return looksLikeHost(s)
}

// withoutPort cuts off what stands behind the colon of a host, a port or not.
func withoutPort(s string) string {
	if i := portColon(s); i >= 0 {
		return s[:i]
	}
	return s
}

// isDotted says whether a text is a host that nobody takes for a piece of a
// password: a name of several labels, an address, localhost; with or without a
// port.
func isDotted(s string) bool {
	if i := portColon(s); i >= 0 && strings.Trim(s[i+1:], "0123456789") == "" {
		s = s[:i]
	}
	switch {
	case strings.Contains(s, "."):
		return looksLikeHost(s) || isHost(s)
	case strings.ContainsAny(s, "[:"):
		return isHost(s)
	}
	return s == "localhost"
}

// isNoHost says whether a text has a sign that stands in no host, however it is
// written, and not between a host and a parameter.
func isNoHost(s string) bool {
	at := strings.IndexAny(s, "!\"$'()*+,;<=>\\^`{|}~")
	return at >= 0 && !isDotted(s[:at]) && !beginsParam(s[at+1:])
}

// looksLikeHost says whether a text is a host to people, if not to Apprise: one
// in another script, or one with a label of one digit.
func looksLikeHost(s string) bool {
	if i := portColon(s); i >= 0 && strings.Trim(s[i+1:], "0123456789") == "" {
		s = s[:i]
	}
	if strings.Trim(s, ".-_") == "" || strings.HasPrefix(s, "-") || strings.HasPrefix(s, ".") {
		return strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]")
	}
	return strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !strings.ContainsRune("-_.。．｡", r)
	}) < 0
}

// laterAt is the last "@" between the authority and the query, -1 when there is
// none.
func (r *resolved) laterAt(text string) int {
	from, to := r.netloc.end(), r.parametersStart(len(text))
	if from >= to {
		return -1
	}
	if i := lastSign(text[from:to], "@"); i >= 0 {
		return from + i
	}
	return -1
}

// cutSecrets looks at an authority without "@". Either there is no user, or the
// "@" is not typed yet, or something ended the authority before it came.
func (r *resolved) cutSecrets(marks []extent, text string) []extent {
	net := r.netloc
	if r.accepted() || net.s == "" && r.laterAt(text) < 0 {
		return marks
	}
	if p := r.written("user"); p != nil && p.Value != "" && r.isPlainHost(net.s, false) {
		return marks // the user is elsewhere, so this is the host
	}
	sign, after := r.anySeparator(net)
	if cut, behind := firstSign(net.s, "/#?"); cut >= 0 && (sign < 0 || cut < sign) {
		sign, after = cut, behind // alice%2Fsecret, also before %40host
	}
	end := r.laterAt(text)
	if end >= 0 && text[end] != '@' {
		end = r.parametersStart(len(text)) // an encoded one may be the password's
	}
	switch {
	case end >= 0:
		if sign < 0 {
			return r.doubted(marks, net.end()+1, end)
		}
		return r.doubted(marks, net.pos(after), end)
	case sign < 0 && isDotted(net.s), sign >= 0 && net.s[sign] != ':' && beginsParam(net.s[after:]):
		return marks
	case sign < 0: // alice/secret, where the "@" is not typed yet
		from := min(net.end()+1, len(text))
		return append(marks, extent{from, max(from, r.parametersStart(len(text)))})
	case isHostPort(net.s) && !(after == len(net.s) && strip(text[net.end():]) != ""):
		return marks // nobody writes a colon without a port before a path
	}
	r.doubt = r.doubt || net.s[sign] != ':'
	return append(marks, extent{net.pos(after), r.parametersStart(len(text))})
}

func (r *resolved) doubted(marks []extent, from, to int) []extent {
	r.doubt = true
	return append(marks, extent{from, max(from, to)})
}

// beginsParam says whether a text begins with a parameter that Apprise knows.
func beginsParam(s string) bool {
	name, _, found := strings.Cut(s, "=")
	return found && parameter(paramName(name)) != nil
}

// parametersStart is where the query begins, if it begins with a parameter
// that Apprise knows; otherwise the "?" may belong to a password.
func (r *resolved) parametersStart(end int) int {
	if len(r.params) > 0 && r.params[0].Known && r.params[0].ValueStart > r.params[0].NameEnd {
		return r.query.start() - 1
	}
	return end
}

// isHostPort says whether a text without "@" is plainly a host and a port, not
// a user and a password that is still being typed.
func isHostPort(s string) bool {
	if strings.Contains(s, ":") && isHost(s) {
		return true // an IPv6 address without brackets
	}
	if strings.HasPrefix(s, "[") && strings.Trim(s[1:], "0123456789abcdefABCDEF:.]") == "" {
		return true // an address in brackets, not yet closed, or with a port
	}
	i := portColon(s)
	if i < 0 {
		return false
	}
	host, port := s[:i], s[i+1:]
	if host != "localhost" && !strings.ContainsAny(host, ".[") {
		return false
	}
	switch port {
	case "", "80", "443", "5222", "5223", "5269", "5270", "5280", "5281":
		return isHost(host)
	}
	return false
}
