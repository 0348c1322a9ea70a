package message

import (
	"slices"
	"strings"
)

// When a cut goes through markdown, Apprise mends the pieces so that each can be
// read alone: emphasis that goes on in the next piece is closed here, code and
// links that were torn apart become plain text, and marks that never meant
// anything are escaped. A mended piece may be longer than the limit.

// lookAhead is how many limits of discarded text may tell whether emphasis was
// going to close.
const lookAhead = 8

// noRune stands for the end of the text where a neighbour is asked for.
const noRune rune = -1

// literalSyntax is escaped in what turned out to be plain text.
const literalSyntax = "\\`*_[]()<>"

// repairState is what is still open where a piece ends.
type repairState struct {
	code     int  // backticks of an open code span
	link     bool // inside ](<…
	linkEnds bool // … whose ">" was the piece's last character
	autolink bool // inside <https:…
	escape   bool // after a backslash
	// open counts the emphasis closed early, by mark and width less one.
	open [2][2]int
}

// repairTruncated mends the only piece that is sent; rest is what is not.
func repairTruncated(cut string, rest []rune) string {
	text := []rune(cut)
	if backslashesBefore(text, 0, len(text))%2 == 1 {
		text = []rune(trimRight(string(text[:len(text)-1])))
	}
	seen := min(len(rest), lookAhead*BodyLimit)
	beyond := noRune
	if seen < len(rest) {
		beyond = rest[seen]
	}
	mended, _ := repairPiece(text, repairState{}, rest[:seen], beyond)
	return mended
}

// repairChunks mends all pieces of a split, in place.
func repairChunks(chunks []string) {
	var state repairState
	for i := range chunks {
		var next []rune
		if i+1 < len(chunks) {
			next = []rune(chunks[i+1])
		}
		chunks[i], state = repairPiece([]rune(chunks[i]), state, next, noRune)
	}
}

// repairPiece mends one piece. The state is what the piece before left open,
// next the text that follows, beyond the character after that.
func repairPiece(text []rune, state repairState, next []rune, beyond rune) (string, repairState) {
	p := repairer{text: text, state: state, ticks: backtickRuns(text), after: noRune}
	if len(next) > 0 {
		p.after = next[0]
	}
	p.resume()
	for p.pos < len(text) {
		p.step()
	}
	for _, at := range p.labels {
		p.out[at].text = `\[`
	}
	last := noRune
	if len(text) > 0 {
		last = text[len(text)-1]
	}
	p.closeEmphasis(closerWidths(next, last, beyond))
	return p.render(), p.state
}

// repairer reads one piece from left to right.
type repairer struct {
	text  []rune
	pos   int
	state repairState
	after rune // the first character of the next piece
	ticks map[int][]int
	out   []repairOut
	runs  []emphasisRun
	// labels are the places in out of "[" whose link has not come yet.
	labels []int
	// tail closes emphasis that goes on in the next piece.
	tail strings.Builder
}

// repairOut is text, or the place of an emphasis run (its number from 1).
type repairOut struct {
	text string
	run  int
}

func (p *repairer) put(s string) { p.out = append(p.out, repairOut{text: s}) }

// take puts the source up to end out as it is.
func (p *repairer) take(end int) {
	p.put(string(p.text[p.pos:end]))
	p.pos = end
}

// literal puts the source up to end out as plain text.
func (p *repairer) literal(end int) {
	p.put(escapeRunes(string(p.text[p.pos:end]), literalSyntax))
	p.pos = end
}

// resume ends what the piece before left open; it was plain text there, so the
// rest of it is plain text here.
func (p *repairer) resume() {
	n := len(p.text)
	switch s := &p.state; {
	case s.code > 0:
		end := nextRun(p.ticks, 0, s.code)
		if end < 0 {
			p.literal(n)
			return
		}
		p.literal(end)
		p.pos += s.code
		s.code = 0
	case s.link:
		split := s.linkEnds
		s.linkEnds = false
		if split && n > 0 && p.text[0] == ')' {
			s.link = false
			p.literal(1)
			return
		}
		end, open := angleEnd(p.text, 0)
		if end < 0 {
			p.literal(n)
			s.linkEnds = open
			return
		}
		p.literal(end + 2)
		s.link = false
	case s.autolink:
		end := firstRune(p.text, '>', 0, n)
		if end < 0 {
			p.literal(n)
			return
		}
		p.literal(end + 1)
		s.autolink = false
	case s.escape && n > 0:
		p.take(1)
		s.escape = false
	}
}

// step reads one construct.
func (p *repairer) step() {
	n := len(p.text)
	switch p.text[p.pos] {
	case '\\':
		if p.pos+1 == n {
			p.state.escape = true
		}
		p.take(min(p.pos+2, n))
	case '`':
		p.codeSpan()
	case '<':
		end, open := autolinkEnd(p.text, p.pos)
		switch {
		case end >= 0:
			p.take(end + 1)
		case open:
			p.state.autolink = true
			p.literal(n)
		default:
			p.take(p.pos + 1)
		}
	case '*', '_':
		p.emphasis()
	case '[':
		p.labels = append(p.labels, len(p.out))
		p.take(p.pos + 1)
	case ']':
		switch {
		case hasRunes(p.text, p.pos, "](<"):
			p.angleLink()
		case hasRunes(p.text, p.pos, "]("):
			p.plainLink()
		default:
			p.take(p.pos + 1)
		}
	default:
		end := p.pos
		for end < n && !strings.ContainsRune("\\`<*_[]", p.text[end]) {
			end++
		}
		p.take(end)
	}
}

// codeSpan keeps a whole span, or makes plain text of one that does not end.
func (p *repairer) codeSpan() {
	open := runEnd(p.text, p.pos)
	width := open - p.pos
	if end := nextRun(p.ticks, open, width); end >= 0 {
		p.take(end + width)
		return
	}
	p.state.code = width
	p.pos = open
	p.literal(len(p.text))
}

// closeLabel says whether a label is open, and takes it off the stack.
func (p *repairer) closeLabel() bool {
	if len(p.labels) == 0 {
		return false
	}
	p.labels = p.labels[:len(p.labels)-1]
	return true
}

// angleLink reads ](<url>).
func (p *repairer) angleLink() {
	end, open := angleEnd(p.text, p.pos+3)
	whole := end >= 0
	if p.closeLabel() && whole {
		p.take(end + 2)
		return
	}
	p.put(`\]\(`)
	p.pos += 3
	if whole {
		p.literal(end + 2)
		return
	}
	p.state.link, p.state.linkEnds = true, open
	p.literal(len(p.text))
}

// plainLink reads ](url). One that does not end is left as it is, and with it
// all that follows.
func (p *repairer) plainLink() {
	end := parenEnd(p.text, p.pos+2)
	labelled := p.closeLabel()
	switch {
	case end < 0:
		p.take(len(p.text))
	case labelled:
		p.take(end + 1)
	default:
		p.literal(end + 1)
	}
}

// render joins what was put out, emphasis runs in their final form.
func (p *repairer) render() string {
	var out strings.Builder
	for _, o := range p.out {
		if o.run > 0 {
			out.WriteString(p.runs[o.run-1].String())
			continue
		}
		out.WriteString(o.text)
	}
	out.WriteString(p.tail.String())
	return out.String()
}

// backtickRuns gives the places of all unescaped runs of backticks, by width.
func backtickRuns(text []rune) map[int][]int {
	runs := map[int][]int{}
	for i := 0; i < len(text); {
		switch text[i] {
		case '\\':
			i += 2
		case '`':
			end := runEnd(text, i)
			runs[end-i] = append(runs[end-i], i)
			i = end
		default:
			i++
		}
	}
	return runs
}

// nextRun is the first run of that width at or after from, or -1.
func nextRun(runs map[int][]int, from, width int) int {
	at, _ := slices.BinarySearch(runs[width], from)
	if at == len(runs[width]) {
		return -1
	}
	return runs[width][at]
}

// runEnd is the end of the run of equal characters at i.
func runEnd(text []rune, i int) int {
	end := i
	for end < len(text) && text[end] == text[i] {
		end++
	}
	return end
}

// angleEnd finds the ">)" that ends a link in angle brackets. When there is none,
// open says whether the text ends with a ">".
func angleEnd(text []rune, from int) (end int, open bool) {
	for i := from; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] != '>':
		case i+1 == len(text):
			return -1, true
		case text[i+1] == ')':
			return i, false
		}
	}
	return -1, false
}

// parenEnd finds the ")" that ends a bare link; blanks and "<" are not allowed.
func parenEnd(text []rune, from int) int {
	depth := 1
	for i := from; i < len(text); i++ {
		switch r := text[i]; {
		case r == '\\' && i+1 < len(text):
			i++
		case r == '(':
			depth++
		case r == ')':
			if depth--; depth == 0 {
				return i
			}
		case endsAddress(r):
			return -1
		}
	}
	return -1
}

// autolinkEnd finds the ">" of <scheme:…>. When there is none, open says whether
// the text so far could still become one.
func autolinkEnd(text []rune, at int) (end int, open bool) {
	colon := at + 1
	for colon < len(text) && isSchemeRune(text[colon], colon > at+1) {
		colon++
	}
	if size := colon - at - 1; size < 2 || size > 32 || colon == len(text) || text[colon] != ':' {
		return -1, false
	}
	for i := colon + 1; i < len(text); i++ {
		if text[i] == '>' {
			return i, false
		}
		if endsAddress(text[i]) {
			return -1, false
		}
	}
	return -1, true
}

// endsAddress says whether r may not stand in a bare link or an autolink.
func endsAddress(r rune) bool {
	return r == '<' || r < 0x20 || r == 0x7f || isMarkdownSpace(r)
}

func isSchemeRune(r rune, inside bool) bool {
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
		return true
	}
	return inside && (r >= '0' && r <= '9' || r == '+' || r == '.' || r == '-')
}

// hasRunes says whether text has s, which is ASCII, at i.
func hasRunes(text []rune, i int, s string) bool {
	if len(text)-i < len(s) {
		return false
	}
	for k := range len(s) {
		if text[i+k] != rune(s[k]) {
			return false
		}
	}
	return true
}
