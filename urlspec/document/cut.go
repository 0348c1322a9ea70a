package document

import (
	"strings"

	"xmppscope/urlspec"
)

// cut is a stretch of the text below a word that was meant as the rest of its
// URL, and that the shell takes for something else.
type cut struct {
	// below is the text that the shell reads, from and to the whole URL in it.
	below    *view
	from, to int
	at       int // where the shell ends it
	// doubt is set when the rest may be another command after all.
	doubt bool
}

// findCuts looks for URLs that the shell cuts.
func (d *Document) findCuts() {
	for _, u := range d.urls {
		if u.leaf.role == word && u.leaf.command != nil && u.view == u.leaf.view {
			u.cut = u.leaf.command.cut(u)
		}
	}
}

// cut says whether the URL at the end of a word goes on behind it.
func (c *command) cut(u *url) *cut {
	if c.noShell || u.end != len(u.view.text) || len(u.view.quotes) == 0 || u.view.below != c.below {
		return nil
	}
	s := c.below.text
	_, from := u.view.down(u.start)
	_, end := u.view.downEnd(u.end)
	last := u.view.quotes[len(u.view.quotes)-1]
	if last.start < from && last.end < end || end >= len(s) || strings.IndexByte("\"'", s[end]) >= 0 {
		return nil
	}
	more, doubt := restOfURL(u.text(), s[end:])
	if more == "" {
		return nil
	}
	return &cut{below: c.below, from: from, at: end, to: end + len(more), doubt: doubt}
}

// restOfURL is what follows a word and was meant as the rest of its URL; it is
// empty when nothing was. In doubt it may be another command.
func restOfURL(url, rest string) (more string, doubt bool) {
	hasUser := strings.Contains(url, "@")
	line, _, _ := strings.Cut(rest, "\n")
	switch {
	case rest[0] == ' ':
		word := line[:1+wordLength(line[1:])]
		isComment := strings.HasPrefix(word, " #") && strings.HasSuffix(url, "/") && len(word) > 2
		if isComment || !hasUser && strings.Contains(word, "@") && !strings.Contains(word, "://") &&
			strings.Count(url, ":") > 1 && !urlspec.Parse(url).Reading.Accepted {
			return word, false
		}
	case strings.IndexByte("&;|", rest[0]) < 0:
	case isParameter(rest[1:]):
		n := parametersLength(rest)
		// Behind the parameters there are options, further URLs or operators;
		// any other word makes a command of NAME=value and it.
		next := strings.TrimLeft(line[min(n, len(line)):], " \t\r0123456789")
		isCommand := next != "" && strings.IndexByte("-|&;<>)#`\"'\\", next[0]) < 0 && !startsWithScheme(next)
		return rest[:n], isCommand || !strings.Contains(url, "?") || rest[0] == '|'
	case !hasUser && isPasswordCut(url, line[1:]):
		at := strings.IndexByte(line, '@')
		n := at + wordLength(line[at:])
		return rest[:n+parametersLength(rest[n:])], strings.ContainsAny(line[1:at], "&;|<>")
	}
	return "", false
}

// isPasswordCut says whether the shell cut the URL in its password: what
// follows the operator goes on to an "@" without a blank.
func isPasswordCut(url, rest string) bool {
	_, login, _ := strings.Cut(url, "://")
	word := rest
	if i := strings.IndexAny(rest, " \t\"'`()\\"); i >= 0 {
		word = rest[:i]
	}
	return strings.Contains(login, ":") && !strings.Contains(login, "/") && strings.Contains(word, "@")
}

// wordLength is the length of the text up to where a shell ends a word, or a
// quotation mark.
func wordLength(s string) int {
	if i := strings.IndexAny(s, " \t\r\n\"'`()<>&;|\\"); i >= 0 {
		return i
	}
	return len(s)
}

// parametersLength is the length of "&name=value" and ";name=value", as often
// as a text begins with them.
func parametersLength(s string) int {
	n := 0
	for n < len(s) && strings.IndexByte("&;|", s[n]) >= 0 && isParameter(s[n+1:]) {
		n += 1 + wordLength(s[n+1:])
	}
	return n
}

// isParameter says whether a text begins with a parameter that Apprise knows.
func isParameter(s string) bool {
	name, _, found := strings.Cut(s, "=")
	if !found {
		return false
	}
	for _, p := range urlspec.Parameters() {
		if strings.EqualFold(p.Name, name) {
			return true
		}
	}
	return false
}

// quoted are the edits that quote the whole URL, with quotation marks that can
// be written in the file. They are not ok where more would be needed.
func (c *cut) quoted() (edits []edit, ok bool) {
	text := c.below.text[c.from:c.to]
	if c.doubt || strings.Contains(text, " #") {
		return nil, false
	}
	for _, m := range []struct{ mark, special string }{{"'", "'$\\`\""}, {`"`, "\"`\\"}} {
		edits = []edit{{span{c.from, c.from}, m.mark}, {span{c.to, c.to}, m.mark}}
		if !strings.ContainsAny(text, m.special) && c.below.canWrite(edits) {
			return edits, true
		}
	}
	return nil, false
}
