package document

import (
	"slices"
	"strings"
)

// inDoubt says whether something in or right behind a URL is not understood: a
// bracket, a quotation mark, a percent sign, what a template engine decides on.
// Another program then makes the URL out of it, in a way that is not known.
// Nothing is said of such a URL, and nothing in it is changed. Apprise's own
// configuration is what Apprise reads, to the letter.
func (d *Document) inDoubt(u *url) bool {
	text := u.unescaped()
	switch {
	case u.entry != nil:
		return strings.ContainsAny(text, "{}") || branches(u)
	case strings.Contains(text, "...") || strings.Contains(text, "…"):
		return true
	case strings.ContainsAny(text, "{}<>"), portWord().MatchString(text), d.format == Source && d.isProgram(u, text):
		return true
	case d.broken && d.format == Text && d.mayGoOn(u), d.format == Source && d.hasLines(u), d.isForm(u),
		u.isFormat() && strings.Contains(text, "%"):
		return true
	case u.isWord():
	case strings.ContainsAny(text, "\"'`") && !d.isWhole(u, quotable), hasVariable(text):
		return true
	}
	return upperAt().MatchString(text) || branches(u) || u.isFollowed(d.format) || d.hasOtherSigns(u, text)
}

// hasOtherSigns says whether a bracket or a percent sign may be another
// program's. Where the URL is the whole of a value, and the sign stands in the
// middle of a word, it is taken for a part of a password.
func (d *Document) hasOtherSigns(u *url, text string) bool {
	if u.isWord() || d.isWhole(u, settable) {
		return partInBrackets().MatchString(text) || otherPercent().MatchString(text) ||
			!u.isWord() && partInParentheses().MatchString(text)
	}
	return hasOtherBrackets(text) || hasOtherPercent(text) || strings.ContainsAny(text, "()")
}

var (
	// partInBrackets is [name] in the place of a part of a URL, where no IPv6
	// address stands; partInParentheses is (name) there.
	partInBrackets    = pattern(`(?:^|[/:@=,])\[[^\]:]*\](?:$|[/:@,?&])|\[[/:?]`)
	partInParentheses = pattern(`(?:^|[/:@=,])\([^)]*\)(?:$|[/:@,?&])|\$\(`)
	// otherPercent is a percent sign that begins neither an escape of a URL nor
	// stands before what is no letter: %NAME%, %(name)s, %s.
	otherPercent = pattern(`%(?:[a-zA-Z_]*%|\(|[g-zG-Z_]|[0-9a-fA-F][g-zG-Z_])`)
)

// portWord is a word in the place of a port, in a text that shows what a URL
// looks like.
var portWord = pattern(`(?i):port(?:$|[/?#])`)

// isProgram says whether a program makes something else out of the URL in a
// string: there is an escape that is not known, or an array of Perl's.
func (d *Document) isProgram(u *url, text string) bool {
	if strings.Contains(text, `\`) || strings.Contains(u.text(), "@{[") {
		return true
	}
	end := ending(d.name)
	return (end == "pl" || end == "pm") && u.leaf.role == value && strings.Contains(text, "@") &&
		d.root.text[max(0, u.leaf.place(0)-1)] == '"'
}

// isWord says whether a shell has taken quotes off the URL.
func (u *url) isWord() bool { return u.leaf.role == word && u.view == u.leaf.view }

// quotable are the formats of which the quotation marks are all known, settable
// those of which the ends of a value are.
var (
	quotable = []Format{YAML, JSON, TOML, Source}
	settable = append([]Format{Env, INI, Properties, Dockerfile, Makefile}, quotable...)
)

// isWhole says whether the URL is the whole of a value in one of some formats.
func (d *Document) isWhole(u *url, formats []Format) bool {
	if !slices.Contains(formats, d.format) || u.leaf.role != value || u.start > 0 || u.end < len(u.view.text) {
		return false
	}
	for v := u.view; v != nil; v = v.below {
		if v == u.leaf.view {
			return true
		}
	}
	return false
}

// unescaped is the URL with letters in the place of placeholders, and of
// dollars and quotation marks that the file says to mean themselves.
func (u *url) unescaped() string {
	b := []byte(u.view.filled(u.span))
	for i, c := range b {
		if strings.IndexByte("$\"'`\\", c) < 0 {
			continue
		}
		for v, at := u.view, u.start+i; v.below != nil; {
			if p, found := v.piece(at); found && !p.exact && p.end == p.start+1 {
				b[i] = 'x'
			}
			v, at = v.down(at)
		}
	}
	return string(b)
}

// hasOtherBrackets says whether there are square brackets that hold no IPv6
// address.
func hasOtherBrackets(s string) bool {
	for {
		open, end := strings.IndexByte(s, '['), strings.IndexByte(s, ']')
		if open < 0 || end < open {
			return open >= 0 || end >= 0
		}
		inside := s[open+1 : end]
		if !strings.Contains(inside, ":") || strings.Trim(inside, "0123456789abcdefABCDEF:.") != "" {
			return true
		}
		s = s[end+1:]
	}
}

// hasOtherPercent says whether a percent sign begins no escape of a URL.
func hasOtherPercent(s string) bool {
	for i := range len(s) {
		if s[i] == '%' && !isEscape(s[i:]) {
			return true
		}
	}
	return false
}

// hasVariable says whether "$" may begin a variable.
func hasVariable(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if s[i] == '$' && (isName(s[i+1]) && s[i+1] > '9' || s[i+1] == '{' || s[i+1] == '(') {
			return true
		}
	}
	return false
}

// upperAt is @NAME@ of autoconf beside other text, where a lower-case one is
// rather a password.
var upperAt = pattern(`@[A-Z][A-Z0-9_]*@`)

// branch is a placeholder that decides on the text behind it.
var branch = pattern(`^(?:\{%|%\{)|` +
	`^(?:\{\{|<[%?]|\[\[)[^=].*\b(?:if|else|elsif|unless|end|endif|range|with|for)\b|` +
	`^\{\{~?[-]?\s*[#/^]`)

// branches says whether what stands in the URL depends on a condition.
func branches(u *url) bool {
	for _, h := range u.view.holesIn(u.span) {
		if branch().MatchString(u.view.text[h.start:h.end]) {
			return true
		}
	}
	return false
}

// isFollowed says whether the URL ends where a bracket begins, or in front of
// a backslash.
func (u *url) isFollowed(f Format) bool {
	if u.end >= len(u.view.text) {
		return false
	}
	switch u.view.text[u.end] {
	case '[', '{', '(', '\\':
		return true
	case '<': // a tag of markup, unless it is written as an entity
		p, _ := u.view.piece(u.end)
		return f != HTML && f != Markdown || !p.exact || f == Markdown && u.end > 0 && u.view.text[u.end-1] != '/' ||
			strings.IndexByte(":@/=", u.view.text[u.end-1]) >= 0
	}
	return false
}
