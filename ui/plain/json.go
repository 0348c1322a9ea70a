package plain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"xmppscope/xmppcore/wire"
)

// printJSON writes a value as one line of JSON on Out.
func (s *Shell) printJSON(value any) error {
	line, err := jsonLine(value)
	if err != nil {
		return err
	}
	s.print(string(line))
	return nil
}

// jsonLine encodes a value so that its bytes are safe to look at in a
// terminal: what [wire.Safe] would escape is written as \u escapes, which mean
// the same to a reader of JSON.
func jsonLine(value any) ([]byte, error) {
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false) // a URL's & stays readable
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("encoding JSON: %w", err)
	}
	text := bytes.TrimSuffix(plain.Bytes(), []byte("\n"))
	if !bytes.ContainsFunc(text, func(r rune) bool { return r >= 0x7f }) {
		return text, nil // JSON has escaped the control characters itself
	}
	safe := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r < utf8.RuneSelf && r != 0x7f, wire.Safe(string(r)) == string(r):
			safe = append(safe, text[:size]...)
		case r < 0x10000:
			safe = fmt.Appendf(safe, `\u%04x`, r)
		default: // a surrogate pair
			safe = fmt.Appendf(safe, `\u%04x\u%04x`, 0xd800+(r-0x10000)>>10, 0xdc00+(r-0x10000)&0x3ff)
		}
		text = text[size:]
	}
	return safe, nil
}
