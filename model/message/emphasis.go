package message

import (
	"strings"
	"unicode"
)

// Emphasis follows CommonMark 6.2: runs of "*" and "_" open and close by what
// stands beside them, and closers pair with the nearest opener that fits.

// emphasisRun is one run of "*" or "_".
type emphasisRun struct {
	mark     rune
	left     int // marks not used yet
	size     int // marks in the source
	canOpen  bool
	canClose bool
	// before and behind are the closing and opening marks it was used for.
	before, behind string
	// loose is true while the run can still pair with one that comes later.
	loose bool
}

// String gives the run in its final form; marks without a use are escaped.
func (r emphasisRun) String() string {
	return r.before + strings.Repeat(`\`+string(r.mark), r.left) + r.behind
}

// markIndex is the place of a mark in repairState.open.
func markIndex(mark rune) int {
	if mark == '_' {
		return 1
	}
	return 0
}

// emphasis reads a run of marks. What closes emphasis that the piece before
// already closed is dropped.
func (p *repairer) emphasis() {
	end := runEnd(p.text, p.pos)
	mark, size := p.text[p.pos], end-p.pos
	before, behind := noRune, p.after
	if p.pos > 0 {
		before = p.text[p.pos-1]
	}
	if end < len(p.text) {
		behind = p.text[end]
	}
	p.pos = end
	for open := &p.state.open[markIndex(mark)]; size > 0; {
		width := min(size, 2)
		if open[width-1] == 0 {
			break
		}
		open[width-1]--
		size -= width
	}
	if size == 0 {
		return
	}
	run := emphasisRun{mark: mark, left: size, size: size}
	run.canOpen, run.canClose = flanking(mark, before, behind)
	p.runs = append(p.runs, run)
	p.out = append(p.out, repairOut{run: len(p.runs)})
}

// closeEmphasis pairs the runs and closes what goes on in the next piece. The
// widths say how wide a closer comes later, per mark.
func (p *repairer) closeEmphasis(widths [2]int) {
	pairEmphasis(p.runs)
	last := len(p.runs) - 1
	endsOpen := last >= 0 && p.out[len(p.out)-1].run == last+1
	var groups []string
	for i := range p.runs {
		r := &p.runs[i]
		later := widths[markIndex(r.mark)]
		if !r.canOpen || !r.loose || r.left == 0 || later == 0 {
			continue
		}
		if endsOpen && i == last && len(p.text) != r.size {
			r.left %= 2 // nothing stands behind it: a pair would be empty
			continue
		}
		var opened string
		for _, width := range []int{2, 1} {
			fits := width == 2 && later >= 2 || width == 1 && later != 2
			if fits && r.left >= width {
				opened += strings.Repeat(string(r.mark), width)
				r.left -= width
				p.state.open[markIndex(r.mark)][width-1]++
			}
		}
		r.before += strings.Repeat(`\`+string(r.mark), r.left) + opened
		// What the run opened inside this piece is dropped here, as Apprise
		// drops it, though its closer stays.
		r.left, r.behind = 0, ""
		groups = append(groups, opened)
	}
	for i := len(groups) - 1; i >= 0; i-- {
		p.tail.WriteString(groups[i])
	}
}

// pairEmphasis uses up the marks of openers and closers that belong together.
// Runs that are done leave a doubly linked list, so that no search walks over
// them again, and failed searches are remembered per kind of closer: the work
// is linear.
func pairEmphasis(runs []emphasisRun) {
	n := len(runs)
	list := newRunList(n)
	type kind struct {
		mark    rune
		canOpen bool
		size    int
	}
	barren := map[kind]int{} // where a search for an opener may stop, plus one
	for c := list.next[n]; c < n; {
		closer := &runs[c]
		if !closer.canClose {
			c = list.next[c]
			continue
		}
		this := kind{closer.mark, closer.canOpen, closer.size % 3}
		o := list.prev[c]
		for o >= barren[this] && o < n && !pairs(&runs[o], closer) {
			o = list.before(o)
		}
		if o < barren[this] || o >= n {
			barren[this] = c
			after := list.next[c]
			if !closer.canOpen {
				list.remove(c)
			}
			c = after
			continue
		}
		opener := &runs[o]
		width := min(2, closer.left, opener.left)
		marks := strings.Repeat(string(closer.mark), width)
		opener.left -= width
		closer.left -= width
		opener.behind = marks + opener.behind
		closer.before += marks
		list.join(o, c)
		if opener.left == 0 {
			list.remove(o)
		}
		if closer.left == 0 {
			after := list.next[c]
			list.remove(c)
			c = after
		}
	}
	for i := list.next[n]; i < n; i = list.next[i] {
		runs[i].loose = true
	}
}

// pairs says whether two runs may delimit emphasis together, rule of three
// included.
func pairs(opener, closer *emphasisRun) bool {
	if opener.mark != closer.mark || !opener.canOpen {
		return false
	}
	return !(closer.canOpen || opener.canClose) || closer.size%3 == 0 ||
		(opener.size+closer.size)%3 != 0
}

// runList links the runs that still matter. The entry n is the ring's seam: its
// next is the first run, its prev the last.
type runList struct{ prev, next []int }

func newRunList(n int) runList {
	l := runList{make([]int, n+1), make([]int, n+1)}
	for i := range n + 1 {
		l.prev[i], l.next[i] = i-1, i+1
	}
	l.prev[0], l.next[n] = n, 0
	return l
}

// before is the run before i, or -1 when it is the first.
func (l runList) before(i int) int {
	if p := l.prev[i]; p < len(l.prev)-1 {
		return p
	}
	return -1
}

func (l runList) remove(i int) { l.join(l.prev[i], l.next[i]) }

func (l runList) join(a, b int) { l.next[a], l.prev[b] = b, a }

// closerWidths finds the widest run, up to 3, that can close emphasis in the
// text to come, per mark. Code, links and escapes hide their marks, and what does
// not end hides the rest.
func closerWidths(text []rune, before, beyond rune) (widths [2]int) {
	ticks := backtickRuns(text)
	for i := 0; i < len(text); {
		end := -1
		switch r := text[i]; {
		case r == '\\':
			i += 2
			continue
		case r == '`':
			open := runEnd(text, i)
			if end = nextRun(ticks, open, open-i); end >= 0 {
				i = end + open - i
				continue
			}
			return widths
		case hasRunes(text, i, "](<"):
			if end, _ = angleEnd(text, i+3); end < 0 {
				return widths
			}
			i = end + 2
			continue
		case hasRunes(text, i, "]("):
			if end = parenEnd(text, i+2); end < 0 {
				return widths
			}
			i = end + 1
			continue
		case r == '<':
			end, open := autolinkEnd(text, i)
			if open {
				return widths
			}
			i = max(i, end) + 1
			continue
		case r == '*' || r == '_':
			end = runEnd(text, i)
			left, right := before, beyond
			if i > 0 {
				left = text[i-1]
			}
			if end < len(text) {
				right = text[end]
			}
			if _, closes := flanking(r, left, right); closes {
				w := &widths[markIndex(r)]
				*w = max(*w, min(end-i, 3))
			}
			i = end
			continue
		}
		i++
	}
	return widths
}

// flanking says whether a run between two characters can open and close
// emphasis (CommonMark 6.2, left- and right-flanking delimiter runs).
func flanking(mark, before, behind rune) (canOpen, canClose bool) {
	left := !isMarkdownSpace(behind) &&
		(!isMarkdownPunct(behind) || isMarkdownSpace(before) || isMarkdownPunct(before))
	right := !isMarkdownSpace(before) &&
		(!isMarkdownPunct(before) || isMarkdownSpace(behind) || isMarkdownPunct(behind))
	if mark != '_' {
		return left, right
	}
	return left && (!right || isMarkdownPunct(before)), right && (!left || isMarkdownPunct(behind))
}

// isMarkdownSpace is CommonMark's white space; the ends of the text count.
func isMarkdownSpace(r rune) bool {
	switch r {
	case noRune, ' ', '\t', '\n', '\r', '\f', '\v':
		return true
	}
	return unicode.Is(unicode.Zs, r)
}

// isMarkdownPunct is CommonMark's punctuation: Unicode's P and S.
func isMarkdownPunct(r rune) bool {
	return unicode.IsPunct(r) || unicode.IsSymbol(r)
}
