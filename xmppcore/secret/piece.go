package secret

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A piece of a secret counts from shortPiece characters on; in base64 it takes
// shortEncoded to hold as many.
const (
	shortPiece   = 4
	shortEncoded = 6
)

// looksCut is the length from which on a text may have been cut by whoever wrote
// it, in bytes.
const looksCut = 100

// Partly reports whether a secret stands in a text, or a piece of one where a cut
// may have left it: the beginning of a secret at the end of the text, its end at
// the beginning, or a piece that is all of the text. Texts that are shown anyway
// are none.
//
// A piece of nothing but letters is a word more often than a piece of a secret:
// a server says "no such user" to somebody whose password begins with "user".
// It counts only where the text looks cut, by its dots or its length.
func (f Finder) Partly(text string) bool {
	if f.Empty() || f.known[text] {
		return false
	}
	return eachView(text, func(view string) bool { return f.inView(view) || f.pieceAt(view) })
}

// pieceAt looks at both ends of a text, and of the parts of an address.
func (f Finder) pieceAt(text string) bool {
	if f.pieceAtEnds(text) {
		return true
	}
	if firstOf(text, '@', '/', ':', '#') == len(text) {
		return false
	}
	from := 0
	for i := range len(text) {
		switch text[i] {
		case '@', '/', ':', '#': // between the parts of JIDs, addresses and namespaces
			if f.pieceAtEnds(text[from:i]) {
				return true
			}
			from = i + 1
		}
	}
	return from > 0 && f.pieceAtEnds(text[from:])
}

// pieceAtEnds looks at both ends of a text.
func (f Finder) pieceAtEnds(text string) bool {
	if len(text) < shortPiece {
		return false
	}
	long := len(text) >= looksCut
	if f.endsWithPiece(text, long) {
		return true
	}
	bare := strings.TrimRightFunc(withoutCutEscape(text), outside)
	if len(bare) < len(text) && f.endsWithPiece(bare, long || isDots(text[len(bare):])) {
		return true
	}
	front := strings.TrimLeftFunc(bare, outside)
	return f.beginsWithPiece(front, isDots(bare[:len(bare)-len(front)]))
}

// outside reports whether a character stands outside words.
func outside(r rune) bool { return !inWord(r) }

// isDots reports whether what surrounds a text says that something was left out.
func isDots(around string) bool {
	return strings.Contains(around, "…") || strings.Contains(around, "...")
}

// mayBePiece reports whether four bytes at an end of a text can belong to a piece.
// What is not ASCII is not known before it is folded.
func (f Finder) mayBePiece(bytes string) bool {
	return len(bytes) == shortPiece && (f.search.prefilter.grams[gram(&f.search.class, bytes)] || !isASCII(bytes))
}

// endsWithPiece looks for the longest beginnings of secrets at the end of a text.
func (f Finder) endsWithPiece(text string, cut bool) bool {
	if !f.mayBePiece(text[max(0, len(text)-shortPiece):]) {
		return false
	}
	tail := text[max(0, len(text)-2*longest):]
	for len(tail) > 0 && !utf8.RuneStart(tail[0]) {
		tail = tail[1:]
	}
	tail = fold(tail)
	state := int32(0)
	for i := range len(tail) {
		state = f.search.step(state, tail[i])
	}
	for ; state != 0; state = f.search.fail[state] {
		piece := tail[len(tail)-int(f.search.depth[state]):]
		least := shortEncoded
		if f.search.plain[state] {
			least = shortPiece
		}
		if f.counts(piece, least, cut) {
			return true
		}
	}
	return false
}

// beginsWithPiece looks for the ends of secrets at the beginning of a text, and
// for a text that is a piece of one.
func (f Finder) beginsWithPiece(text string, cut bool) bool {
	head := text[:min(len(text), longest)]
	for len(head) > 0 && !utf8.ValidString(head) {
		head = head[:len(head)-1]
	}
	if !f.mayBePiece(head[:min(len(head), shortPiece)]) {
		return false
	}
	whole := len(head) == len(text)
	head = fold(head)
	for _, form := range f.forms {
		if form.encoded {
			continue
		}
		for from := 1; from+shortPiece <= len(form.text); from++ {
			n := common(form.text[from:], head)
			if end := from+n == len(form.text); !end && !(whole && n == len(head)) {
				continue
			}
			if f.counts(head[:n], shortPiece, cut) {
				return true
			}
		}
	}
	return false
}

// common is how many bytes a folded text and the beginning of another share.
func common(folded, text string) int {
	n := 0
	for n < min(len(folded), len(text)) && folded[n] == asciiFold(text[n]) {
		n++
	}
	return n
}

// counts reports whether a piece is long enough, not shown anyway, and no mere
// word unless the text was cut.
func (f Finder) counts(piece string, least int, cut bool) bool {
	return utf8.RuneCountInString(piece) >= least && !f.known[foldASCII(piece)] &&
		(cut || strings.IndexFunc(piece, func(r rune) bool { return !unicode.IsLetter(r) }) >= 0)
}
