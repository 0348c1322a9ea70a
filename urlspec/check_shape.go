package urlspec

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// checkCharacters finds what cannot be seen: white space inside the URL that
// Apprise removes or keeps, and control, formatting and direction characters.
func (c *checker) checkCharacters() {
	from := leadingSpace(c.text)
	to := from + len(stripRight(c.text[from:]))
	for i := from; i < to; {
		r, n := utf8.DecodeRuneInString(c.text[i:])
		if c.text[i] >= 0x21 && c.text[i] < 0x7F {
			i++
			continue
		}
		switch {
		case r == utf8.RuneError && n == 1:
			c.add("control-character", i, i+1, "A byte that is not UTF-8 stands here; Apprise cannot be given it.",
				replace("remove it", i, i+1, ""))
		case isSpace(r):
			end := i + n
			for end < to {
				r, n := utf8.DecodeRuneInString(c.text[end:])
				if !isSpace(r) {
					break
				}
				end += n
			}
			c.checkSpace(i, end)
			i = end
			continue
		case isUnseen(r) && !c.full("control-character"):
			remove := replace("remove it", i, i+n, "")
			if c.hidden(i, i+n) {
				remove.Kind = FixOffered // the password may have it
			}
			c.add("control-character", i, i+n,
				fmt.Sprintf("U+%04X stands here, which cannot be seen; Apprise takes it as part of the text.", r), remove)
		}
		i += n
	}
	if end := c.text[to:]; c.faults.has(brokenLine) && c.raised["line-break"] == 0 {
		// A line feed that ends the text is allowed, but nothing may follow it.
		c.checkSpace(to, to+len(end))
	}
}

// isUnseen is true for control characters, and for the formatting characters
// that hide in pasted text or change its direction.
func isUnseen(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7F && r < 0xA0, r == 0xAD, r == 0xFEFF, r == 0x061C, r == 0x180E,
		r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F,
		r >= 0xFFF9 && r <= 0xFFFB, r >= 0xE0000 && r <= 0xE007F:
		return true
	}
	return false
}

// unseenIn says whether characters that cannot be seen, or white space, are in a
// part that is right without them. Their problems then say what comes of it, and
// nothing else need be raised.
func (c *checker) unseenIn(part extent, severity Severity, consequence string) bool {
	found := false
	for i := range c.out {
		p := &c.out[i]
		if (p.Code == "control-character" || p.Code == "whitespace") && part.start <= p.Start && p.End <= part.end {
			if found = true; !strings.HasSuffix(p.Message, consequence) {
				p.Severity, p.Message = severity, p.Message+" "+consequence
			}
		}
	}
	return found
}

// seen is a text without what unseenIn looks for.
func seen(s string) string {
	return strings.Map(func(r rune) rune {
		if isUnseen(r) || isSpace(r) {
			return -1
		}
		return r
	}, s)
}

// checkSpace judges white space inside the text by where it stands.
func (c *checker) checkSpace(start, end int) {
	if c.faults.has(notURL) || c.full("whitespace") {
		return
	}
	run := c.text[start:end]
	remove := replace("remove it", start, end, "")
	switch {
	case strings.Contains(run, "\n") && c.faults.has(brokenLine):
		if !c.atDelimiter(start, end) {
			remove.Kind = FixOffered // it may part two things
		}
		c.add("line-break", start, end, "A line break stands inside the URL; Apprise refuses the whole text.", remove)
	case start < c.netloc.start() && end <= c.netloc.start():
		c.add("whitespace", start, end, "White space stands before the user; Apprise strips it.", remove)
	case c.hidden(start, end) && !c.hasUser && c.laterAt(c.text) < 0 && start > c.netloc.end():
		// Without any "@" that is rather a target than a password.
	case c.hidden(start, end):
		if strings.Trim(run, "\t\r\n") == "" && c.inPath(start) {
			c.add("whitespace", start, end, "White space stands in the password; Apprise removes tabs and line breaks, "+
				"so it sends another password.", remove)
		} else {
			c.add("whitespace", start, end, "White space stands in the password; Apprise sends it as part of the password.",
				replace("write it as %20", start, end, quote(run)))
		}
	case start < c.netloc.end() || end <= c.netloc.end():
		remove.Kind = FixOffered // another character may stand for it
		c.add("whitespace", start, end, "White space stands in the user or the host.", remove)
	case c.inPath(start) && strings.ContainsAny(run, "\t\r\n"):
		c.add("whitespace", start, end, "White space stands inside a target; Apprise removes tabs and line breaks "+
			"without a word.", remove)
	case !c.inPath(start) && c.atParamEdge(start, end):
		c.add("whitespace", start, end, "White space stands around a parameter; Apprise strips it.", remove)
	}
}

// atDelimiter says whether a stretch touches a sign that parts two parts of the
// URL, or an end of the text.
func (c *checker) atDelimiter(start, end int) bool {
	const signs = "/?&;=@,"
	return start == 0 || end == len(c.text) || strings.IndexByte(signs, c.text[start-1]) >= 0 ||
		strings.IndexByte(signs, c.text[end]) >= 0
}

// inPath says whether an offset is before the query.
func (c *checker) inPath(at int) bool { return !c.hasQuery || at < c.mark }

// atParamEdge says whether a stretch is at one end of a name or a value.
func (c *checker) atParamEdge(start, end int) bool {
	edge := func(b byte) bool { return strings.IndexByte("?&;=", b) >= 0 }
	return edge(c.text[start-1]) || end < len(c.text) && edge(c.text[end])
}

// checkNoURL explains a text that is no URL to Apprise.
func (c *checker) checkNoURL() {
	body := strip(c.text)
	start := leadingSpace(c.text)
	end := start + len(body)
	low := strings.ToLower(body)
	rest := strings.TrimLeftFunc(body, isUnseen)
	switch {
	case len(rest) < len(body) && (hasPrefixFold(rest, "xmpps://") || hasPrefixFold(rest, "xmpp://")) &&
		c.unseenIn(extent{start, end - len(rest)}, Error, "So Apprise sees no scheme, and no URL."):
	case body == "":
		c.add("scheme-missing", start, end, "There is no URL yet. It begins with xmpps:// (STARTTLS or TLS) or xmpp:// "+
			"(no encryption).", nil)
	case strings.HasPrefix("xmpps://", low) || strings.HasPrefix("xmpp://", low):
		c.add("scheme-missing", start, end, "The URL is not finished; it begins with xmpps:// or xmpp://.", nil)
	default:
		if fix, ok := convertXMPPURI(c.text); ok {
			if c.hidden(start, end) {
				fix = nil // no fix holds what is hidden
			}
			c.add("xmpp-uri", start, end, "This is an XMPP link (RFC 5122), which names an address. "+
				"Apprise needs a URL that also says who logs in: xmpps://user:password@host/target.", fix)
			return
		}
		message := "Apprise sees no URL here: it must begin with xmpps:// or xmpp://."
		if n := schemeLike(body); n > 0 && strings.Contains(lower(body[:n]), "%3a") {
			message = "The whole URL is percent-encoded, so Apprise sees none here. It must be decoded once, to begin with " +
				"xmpps:// or xmpp://."
		}
		c.add("scheme-missing", start, end, message, schemeFix(body, start))
	}
}

// schemeFix writes the scheme as it must be, or puts one in front.
func schemeFix(body string, start int) *Fix {
	low := strings.ToLower(body)
	for _, name := range [...]string{"xmpps", "xmpp"} {
		rest, ok := strings.CutPrefix(low, name)
		switch at := start + len(name); {
		case !ok:
		case strings.HasPrefix(rest, ":/"):
			return replace("write ://", at, at+2, "://")
		case strings.HasPrefix(rest, "//"):
			return replace("write ://", at, at, ":")
		case strings.HasPrefix(rest, ":"):
			slashes := len(rest[1:]) - len(strings.TrimLeft(rest[1:], `/\`))
			return replace("write ://", at, at+1+slashes, "://")
		}
	}
	if name, rest, ok := strings.Cut(low, "//"); ok && len(name) < 16 && !strings.Contains(rest, "://") {
		for _, scheme := range [...]string{"xmpps", "xmpp"} { // xmpps：// and xmpps ://
			if tail, ok := strings.CutPrefix(name, scheme); ok && strings.Trim(tail, " :：﹕") == "" {
				return replace("write ://", start+len(scheme), start+len(name)+2, "://")
			}
		}
	}
	if i := strings.Index(low, "xmpp"); i > 0 {
		if rest := low[i+len("xmpp"):]; strings.HasPrefix(rest, "://") || strings.HasPrefix(rest, "s://") {
			return replace("remove what stands before", start, start+i, "")
		}
	}
	if strings.Contains(body, "@") && !strings.Contains(body, "://") {
		return replace("put xmpps:// in front", start, start, "xmpps://")
	}
	return nil
}

// checkScheme judges the scheme. It says whether the rest is worth a look,
// which a URL for another plugin is not.
func (c *checker) checkScheme() bool {
	switch {
	case !c.faults.has(otherScheme) && c.schemeTwice():
		c.add("scheme-twice", c.scheme.start(), c.sep.end(), "The scheme stands here twice: Apprise takes the second one "+
			"for the host.", replace("remove the first", c.scheme.start(), c.sep.end(), ""))
		return false
	case !c.faults.has(otherScheme):
		return true
	}
	var fix *Fix
	if name := schemeMeant(c.scheme.s); name != "" {
		fix = replace("write "+name, c.scheme.start(), c.scheme.end(), name)
	}
	c.addPart("scheme-unknown", c.scheme,
		fmt.Sprintf("%s is not XMPP: Apprise looks for another plugin, or for none. The schemes are xmpps and xmpp.",
			c.quotedPart(c.scheme)), fix)
	return fix != nil
}

// schemeMeant is the scheme that another one was probably meant for, "" for
// none.
func schemeMeant(s string) string {
	for _, name := range [...]string{"xmpps", "xmpp"} {
		if len(s) < 8 && editDistance(strings.ToLower(s), name) <= 1 {
			return name
		}
	}
	return ""
}

// schemeTwice says whether the scheme is followed by another one at once.
func (c *checker) schemeTwice() bool {
	rest := lower(c.text[c.sep.end():][:min(len("xmpps://"), len(c.text)-c.sep.end())])
	return strings.HasPrefix(rest, "xmpp://") || strings.HasPrefix(rest, "xmpps://")
}

// checkShape covers what Apprise refuses, or throws away, before it looks at
// the parts.
func (c *checker) checkShape() {
	if c.faults.has(emptyQuery) {
		c.add("trailing-question-mark", c.mark, len(c.text),
			"A “?” with nothing after it makes Apprise refuse the whole URL.",
			replace("remove the ?", c.mark, len(c.text), ""))
	}
	c.checkFragment()
	c.checkCut()
}
