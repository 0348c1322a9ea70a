package document

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// readJSON reads the strings of a JSON file, or of several JSON texts in one;
// it is false when it is none.
func (d *Document) readJSON() bool {
	tokens, leaves, err := jsonLeaves(d.root, nil)
	if err != nil || len(tokens) == 0 {
		d.broken = true
		return false
	}
	d.tokens, d.leaves = append(d.tokens, tokens...), append(d.leaves, leaves...)
	return true
}

// jsonLevel is an object or an array that is being read.
type jsonLevel struct {
	array bool
	// around are the names around it, names those of the value to come.
	around, names []string
	wantKey       bool
	// command is the one that an array has the words of, commands are those of
	// an object.
	command  *command
	commands vectors
	// values are the strings of an object with a URL in them, data are those
	// below its name data. isSecret is set for a Secret of Kubernetes, in which
	// they are in base64.
	values, data []*leaf
	isSecret     bool
}

// name is the name of the value to come.
func (l *jsonLevel) name() string {
	if len(l.names) == 0 {
		return ""
	}
	return l.names[len(l.names)-1]
}

// open begins an object or an array in another. nested is set for an array in
// an array.
func (l *jsonLevel) open(array, nested bool) jsonLevel {
	in := jsonLevel{array: array, around: l.names, names: l.names, wantKey: true}
	switch {
	case !array:
		in.commands = vectors{}
	case isVector(l.names, nested):
		in.command = &command{noShell: true}
	}
	return in
}

// text notes a string that is a value; l is its leaf, if it has one.
func (l *jsonLevel) text(s string, leaf *leaf) {
	switch {
	case l.command != nil:
		l.command.add(s)
	case l.commands != nil:
		l.commands.text(l.name(), s)
		l.isSecret = l.isSecret || l.name() == "kind" && s == "Secret"
		if leaf != nil {
			l.values = append(l.values, leaf)
		}
	}
}

// close ends an object or an array in another.
func (l *jsonLevel) close(around *jsonLevel) {
	l.commands.link()
	if l.isSecret {
		for _, value := range l.data {
			value.inner = Base64
		}
	}
	switch {
	case l.command != nil && around.commands != nil:
		around.commands.list(around.name(), l.command)
	case !l.array && around.name() == "data":
		around.data = l.values
	}
}

// jsonDepth is how deep the objects and arrays of a JSON text may stand in one
// another, as encoding/json has it for values. Each takes 200 bytes.
const jsonDepth = 10_000

// jsonLeaves reads the strings of a JSON text. Escapes of JSON that stands in
// a string are those of both.
func jsonLeaves(below *view, names []string) (tokens []token, leaves []*leaf, err error) {
	decoder := json.NewDecoder(strings.NewReader(below.text))
	decoder.UseNumber()
	levels := []jsonLevel{{around: names, names: names, array: true}}
	for {
		before := int(decoder.InputOffset())
		t, err := decoder.Token()
		if errors.Is(err, io.EOF) && len(levels) == 1 {
			return tokens, leaves, nil
		}
		if err != nil {
			return nil, nil, err
		}
		top := &levels[len(levels)-1]
		isKey := !top.array && top.wantKey
		switch t := t.(type) {
		case json.Delim:
			tokens = append(tokens, token{kind: string(rune(t))})
			switch t {
			case '{', '[':
				if len(levels) > jsonDepth {
					return nil, nil, errTooDeep
				}
				top.wantKey = true
				levels = append(levels, top.open(t == '[', top.array && len(levels) > 1))
			default:
				top.close(&levels[len(levels)-2])
				levels = levels[:len(levels)-1]
			}
			continue
		case string:
			tokens = append(tokens, token{kind: "string", text: t})
			if mentions(t) {
				l := &leaf{role: value, names: top.names}
				if top.command != nil {
					l.role, l.argument = word, argument{top.command, len(top.command.args)}
				}
				l.view = jsonString(below, before, int(decoder.InputOffset()), t)
				if isKey {
					l.role = key
				}
				tokens[len(tokens)-1].leaf = l
				leaves = append(leaves, l)
			}
			if isKey {
				top.names = named(top.around, t)
				top.wantKey = false
				continue
			}
			top.text(t, tokens[len(tokens)-1].leaf)
		case json.Number:
			tokens = append(tokens, token{kind: "number", text: t.String()})
		case bool:
			tokens = append(tokens, token{kind: map[bool]string{true: "true", false: "false"}[t]})
		default:
			tokens = append(tokens, token{kind: "null"})
		}
		top.wantKey = true
	}
}

// jsonString decodes a string that ends at an offset.
func jsonString(below *view, from, to int, want string) *view {
	s := below.text
	at := from + strings.IndexByte(s[from:to], '"') + 1
	b := &builder{below: below}
	slashes := encoder(encodeDouble)
	for at < to-1 {
		if s[at] != '\\' {
			_, size := utf8.DecodeRuneInString(s[at:])
			b.copy(at, at+size)
			at += size
			continue
		}
		text, size := jsonEscape(s[at:to])
		if size == 0 {
			break
		}
		if text == "/" {
			slashes = encodeSlashes
		}
		b.put(text, at, at+size)
		at += size
	}
	if v := b.view(slashes); v.text == want {
		return v
	}
	return unwritable(below, want, from)
}

// jsonEscape decodes the escape that a text begins with.
func jsonEscape(s string) (text string, size int) {
	if len(s) < 2 {
		return "", 0
	}
	if s[1] != 'u' {
		i := strings.IndexByte("\"\\/bfnrt", s[1])
		if i < 0 {
			return "", 0
		}
		return "\"\\/\b\f\n\r\t"[i : i+1], 2
	}
	first, ok := hexRune(s)
	if !ok {
		return "", 0
	}
	if !utf16.IsSurrogate(first) {
		return string(first), 6
	}
	if second, ok := hexRune(s[6:]); ok {
		if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
			return string(r), 12
		}
	}
	return string(utf8.RuneError), 6
}

// hexRune reads \uXXXX.
func hexRune(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range []byte(s[2:6]) {
		i := strings.IndexByte("0123456789abcdef", c|0x20)
		if c >= '0' && c <= '9' {
			i = int(c - '0')
		}
		if i < 0 {
			return 0, false
		}
		r = r<<4 | rune(i)
	}
	return r, true
}

// encodeSlashes writes JSON in which slashes are escaped too, as PHP does.
func encodeSlashes(s string) (string, bool) {
	s, ok := encodeDouble(s)
	return strings.ReplaceAll(s, "/", `\/`), ok
}

// looksLikeJSON says whether a value may hold JSON.
func looksLikeJSON(s string) bool {
	s = strings.TrimSpace(s)
	return len(s) > 1 && (s[0] == '{' && s[len(s)-1] == '}' || s[0] == '[' && s[len(s)-1] == ']')
}
