package document

import (
	"slices"
	"strconv"
	"strings"

	"xmppscope/urlspec"
)

// Problem is what is wrong with a URL of a file, or with the file, and where.
type Problem struct {
	// Line and Column count from 1, columns in characters.
	Line, Column int
	Severity     urlspec.Severity
	Code         string
	// Message never holds a password.
	Message string
	// URL is the redacted URL that the problem is of; empty when it is of the
	// file.
	URL string
	// Fix says what the fix does; empty when there is none.
	Fix    string
	offset int
}

// note is a problem of a place in the file.
type note struct {
	code   string
	offset int
	// fix are edits of the file's text, and label says what they do.
	fix   []edit
	label string
}

// URLs counts the URLs that were found, those in comments left out unless
// asked for.
func (d *Document) URLs(comments bool) int {
	n := 0
	for _, u := range d.urls {
		if d.counts(u, comments) {
			n++
		}
	}
	return n
}

// counts says whether a URL is looked at.
func (d *Document) counts(u *url, comments bool) bool {
	if !comments && (u.isComment() || isExample(d.name)) {
		return false
	}
	// "xmpps://", "xmpps://..." and "xmpp://HOST" are only mentioned.
	_, rest, _ := strings.Cut(u.view.filled(u.span), "://")
	return strings.Trim(rest, "./…*-") != "" && !hostWord().MatchString(rest)
}

// hostWord is a word in the place of a host, in a text that shows what a URL
// looks like.
var hostWord = pattern(`^[A-Z][A-Z_]*(?:[:/].*)?$`)

// Problems are what is wrong, in the order of their places.
func (d *Document) Problems(comments bool) []Problem {
	var out []Problem
	for _, u := range d.urls {
		if d.counts(u, comments) {
			out = append(out, d.judge(u)...)
		}
	}
	for _, n := range d.allNotes() {
		p := problemOf(n.code, n.offset)
		p.Fix = n.label
		out = append(out, p)
	}
	d.locate(out)
	return slices.CompactFunc(out, func(a, b Problem) bool {
		return a.offset == b.offset && a.Code == b.Code && a.Message == b.Message // of a URL with several settings
	})
}

// problemOf is a problem of a file's own, in the words of the table.
func problemOf(code string, offset int) Problem {
	info, _ := Explain(code)
	return Problem{Severity: info.Severity, Code: code, Message: strings.ToUpper(info.Help[:1]) + info.Help[1:] + ".",
		offset: offset}
}

// allNotes are the notes of the file and of Apprise's configuration.
func (d *Document) allNotes() []note {
	notes := slices.Clone(d.notes)
	if d.config != nil {
		notes = append(notes, d.config.notes...)
	}
	return notes
}

// judge gives the problems of one URL.
func (d *Document) judge(u *url) []Problem {
	switch {
	case u.cut != nil:
		p := problemOf("shell-unquoted", u.cut.below.place(u.cut.at))
		p.URL = u.redacted()
		if _, ok := u.cut.quoted(); ok {
			p.Fix = "quote the URL"
		}
		return []Problem{p}
	case d.isOthers(u):
		p := problemOf("not-apprise", u.view.place(u.start))
		p.URL = u.redacted()
		return []Problem{p}
	case d.isUnfinished(u), d.inDoubt(u):
		return nil
	}
	var out []Problem
	shown := ""
	for _, p := range u.problems() {
		if shown == "" {
			shown = u.redacted()
		}
		q := Problem{Severity: p.Severity, Code: p.Code, Message: p.Message, URL: shown,
			offset: u.view.place(u.start + p.Start)}
		if p.Fix != nil {
			q.Fix = p.Fix.Label
		}
		out = append(out, q)
	}
	return out
}

// isOthers says whether the URL is probably another program's: a host and no
// user, in a setting that is not for Apprise.
func (d *Document) isOthers(u *url) bool {
	if u.entry != nil || d.format == AppriseText || u.leaf.command != nil && u.leaf.apprise {
		return false
	}
	if u.leaf.under(func(name string) bool {
		return strings.Contains(strings.ToLower(name), "apprise")
	}) {
		return false
	}
	text := u.view.filled(u.span)
	if overlaps(u.view.holes, u.start, u.end) {
		return false
	}
	_, rest, _ := strings.Cut(text, "://")
	if strings.ContainsAny(rest, "{}<>()$%\\") {
		return false // whose it is would have to be known first
	}
	authority := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority = rest[:i]
	}
	if strings.Contains(rest, "@") || strings.Contains(strings.ToLower(rest), "user=") {
		return false
	}
	i := strings.LastIndexByte(authority, ':')
	if i < 0 || strings.HasSuffix(authority, "]") {
		return true
	}
	_, err := strconv.Atoi(authority[i+1:])
	return err == nil
}

// isUnfinished says whether the URL goes on with what is not known: so does one
// in a program that ends where a part of it would begin.
func (d *Document) isUnfinished(u *url) bool {
	if u.view != u.leaf.view || u.end != len(u.view.text) {
		return false
	}
	return u.leaf.unfinished ||
		d.format == Source && u.leaf.role == value && strings.IndexByte(":@=&?", u.view.text[u.end-1]) >= 0
}

// problems are those that hold whatever stands for the placeholders, with
// offsets in the URL as it stands in the file.
func (u *url) problems() []urlspec.Problem {
	if !overlaps(u.view.holes, u.start, u.end) {
		return urlspec.Parse(u.text()).Problems
	}
	var out []urlspec.Problem
	for i, v := range u.variants() {
		found := v.problems(u)
		if i == 0 {
			out = found
			continue
		}
		out = slices.DeleteFunc(out, func(p urlspec.Problem) bool {
			return !slices.ContainsFunc(found, func(q urlspec.Problem) bool {
				return q.Code == p.Code && q.Start == p.Start
			})
		})
	}
	return out
}

// variant is the URL with one possible value for each placeholder, which are
// the holes of its view. Below that is the URL's own.
type variant struct{ view *view }

// problems are the variant's, in the URL's own offsets, without those of the
// placeholders themselves.
func (v variant) problems(u *url) []urlspec.Problem {
	var out []urlspec.Problem
	for _, p := range urlspec.Parse(v.view.text).Problems {
		if overlaps(v.view.holes, p.Start, max(p.End, p.Start+1)) || namesStandIn(p.Message) {
			continue
		}
		_, start := v.view.down(p.Start)
		_, end := v.view.downEnd(p.End)
		p.Start, p.End = start-u.start, end-u.start
		if p.Fix != nil && namesStandIn(p.Fix.Label+p.Fix.Text) {
			p.Fix = nil
		}
		out = append(out, p)
	}
	return out
}

// standIns are in every word that stands for a placeholder, and in no other.
var standIns = []string{"zq5", "zq6", "zq7", "zq8", "zq9"}

// namesStandIn says whether a text repeats a word that only stands for a
// placeholder.
func namesStandIn(s string) bool {
	return slices.ContainsFunc(standIns, func(word string) bool { return strings.Contains(s, word) })
}

// variants are the URL with the placeholders replaced: by a word, and by what
// else may stand there. A URL without placeholders has one.
func (u *url) variants() []variant {
	if !overlaps(u.view.holes, u.start, u.end) {
		b := builder{below: u.view}
		b.copy(u.start, u.end)
		return []variant{{b.view(nil)}}
	}
	out := make([]variant, 0, 3)
	for n := range 3 {
		b := builder{below: u.view}
		at := u.start
		for i, h := range u.view.holesIn(u.span) {
			b.copy(at, max(h.start, at))
			from := b.text.Len()
			b.put(standIn(n, i, b.text.String(), u.view.text[min(h.end, u.end):u.end]), max(h.start, at), min(h.end, u.end))
			b.holes = append(b.holes, span{from, b.text.Len()})
			at = min(h.end, u.end)
		}
		b.copy(at, u.end)
		v := b.view(nil)
		v.holes = mergeSpans(b.holes)
		out = append(out, variant{v})
	}
	return out
}

// maxHoles is of how many placeholders of a URL it is looked at where they
// stand.
const maxHoles = 64

// standIn is a well-formed value for a placeholder, of which only what stands
// before and after it is known.
func standIn(variant, number int, before, after string) string {
	id := strconv.Itoa(number) + "z"
	if number > maxHoles {
		return "zq7x" + id
	}
	_, rest, _ := strings.Cut(before, "://")
	if i := strings.LastIndexAny(rest, "?&;"); i >= 0 && strings.Contains(rest, "?") {
		name, _, isValue := strings.Cut(rest[i+1:], "=")
		return standInParam(variant, id, strings.ToLower(name), isValue)
	}
	if strings.ContainsAny(rest, "/#") {
		return []string{"zq7x" + id, "#zq8y" + id + "@zq9.example", "zq5w" + id + "/zq6"}[variant]
	}
	if strings.HasSuffix(rest, ":") && strings.Contains(rest, "@") {
		return []string{"5222", "5223", "8822"}[variant]
	}
	if variant == 1 && !strings.Contains(rest, "@") && !strings.Contains(authorityOf(after), "@") {
		return "zq7u" + id + ":zq7p@zq7h.example"
	}
	return []string{"zq7x" + id, "zq8y" + id + ".example", "zq5w" + id + ".zq6.example"}[variant]
}

func authorityOf(s string) string {
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		return s[:i]
	}
	return s
}

// standInParam is a value for a parameter, or a whole one.
func standInParam(variant int, id, name string, isValue bool) string {
	if !isValue {
		return []string{"mode=tls", "verify=yes", "name=zq7n" + id}[variant]
	}
	for _, p := range urlspec.Parameters() {
		switch {
		case p.Name != name:
		case len(p.Values) > 0:
			return p.Values[variant%len(p.Values)]
		case p.Kind == urlspec.KindInt || p.Kind == urlspec.KindSeconds:
			return strconv.Itoa(variant + 1)
		case p.Kind == urlspec.KindZone:
			return "UTC"
		}
	}
	return []string{"zq7x" + id, "zq8y" + id + "@zq9.example", "zq5w" + id}[variant]
}

// redacted shows the URL without passwords, and with the names of simple
// placeholders.
func (u *url) redacted() string {
	if !overlaps(u.view.holes, u.start, u.end) {
		return urlspec.Redact(u.text())
	}
	v := u.variants()[0]
	var edits []edit
	for _, s := range urlspec.Parse(v.view.text).Spans {
		if s.Kind == urlspec.Password {
			edits = append(edits, edit{span{s.Start, s.End}, urlspec.Mask})
		}
	}
	hidden := make([]span, len(edits))
	for i, e := range edits {
		hidden[i] = e.span
	}
	for i, h := range u.view.holesIn(u.span) {
		if there := v.view.holes[i]; !overlaps(hidden, there.start, there.end) {
			edits = append(edits, edit{there, placeholderName(u.view.text[h.start:h.end])})
		}
	}
	return apply(v.view.text, sortEdits(edits))
}

// placeholderName is a placeholder as it is shown: as it stands when it is a
// name, else as "…", for its default value may be a password.
func placeholderName(s string) string {
	inner := strings.Trim(s, "${}()% ")
	if s == "" || strings.ContainsFunc(inner, func(r rune) bool {
		return r > 0x7f || !isName(byte(r)) && r != '.'
	}) || len(inner) > 40 {
		return "…"
	}
	return s
}
