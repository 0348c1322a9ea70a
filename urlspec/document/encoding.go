package document

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
)

// marks are the byte order marks by which an encoding is known.
var marks = []struct {
	mark  string
	order unicode.Endianness
}{
	{"\xff\xfe", unicode.LittleEndian},
	{"\xfe\xff", unicode.BigEndian},
}

// utf8Mark is the byte order mark of UTF-8.
const utf8Mark = "\xef\xbb\xbf"

// text is a file's content as characters, and the way back to its bytes.
type text struct {
	string
	// mark is the byte order mark, which is no part of the string.
	mark string
	// wide is set for UTF-16.
	wide encoding.Encoding
	// odd are the offsets of characters that were one byte each in the file:
	// bytes of Latin-1 and the like, which are no UTF-8.
	odd []int
}

// decode reads bytes as UTF-8, as UTF-16 where a byte order mark says so, and
// bytes that are neither as Latin-1.
func decode(data []byte) (text, error) {
	for _, m := range marks {
		if !bytes.HasPrefix(data, []byte(m.mark)) {
			continue
		}
		t := text{mark: m.mark, wide: unicode.UTF16(m.order, unicode.IgnoreBOM)}
		decoded, err := t.wide.NewDecoder().Bytes(data[len(m.mark):])
		if err != nil {
			return text{}, fmt.Errorf("the UTF-16 text cannot be decoded: %w", err)
		}
		t.string = string(decoded)
		if again, err := t.encode(t.string); err != nil || !bytes.Equal(again, data) {
			return text{}, &Unreadable{Reason: "its UTF-16 text is broken"}
		}
		return t, nil
	}
	t := text{}
	if bytes.HasPrefix(data, []byte(utf8Mark)) {
		t.mark, data = utf8Mark, data[len(utf8Mark):]
	}
	if utf8.Valid(data) {
		t.string = string(data)
		return t, nil
	}
	var b strings.Builder
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			r = rune(data[0])
			t.odd = append(t.odd, b.Len())
		}
		b.WriteRune(r)
		data = data[size:]
	}
	t.string = b.String()
	return t, nil
}

// encode is the way back for a text with edits made, whose odd characters are
// at the places of t.odd.
func (t text) encode(s string) ([]byte, error) {
	if t.wide != nil {
		out, err := t.wide.NewEncoder().Bytes([]byte(s))
		return append([]byte(t.mark), out...), err
	}
	out := append(make([]byte, 0, len(t.mark)+len(s)), t.mark...)
	at := 0
	for _, odd := range t.odd {
		r, size := utf8.DecodeRuneInString(s[odd:])
		out = append(out, s[at:odd]...)
		out = append(out, byte(r))
		at = odd + size
	}
	return append(out, s[at:]...), nil
}

// edit puts text in the place of a stretch of the file's characters.
type edit struct {
	span
	text string
}

// apply makes edits, which are sorted and do not overlap.
func apply(s string, edits []edit) string {
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.WriteString(s[at:e.start])
		b.WriteString(e.text)
		at = e.end
	}
	b.WriteString(s[at:])
	return b.String()
}

// write gives the file's bytes with edits made.
func (t text) write(edits []edit) ([]byte, error) {
	after := text{string: apply(t.string, edits), mark: t.mark, wide: t.wide}
	shift, next := 0, 0
	for _, odd := range t.odd {
		for next < len(edits) && edits[next].end <= odd {
			shift += len(edits[next].text) - (edits[next].end - edits[next].start)
			next++
		}
		if next < len(edits) && edits[next].start <= odd {
			continue // the edit took it away
		}
		after.odd = append(after.odd, odd+shift)
	}
	if len(t.odd) > 0 {
		for _, e := range edits {
			if strings.IndexFunc(e.text, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
				return nil, &Unreadable{Reason: "the file is not in UTF-8, and the fix needs characters beyond ASCII"}
			}
		}
	}
	return after.encode(after.string)
}

// Unreadable is the reason for which a file is not read as text, or not
// written.
type Unreadable struct{ Reason string }

func (e *Unreadable) Error() string { return e.Reason }
