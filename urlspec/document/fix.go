package document

import (
	"slices"
	"strconv"
	"strings"

	"xmppscope/urlspec"
)

// Fixed is what Fix did.
type Fixed struct {
	// Data is the file with the fixes made.
	Data []byte
	// URLs counts the URLs that changed.
	URLs int
	// Left are problems whose safe fix could not be written at its place.
	Left []Problem
}

// maxRounds bounds how often a file is fixed and read again: a URL that was
// cut off is whole only in the second round.
const maxRounds = 3

// Fix makes every safe fix of every URL, but for those in comments and
// examples. It writes each for its place, reads the new file again, and keeps
// a change only when nothing but those URLs has changed.
func (d *Document) Fix() Fixed {
	out := Fixed{}
	at := d
	changed := map[string]bool{}
	for range maxRounds {
		next, made, left := at.fixOnce()
		out.Left = left
		if next == nil {
			break
		}
		at = next
		for _, c := range made {
			changed[c.id] = true
		}
	}
	out.URLs = len(changed)
	if at != d {
		data, err := at.file.encode(at.root.text)
		if err != nil {
			return Fixed{}
		}
		out.Data = data
	}
	return out
}

// change is what is to become of one URL.
type change struct {
	url   *url
	edits []edit // of the text of the view
	view  *view
	root  []edit // of the file's text, for what is no URL's
	quote bool
	// id is the same for changes of one URL.
	id string
}

// fixOnce makes the fixes and reads the file again; nil when there are none.
func (d *Document) fixOnce() (next *Document, made []change, left []Problem) {
	var changes []change
	for i, u := range d.urls {
		c, wanted, ok := d.change(u)
		c.id = "URL " + strconv.Itoa(i)
		switch {
		case !wanted:
		case !ok:
			left = append(left, unwritten(u))
		default:
			changes = append(changes, c)
		}
	}
	if d.URLs(false) > 0 {
		for _, n := range d.notes {
			if len(n.fix) > 0 {
				changes = append(changes, change{root: n.fix, id: "at " + strconv.Itoa(n.offset)})
			}
		}
	}
	t := trial{d: d, left: maxTries}
	t.make(changes)
	for _, c := range t.refused {
		if c.url != nil {
			left = append(left, unwritten(c.url))
		}
	}
	d.locate(left)
	return t.next, t.kept, left
}

// maxTries bounds how often a file is read again to find the changes that do
// harm.
const maxTries = 64

// trial makes changes as far as they do no harm.
type trial struct {
	d             *Document
	next          *Document // with those that are kept
	kept, refused []change
	left          int // tries
}

// make makes all of some changes, or else those of each half that can be made.
func (t *trial) make(changes []change) {
	if len(changes) == 0 {
		return
	}
	if t.left > 0 {
		t.left--
		all := append(t.kept[:len(t.kept):len(t.kept)], changes...)
		if with := t.d.with(all); with != nil {
			t.next, t.kept = with, all
			return
		}
	}
	if len(changes) == 1 || t.left == 0 {
		t.refused = append(t.refused, changes...)
		return
	}
	half := len(changes) / 2
	t.make(changes[:half])
	t.make(changes[half:])
}

// unwritten says that a fix could not be written.
func unwritten(u *url) Problem {
	p := problemOf("fix-not-written", u.view.place(u.start))
	p.URL = u.redacted()
	return p
}

// change says how a URL is fixed; it is not ok when that cannot be written.
func (d *Document) change(u *url) (c change, wanted, ok bool) {
	switch {
	case u.isComment() || isExample(d.name) || !d.counts(u, false) || d.isOthers(u) || d.isUnfinished(u):
		return change{}, false, false
	case u.cut != nil:
		edits, ok := u.cut.quoted()
		return change{url: u, edits: edits, view: u.cut.below, quote: true}, ok, ok
	case d.inDoubt(u):
		return change{}, false, false
	}
	edits := u.edits()
	if len(edits) == 0 {
		return change{}, false, false
	}
	if u.isFormat() && slices.ContainsFunc(edits, func(e edit) bool { return strings.Contains(e.text, "%") }) {
		return change{}, true, false
	}
	return change{url: u, edits: edits, view: u.view}, true, u.view.canWrite(edits)
}

// canWrite says whether each of some edits can be written in the file.
func (v *view) canWrite(edits []edit) bool {
	for _, e := range edits {
		for w := v; w.below != nil; w = w.below {
			var ok bool
			if e, ok = w.write(e); !ok {
				return false
			}
		}
	}
	return true
}

// edits are the safe fixes of a URL, as edits of its view's text: those that
// are the same whatever the placeholders stand for.
func (u *url) edits() []edit {
	var out []edit
	for i, v := range u.variants() {
		found := v.edits()
		if i == 0 {
			out = found
			continue
		}
		out = slices.DeleteFunc(out, func(e edit) bool { return !slices.Contains(found, e) })
	}
	return out
}

// edits are the safe fixes of one variant, as edits of the text below it.
func (v variant) edits() []edit {
	_, applied := urlspec.FixAll(v.view.text)
	if len(applied) == 0 {
		return nil
	}
	r := rope{{span: span{0, len(v.view.text)}}}
	for _, p := range applied {
		r = r.replace(span{p.Fix.Start, p.Fix.End}, p.Fix.Text)
	}
	var out []edit
	for _, e := range r.edits(len(v.view.text)) {
		if namesStandIn(e.text) {
			continue
		}
		if below, ok := v.view.write(e); ok {
			out = append(out, below)
		}
	}
	return out
}

// rope is a text under change: stretches of the first text, and new ones.
type rope []ropePart

type ropePart struct {
	span        // of the first text, unless it is new
	text string // when it is new
	new  bool
}

func (p ropePart) len() int {
	if p.new {
		return len(p.text)
	}
	return p.end - p.start
}

// slice is the text from one offset of it as it is now to another.
func (r rope) slice(from, to int) rope {
	var out rope
	at := 0
	for _, p := range r {
		start, end := max(from-at, 0), min(to-at, p.len())
		at += p.len()
		switch {
		case start >= end:
		case p.new:
			out = append(out, ropePart{text: p.text[start:end], new: true})
		default:
			out = append(out, ropePart{span: span{p.start + start, p.start + end}})
		}
	}
	return out
}

// replace makes one edit of the text as it is now.
func (r rope) replace(s span, text string) rope {
	length := 0
	for _, p := range r {
		length += p.len()
	}
	out := append(r.slice(0, s.start), ropePart{text: text, new: true})
	return append(out, r.slice(s.end, length)...)
}

// edits says what became of the first text.
func (r rope) edits(length int) []edit {
	var out []edit
	at := 0
	var b strings.Builder
	flush := func(to int) {
		if b.Len() > 0 || to > at {
			out = append(out, edit{span{at, to}, b.String()})
			b.Reset()
		}
	}
	for _, p := range r {
		if p.new {
			b.WriteString(p.text)
			continue
		}
		flush(p.start)
		at = p.end
	}
	flush(length)
	return out
}

// with is the document with changes made, read again; nil when anything else
// would change.
func (d *Document) with(changes []change) *Document {
	edits, byView, ok := spread(changes, d.root)
	if !ok {
		return nil
	}
	data, err := d.file.write(edits)
	if err != nil {
		return nil
	}
	next, err := Read(d.name, data)
	if err != nil || !d.sameBut(next, changes, byView) {
		return nil
	}
	return next
}

// spread takes the edits of every view down to the file, those of the deepest
// first, and says what edits each view has.
func spread(changes []change, root *view) (edits []edit, byView map[*view][]edit, ok bool) {
	byView = map[*view][]edit{}
	var levels [][]*view
	add := func(v *view, list ...edit) {
		depth := 0
		for w := v; w.below != nil; w = w.below {
			depth++
		}
		for len(levels) <= depth {
			levels = append(levels, nil)
		}
		if len(byView[v]) == 0 {
			levels[depth] = append(levels[depth], v)
		}
		byView[v] = append(byView[v], list...)
	}
	for _, c := range changes {
		if len(c.root) > 0 {
			add(root, c.root...)
		}
		if c.view != nil {
			add(c.view, c.edits...)
		}
	}
	for depth := len(levels) - 1; depth > 0; depth-- {
		for _, v := range levels[depth] {
			byView[v] = sortEdits(byView[v])
			list, ok := v.writeAll(byView[v])
			if !ok {
				return nil, nil, false
			}
			add(v.below, list...)
		}
	}
	edits = sortEdits(byView[root])
	for i := 1; i < len(edits); i++ {
		if edits[i].start < edits[i-1].end {
			return nil, nil, false
		}
	}
	return edits, byView, true
}

// writeAll says how edits are made in the text below.
func (v *view) writeAll(list []edit) ([]edit, bool) {
	if v.whole != nil && len(v.pieces) > 0 {
		text, ok := v.whole(apply(v.text, list))
		return []edit{{span{v.pieces[0].from, v.pieces[len(v.pieces)-1].to}, text}}, ok
	}
	out := make([]edit, 0, len(list))
	for _, e := range list {
		below, ok := v.write(e)
		if !ok {
			return nil, false
		}
		out = append(out, below)
	}
	return out, true
}

// sortEdits sorts edits. Two settings with the same URL may both want the same
// one, which is made once.
func sortEdits(list []edit) []edit {
	slices.SortStableFunc(list, func(a, b edit) int { return a.start - b.start })
	return slices.Compact(list)
}
