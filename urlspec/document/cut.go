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
	if u.end != len(u.view.text) || len(u.view.quotes) == 0 || u.view.below != c.below {
		return nil
	}
	s := c.below.text
	_, from := u.view.down(u.start)
	_, end := u.view.downEnd(u.end)
	last := u.view.quotes[len(u.view.quotes)-1]
	if last.start < from && last.end < end || end >= len(s) || strings.IndexByte("\"'", s[end]) >= 0 {
		return nil
	}
	rest := s[end:]
	more := restOfURL(rest)
	hasUser := strings.Contains(u.text(), "@")
	switch {
	case more == "":
		return nil
	case strings.IndexByte("&;|", rest[0]) >= 0 && (isParameter(more[1:]) || !hasUser && strings.Contains(more, "@")):
	case rest[0] == ' ' && strings.HasPrefix(more, " #") && strings.HasSuffix(u.text(), "/") && len(more) > 2:
	case rest[0] == ' ' && !hasUser && strings.Contains(more, "@") && !strings.Contains(more, "://") &&
		strings.Count(u.text(), ":") > 1 && !urlspec.Parse(u.text()).Reading.Accepted:
	default:
		return nil
	}
	return &cut{below: c.below, from: from, at: end, to: end + len(more)}
}

// restOfURL is what follows a word up to the next blank or quote.
func restOfURL(s string) string {
	i := strings.IndexAny(s[1:], " \t\r\n\"'`)")
	if i < 0 {
		return s
	}
	return s[:1+i]
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

// quoted are the edits that quote the whole URL.
func (c *cut) quoted() ([]edit, bool) {
	text := c.below.text[c.from:c.to]
	mark := "'"
	switch {
	case strings.Contains(text, " #"):
		return nil, false // more than quotation marks would be needed
	case !strings.ContainsAny(text, "'$\\`\""):
	case !strings.ContainsAny(text, "\"`\\"):
		mark = `"`
	default:
		return nil, false
	}
	return []edit{{span{c.from, c.from}, mark}, {span{c.to, c.to}, mark}}, true
}
