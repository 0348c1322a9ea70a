package document

import (
	"sort"
	"strings"
)

// span is a stretch of a text, in bytes.
type span struct{ start, end int }

// view is a text decoded from the one below it, and the way back: the value of
// a quoted string in a file, the JSON inside that value, the word of a shell
// command inside that.
type view struct {
	text string
	// below is nil for the text of the file itself.
	below  *view
	pieces []piece // cover text in order
	// encode writes plain text for its place in the text below; it is not ok
	// where there is no way to write it. Nil means as it is.
	encode encoder
	// quotes are the stretches of the text below with codings of their own,
	// sorted: the quotes of a shell word.
	quotes []quoting
	// whole encodes the whole text anew, for codings without stretches of
	// their own, such as base64.
	whole encoder
	// holes are the placeholders, sorted: text that something else will be
	// put in the place of.
	holes []span
	// merged are stretches that come from other settings than the URL's.
	merged []span
}

// encoder writes plain text for its place. It is not ok where there is no way
// to write it.
type encoder func(string) (string, bool)

// quoting is a stretch of the text below and its coding.
type quoting struct {
	span
	encode encoder
}

// piece says where a stretch of a view's text stands in the text below.
type piece struct {
	span
	from, to int
	// exact pieces have the same bytes there.
	exact bool
	// other is the text below, when it is another one than the view's.
	other *view
}

// fileView is the view that all others stand on.
func fileView(s string) *view { return &view{text: s} }

// builder puts a view together.
type builder struct {
	below  *view
	text   strings.Builder
	pieces []piece
	holes  []span
	quotes []quoting
}

// copy takes over bytes of the text below as they are.
func (b *builder) copy(from, to int) {
	if from >= to {
		return
	}
	start := b.text.Len()
	b.text.WriteString(b.below.text[from:to])
	if n := len(b.pieces); n > 0 && b.pieces[n-1].exact && b.pieces[n-1].to == from {
		b.pieces[n-1].end, b.pieces[n-1].to = b.text.Len(), to
		return
	}
	b.pieces = append(b.pieces, piece{span: span{start, b.text.Len()}, from: from, to: to, exact: true})
}

// put adds what a stretch of the text below stands for.
func (b *builder) put(text string, from, to int) {
	start := b.text.Len()
	b.text.WriteString(text)
	b.pieces = append(b.pieces, piece{span: span{start, b.text.Len()}, from: from, to: to})
}

// hole takes over a placeholder as it is.
func (b *builder) hole(from, to int) {
	start := b.text.Len()
	b.copy(from, to)
	b.holes = append(b.holes, span{start, b.text.Len()})
}

// view ends the building.
func (b *builder) view(encode encoder) *view {
	v := &view{text: b.text.String(), below: b.below, pieces: b.pieces, encode: encode, quotes: b.quotes}
	v.holes = mergeSpans(append(b.holes, v.inherited()...))
	return v
}

// slice is a part of a view as a view of its own.
func (v *view) slice(start, end int) *view {
	b := builder{below: v}
	b.copy(start, end)
	return b.view(nil)
}

// inherited are the placeholders of the text below, where they stand here.
func (v *view) inherited() []span {
	if len(v.below.holes) == 0 {
		return nil
	}
	var out []span
	for _, p := range v.pieces {
		holes := v.below.holes
		i := sort.Search(len(holes), func(i int) bool { return holes[i].end > p.from })
		for ; i < len(holes) && holes[i].start < p.to; i++ {
			if !p.exact {
				out = append(out, p.span)
				continue
			}
			out = append(out, span{p.start + max(holes[i].start-p.from, 0),
				p.end - max(p.to-holes[i].end, 0)})
		}
	}
	return out
}

// addHoles adds placeholders.
func (v *view) addHoles(holes []span) {
	if len(holes) > 0 {
		v.holes = mergeSpans(append(v.holes, holes...))
	}
}

// mergeSpans sorts spans and joins those that touch each other's inside.
func mergeSpans(spans []span) []span {
	sort.Slice(spans, func(i, j int) bool { return spans[i].start < spans[j].start })
	out := spans[:0]
	for _, s := range spans {
		switch n := len(out); {
		case s.end <= s.start:
		case n > 0 && s.start < out[n-1].end:
			out[n-1].end = max(out[n-1].end, s.end)
		default:
			out = append(out, s)
		}
	}
	return out
}

// overlaps says whether one of sorted spans has a byte of a stretch.
func overlaps(spans []span, start, end int) bool {
	i := sort.Search(len(spans), func(i int) bool { return spans[i].end > start })
	return i < len(spans) && spans[i].start < end
}

// holesIn are the placeholders that have a byte of a stretch.
func (v *view) holesIn(s span) []span {
	from := sort.Search(len(v.holes), func(i int) bool { return v.holes[i].end > s.start })
	to := sort.Search(len(v.holes), func(i int) bool { return v.holes[i].start >= s.end })
	return v.holes[from:max(from, to)]
}

// filled is a stretch of the text with every placeholder overwritten by
// letters, so that nothing inside it ends a word.
func (v *view) filled(s span) string {
	holes := v.holesIn(s)
	if len(holes) == 0 {
		return v.text[s.start:s.end]
	}
	b := []byte(v.text[s.start:s.end])
	for _, h := range holes {
		for i := max(h.start, s.start); i < min(h.end, s.end); i++ {
			b[i-s.start] = 'x'
		}
	}
	return string(b)
}

// all is the whole of the text.
func (v *view) all() span { return span{0, len(v.text)} }

// piece gives the piece with the byte at an offset, the last one at the end.
func (v *view) piece(offset int) (piece, bool) {
	i := sort.Search(len(v.pieces), func(i int) bool { return v.pieces[i].end > offset })
	if i == len(v.pieces) {
		if i == 0 {
			return piece{}, false
		}
		i--
	}
	return v.pieces[i], true
}

// down is where a byte of the view begins in the text below.
func (v *view) down(offset int) (*view, int) {
	p, found := v.piece(offset)
	below := v.below
	switch {
	case !found:
		return below, 0
	case p.other != nil:
		below = p.other
	}
	switch {
	case p.exact:
		return below, p.from + min(offset, p.end) - p.start
	case offset >= p.end:
		return below, p.to
	}
	return below, p.from
}

// downEnd is where the byte before an offset ends in the text below.
func (v *view) downEnd(offset int) (*view, int) {
	i := sort.Search(len(v.pieces), func(i int) bool { return v.pieces[i].end >= offset })
	if i == len(v.pieces) {
		return v.down(offset)
	}
	p, below := v.pieces[i], v.below
	if p.other != nil {
		below = p.other
	}
	if p.exact {
		return below, p.from + max(offset-p.start, 0)
	}
	return below, p.to
}

// place is where an offset stands in the file.
func (v *view) place(offset int) int {
	for v.below != nil {
		v, offset = v.down(offset)
	}
	return offset
}

// placeEnd is where the byte before an offset ends in the file.
func (v *view) placeEnd(offset int) int {
	for v.below != nil {
		v, offset = v.downEnd(offset)
	}
	return offset
}

// write says how a stretch of the view is replaced in the text below it.
func (v *view) write(e edit) (edit, bool) {
	if overlaps(v.holes, e.start, e.end) || overlaps(v.merged, e.start, e.end) {
		return edit{}, false
	}
	if v.whole != nil && len(v.pieces) > 0 {
		text, ok := v.whole(apply(v.text, []edit{e}))
		return edit{span{v.pieces[0].from, v.pieces[len(v.pieces)-1].to}, text}, ok
	}
	from, to, ok := v.stretch(e.span)
	if !ok || strings.Contains(v.below.text[from:to], "\n") { // lines stay lines
		return edit{}, false
	}
	if encode := v.encoding(from, to); encode != nil {
		e.text, ok = encode(e.text)
	}
	return edit{span{from, to}, e.text}, ok
}

// stretch is where a span stands in the text below. An empty one stands behind
// what is before it, rather than across a gap.
func (v *view) stretch(s span) (from, to int, ok bool) {
	switch {
	case s.end > s.start:
		_, from = v.down(s.start)
		_, to = v.downEnd(s.end)
		return from, to, true
	case s.start > 0 && !overlaps(v.merged, s.start-1, s.start) && !v.isFold(s.start):
		_, from = v.downEnd(s.start)
	case s.start > 0 && s.start == len(v.text), overlaps(v.merged, s.start, s.start+1):
		return 0, 0, false
	default:
		_, from = v.down(s.start)
	}
	return from, from, true
}

// isFold says whether a line break, read as a blank, stands before an offset:
// what is put there stands behind the indentation of the next line.
func (v *view) isFold(offset int) bool {
	p, found := v.piece(offset - 1)
	return found && !p.exact && offset < len(v.text) && strings.HasSuffix(v.below.text[p.from:p.to], "\n")
}

// encoding is how text is written in a stretch of the text below.
func (v *view) encoding(from, to int) encoder {
	if len(v.quotes) == 0 {
		return v.encode
	}
	i := sort.Search(len(v.quotes), func(i int) bool { return v.quotes[i].end >= to })
	if i < len(v.quotes) && v.quotes[i].start <= from {
		return v.quotes[i].encode
	}
	return never // across a quotation mark
}
