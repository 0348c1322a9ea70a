package document

import (
	"path"
	"slices"
	"strings"

	"xmppscope/urlspec"
)

// textLine is a line of Apprise's TEXT configuration: a comment, tags and a
// URL, a group and its tags, or an include.
var textLine = pattern(`(?i)^\s*(?:([;#]+.*)|(?:\s*([a-z0-9, \t_:-]+)\s*=|=)?\s*` +
	`(?:([a-z0-9]{1,32}://.*)|([a-z0-9, \t_-]+))|include\s+(.+))?\s*$`)

// The groups of textLine.
const (
	lineComment = 2 * (iota + 1)
	lineTags
	lineURL
	lineAssign
	lineInclude
)

// looksLikeAppriseText says whether a file is a TEXT configuration: by its name,
// or because all of its lines are such lines, and one of them is nobody else's.
// Lines of name = URL alone are any program's settings, and URLs without a user
// are servers.
func looksLikeAppriseText(name, s string) bool {
	if !hasXMPP(s) || hasLine(s, "urls:") {
		return false
	}
	if isAppriseName(name) || isAppriseFolder(name) {
		base, _, _ := strings.Cut(baseName(name), ".")
		return len(urlspec.Find(s)) > 0 && (base == "apprise" || !looksLikeEnv(s))
	}
	sure, login := false, false
	tags := map[string]bool{}
	for from := 0; from < len(s); {
		line, _, _ := strings.Cut(s[from:], "\n")
		from += len(line) + 1
		m := textLine().FindStringSubmatch(line[:min(len(line), maxConfig)])
		if m == nil {
			return false
		}
		names := splitList(m[lineTags/2])
		switch {
		case m[lineURL/2] != "":
			if len(names) == 1 && names[0] == strings.ToUpper(names[0]) && strings.Contains(names[0], "_") {
				return false // a variable of an environment file
			}
			login = login || startsWithScheme(m[lineURL/2]) && strings.Contains(m[lineURL/2], "@")
			sure = sure || len(names) != 1
		case m[lineAssign/2] != "":
			members := splitList(m[lineAssign/2])
			unknown := slices.ContainsFunc(members, func(tag string) bool { return !tags[tag] })
			sure = sure || len(names) > 0 && len(members) > 0 && !unknown
		case m[lineInclude/2] != "":
			sure = true
		}
		for _, tag := range names {
			tags[tag] = true
		}
	}
	return sure && login
}

// isAppriseFolder says whether a file stands in a folder of Apprise's, such as
// /etc/apprise, and has an ending of its TEXT configurations.
func isAppriseFolder(name string) bool {
	name = strings.ToLower(strings.ReplaceAll(name, `\`, "/"))
	folder, base := path.Split(name)
	switch path.Ext(base) {
	case "", ".conf", ".cfg", ".txt":
		return path.Base(folder) == "apprise"
	}
	return false
}

// readAppriseText reads Apprise's TEXT configuration, in which a line is a URL
// with all that stands in it.
func (d *Document) readAppriseText() {
	d.config = &config{isText: true}
	eachLine(d.root.text, func(from, to int) {
		line := d.root.text[from:to]
		m := textLine().FindStringSubmatchIndex(line)
		if m == nil {
			d.config.fail("apprise-text-invalid", from)
			d.add("line", line, leaf{role: prose, dollar: noDollar}, func() *view { return d.bare(from, to) })
			return
		}
		part := func(group int) string {
			if m[group] < 0 {
				return ""
			}
			return line[m[group]:m[group+1]]
		}
		tags := splitList(part(lineTags))
		switch {
		case m[lineComment] >= 0:
			d.comment(from, to)
		case m[lineInclude] >= 0:
			d.config.includes = append(d.config.includes, strings.TrimSpace(part(lineInclude)))
			d.tokens = append(d.tokens, token{kind: "include", text: part(lineInclude)})
		case m[lineAssign] >= 0:
			for _, group := range tags {
				d.config.addGroup(group, splitList(part(lineAssign)))
			}
			d.tokens = append(d.tokens, token{kind: "group", text: line})
		case m[lineURL] >= 0:
			d.tokens = append(d.tokens, token{kind: "tags", text: part(lineTags)})
			d.textEntry(from+m[lineURL], from+m[lineURL+1], tags)
		default:
			d.structure("empty")
		}
	})
}

// textEntry notes the URL of a line.
func (d *Document) textEntry(from, to int, tags []string) {
	text := strings.TrimRight(d.root.text[from:to], " \t\r")
	l := leaf{role: value, dollar: noDollar}
	before := len(d.leaves)
	d.add("url", text, l, func() *view {
		b := builder{below: d.root}
		b.copy(from, from+len(text))
		return b.view(encodeLine)
	})
	if len(d.leaves) == before {
		return
	}
	e := &entry{leaf: d.leaves[before], tags: tags}
	if hasRetry(tags) {
		d.config.notes = append(d.config.notes, note{code: "apprise-tag-retry", offset: from})
	} else if startsWithScheme(text) {
		e.merged = e.leaf.slice(0, len(text))
	}
	d.config.entries = append(d.config.entries, e)
}
