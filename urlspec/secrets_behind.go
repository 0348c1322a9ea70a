package urlspec

import (
	"net/netip"
	"slices"
	"strings"
	"unicode"
)

// This file finds passwords behind the authority: in targets and in parameters.

// targetSecrets marks what stands between ":" and "@" behind the authority: in a
// target, in a value, and in what Apprise throws away or takes for something
// else.
func (r *resolved) targetSecrets(marks []extent, text string) []extent {
	at, limit := r.netloc.end(), r.parametersStart(len(text))
	host := limit // where the host is that the URL was meant to have, if not in the authority
	if i := r.laterAt(text); i >= 0 && slices.ContainsFunc(marks, func(m extent) bool { return m.end == i }) {
		host = i
	}
	for at < limit {
		sign, after := firstSign(text[at:limit], ":")
		if sign < 0 {
			break
		}
		from := at + after
		if strings.HasPrefix(text[at+sign:], "://") { // for nestedSecrets
			at = from + len("//")
			continue
		}
		behind := r.netloc.end()
		domainEnd, secret := behindDomain(text[behind:limit], at+sign-behind, from-behind)
		domainEnd += behind
		if domainEnd > behind && !secret {
			at = domainEnd
			continue
		}
		secret = secret && from <= host
		next := strings.IndexByte(text[from:limit], '@')
		if next < 0 {
			next = lastSign(text[from:limit], "@")
		}
		if next < 0 && secret {
			marks = append(marks, extent{from, domainEnd})
			at = domainEnd
			continue
		}
		if next < 0 {
			if inPath := !r.hasQuery || at+sign < r.mark; inPath && limit == len(text) &&
				unfinishedLocal(text[at:limit], sign, after) {
				marks = append(marks, extent{from, limit})
			}
			break
		}
		end, segment := from+next, limit
		if i := strings.IndexByte(text[end:limit], '/'); i >= 0 {
			segment = end + i
		}
		if i := strings.LastIndexByte(text[end:segment], '@'); i > 0 {
			end += i // the password has one too
		}
		marks = append(marks, extent{from, end})
		at = end + 1
	}
	for i := range r.params {
		p := &r.params[i]
		marks = targetSecret(marks, mapped{s: text[p.NameStart:p.NameEnd], off: p.NameStart})
		from := p.ValueStart
		for from < p.ValueEnd {
			to := p.ValueEnd
			if i := strings.IndexByte(text[from:to], ','); i >= 0 {
				to = from + i
			}
			marks = targetSecret(marks, mapped{s: text[from:to], off: from})
			if p.Name == "to" {
				sign, after := firstSign(text[from:to], ":")
				_, secret := behindDomain(text[from:to], sign, after)
				if secret || sign >= 0 && to == len(text) && unfinishedLocal(text[from:to], sign, after) {
					marks = append(marks, extent{from + after, to})
				}
			}
			from = to + 1
		}
	}
	return marks
}

// unfinishedLocal says whether the ":" at sign, in a text that ends with a
// target, stands in the local part of that target, and a password behind it, the
// "@" of which is not typed yet. No local part may have a ":".
func unfinishedLocal(s string, sign, after int) bool {
	target := s[strings.LastIndexByte(s[:sign], '/')+1 : sign]
	cut, _ := firstSign(target, "@/")
	return cut < 0 && strings.IndexByte(s[after:], '/') < 0
}

// behindDomain says whether the ":" at sign stands behind the domain of a target,
// and what follows, up to end, may be a password: #room@conference.example:secret.
// A port or the rest of an IPv6 address is none. end is 0 where it stands elsewhere.
func behindDomain(s string, sign, after int) (end int, secret bool) {
	if sign < 0 {
		return 0, false
	}
	const longest = 1024 // bytes of a target before the ":", so that many cost no more
	target := s[max(0, sign-longest):sign]
	target = target[strings.LastIndexByte(target, '/')+1:]
	_, domain, found := strings.Cut(target, "@")
	if further, _ := firstSign(domain, "/@"); !found || domain == "" || further >= 0 || len(target) == longest {
		return 0, false
	}
	end = len(s)
	if i := strings.IndexAny(s[after:], "/?&;#, "); i >= 0 {
		end = after + i
	}
	rest := s[after:end]
	address := domain[0] == '[' || !strings.Contains(domain, ".") && strings.Trim(rest, "0123456789abcdefABCDEF:") == ""
	return end, !address && strings.Trim(rest, "0123456789") != ""
}

func targetSecret(marks []extent, m mapped) []extent {
	plain := true
	for i := range len(m.s) {
		plain = plain && !maySign(m.s[i])
	}
	if plain {
		return marks
	}
	sign, after := firstSign(m.s, ":")
	if sign < 0 {
		return marks
	}
	if at := lastSign(m.s, "@"); at > sign {
		marks = append(marks, extent{m.pos(after), m.pos(at)})
	}
	return marks
}

// paramSecrets marks the values of pass= and password=, of names that may be
// meant for them, and of what an unescaped "&" or ";" split off such a value.
func (r *resolved) paramSecrets(marks []extent, text string) []extent {
	inPassword := false
	for i, p := range r.params {
		bare := p.ValueStart == p.NameEnd && p.ValueEnd == p.NameEnd
		switch at := strings.LastIndexByte(text[p.NameStart:p.NameEnd], '@'); {
		case inPassword && bare && !p.Known:
			marks = append(marks, extent{p.NameStart, p.NameEnd})
		case inPassword && at > 0: // pass=secret&secret@host
			marks = append(marks, extent{p.NameStart, p.NameStart + at})
		case inPassword && !p.Known && isLikeNone(p.Name): // pass=secret&secret=secret
			marks = append(marks, extent{p.NameStart, p.ValueEnd})
		case p.secret():
			marks = append(marks, extent{p.ValueStart, p.ValueEnd})
			inPassword = true
		default:
			inPassword = false
			marks = r.valueSecrets(marks, text, &r.params[i])
		}
	}
	return marks
}

// valueSecrets marks the password in a value that is a host, or a user for whom there is
// no other, and has one behind it.
func (r *resolved) valueSecrets(marks []extent, text string, p *Param) []extent {
	value := text[p.ValueStart:p.ValueEnd]
	sign, after := -1, -1
	switch {
	case isPlainWord(value):
	case namesUser(p.Name) && r.values.Password == "":
		sign, after = r.anySeparator(mapped{s: value})
	case p.Name == "xmpp" && !strings.Contains(value, "//") && !isServer(p.Value):
		sign, after = firstSign(value, ":")
	}
	if sign < 0 {
		return marks
	}
	return append(marks, extent{p.ValueStart + after, p.ValueEnd})
}

// isServer says whether a value is a host or an address, with or without a port or the
// name of a service behind it.
func isServer(value string) bool {
	isAddress := func(s string) bool {
		_, err := netip.ParseAddr(Unbracket(s))
		return err == nil || isHost(s)
	}
	value = strings.TrimRight(strip(value), "/")
	if isAddress(value) {
		return true
	}
	i := strings.LastIndexByte(value, ':')
	if i < 0 {
		return false
	}
	host, port := value[:i], value[i+1:]
	return isAddress(host) && (strings.HasPrefix(port, "xmpp") || strings.TrimFunc(port, unicode.IsDigit) == "")
}

// isLikeNone says whether a name is like that of no parameter.
func isLikeNone(name string) bool {
	near, _ := nearest(name)
	return len(near) == 0
}

// secret says whether the value is a password: by the table, or else by the
// name.
func (p Param) secret() bool {
	if p.row != nil {
		return p.row.Kind == KindPassword
	}
	return isSecretName(p.Name)
}
