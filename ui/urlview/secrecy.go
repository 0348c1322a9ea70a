package urlview

import (
	"unicode/utf8"

	"xmppscope/urlspec"
)

// A password is shown as bullets.
const (
	// Bullet stands for one character of a password whose length is shown.
	Bullet = "•"
	// Mask stands for a password of any length.
	Mask = "••••••••"
)

// Secrecy says how much is shown of the password that the cursor is in; the
// others stay masked. The zero value masks all.
type Secrecy struct {
	level  level
	cursor int
}

type level uint8

const (
	masked level = iota
	counted
	revealed
)

// Counted shows a bullet for each code point of the password at a cursor, for
// the person who types it.
func Counted(cursor int) Secrecy { return Secrecy{counted, cursor} }

// Revealed shows the password at a cursor, for the person who asked to see it.
func Revealed(cursor int) Secrecy { return Secrecy{revealed, cursor} }

// of is the level for one password.
func (s Secrecy) of(span urlspec.Span) level {
	if s.cursor < span.Start || s.cursor > span.End {
		return masked
	}
	return s.level
}

func (v *View) addBullets(text string, span urlspec.Span) {
	for at := span.Start; at < span.End; {
		_, size := utf8.DecodeRuneInString(text[at:span.End])
		v.Cells = append(v.Cells, Cell{Start: at, End: at + size, Text: Bullet, Width: 1, Kind: span.Kind})
		at += size
	}
}

func (v *View) addMask(span urlspec.Span) {
	for range utf8.RuneCountInString(Mask) {
		v.Cells = append(v.Cells, Cell{Start: span.Start, End: span.End, Text: Bullet, Width: 1, Kind: span.Kind})
	}
}
