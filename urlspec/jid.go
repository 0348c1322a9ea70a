package urlspec

import (
	"strings"
	"unicode/utf8"
)

// jidParts is a text as Apprise's JID rule takes it apart.
type jidParts struct {
	room                    bool
	local, domain, resource string
}

// String joins the parts; an empty domain becomes host.
func (j jidParts) String(host string) string {
	domain := j.domain
	if domain == "" {
		domain = host
	}
	if j.resource == "" {
		return j.local + "@" + domain
	}
	return j.local + "@" + domain + "/" + j.resource
}

// splitJID applies Apprise's IS_JID pattern to raw, which it strips first:
//
//	(#|%23)? local ((@|%40) domain)? ((/|%2F) resource ((/|%2F) anything)?)?
//
// where local and domain hold no "@", "/" or white space and the resource no
// "%", "/" or white space. The pattern prefers the longest local part, so an
// escape inside it splits only where the text would not match otherwise. This
// is a hand-made matcher with the same preferences and linear time.
func splitJID(raw string) (jidParts, bool) {
	s := strip(raw)
	for _, mark := range [...]string{"#", "%23", ""} {
		if rest, ok := strings.CutPrefix(s, mark); ok {
			if j, ok := matchJID(rest); ok {
				j.room = mark != ""
				return j, true
			}
		}
	}
	return jidParts{}, false
}

// matchJID matches the pattern after its optional room mark.
func matchJID(s string) (jidParts, bool) {
	end := partEnd(s, 0)
	if end == 0 {
		return jidParts{}, false
	}
	newline := strings.LastIndexByte(s, '\n')
	j := jidParts{local: s[:end]}
	if end == len(s) {
		return j, true
	}
	switch s[end] {
	case '/':
		if res, ok := resourceAt(s, end+1, newline); ok {
			j.resource = res
			return j, true
		}
	case '@':
		from := end + 1
		to := partEnd(s, from)
		if to == from {
			break
		}
		j.domain = s[from:to]
		if to == len(s) {
			return j, true
		}
		if s[to] == '/' {
			if res, ok := resourceAt(s, to+1, newline); ok {
				j.resource = res
				return j, true
			}
		}
		if at, res, ok := lastSlashEscape(s, from+1, to, newline); ok {
			j.domain, j.resource = s[from:at], res
			return j, true
		}
	}
	// An escaped slash inside the local part is the last resort. An escaped
	// "@" never helps: whatever could follow its domain is tried before it.
	if at, res, ok := lastSlashEscape(s, 1, end, newline); ok {
		return jidParts{local: s[:at], resource: res}, true
	}
	return jidParts{}, false
}

// partEnd is the end of the run of characters other than "@", "/" and white
// space that begins at from.
func partEnd(s string, from int) int {
	for i := from; i < len(s); {
		c := s[i]
		if c == '@' || c == '/' {
			return i
		}
		r, n := rune(c), 1
		if c >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		if isSpace(r) {
			return i
		}
		i += n
	}
	return len(s)
}

// resourceAt takes a resource at from. What follows a further slash is
// dropped, as long as it holds no line feed; newline is where s has its last.
func resourceAt(s string, from, newline int) (string, bool) {
	end := from
	for end < len(s) {
		r, n := utf8.DecodeRuneInString(s[end:])
		if r == '%' || r == '/' || isSpace(r) {
			break
		}
		end += n
	}
	if end == from {
		return "", false
	}
	rest := s[end:]
	if rest == "" {
		return s[from:end], true
	}
	if rest[0] == '/' || strings.HasPrefix(rest, "%2F") {
		return s[from:end], newline < end
	}
	return "", false
}

// lastSlashEscape finds the last "%2F" between from and to that a resource
// follows.
func lastSlashEscape(s string, from, to, newline int) (at int, resource string, ok bool) {
	for to > from {
		at = strings.LastIndex(s[from:to], "%2F")
		if at < 0 {
			return 0, "", false
		}
		at += from
		if resource, ok = resourceAt(s, at+len("%2F"), newline); ok {
			return at, resource, true
		}
		to = at
	}
	return 0, "", false
}

// DomainOf is the domain of a JID that has a local part, empty when there is
// none.
func DomainOf(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	domain, _, _ = strings.Cut(domain, "/")
	return domain
}
