package document

import (
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// readTOML reads the strings of a TOML file; it is false when it is none.
func (d *Document) readTOML() bool {
	p := unstable.Parser{KeepComments: true}
	p.Reset([]byte(d.root.text))
	t := &tomlFile{Document: d, parser: &p}
	for p.NextExpression() {
		t.expression(p.Expression())
	}
	if p.Error() != nil {
		d.broken = true
		d.tokens, d.leaves = nil, nil
		return false
	}
	return true
}

type tomlFile struct {
	*Document
	parser *unstable.Parser
	table  []string
}

func (t *tomlFile) expression(n *unstable.Node) {
	switch n.Kind {
	case unstable.Comment:
		t.comment(int(n.Raw.Offset), int(n.Raw.Offset+n.Raw.Length))
	case unstable.Table, unstable.ArrayTable:
		t.structure(n.Kind.String())
		t.table = t.key(n, nil)
	case unstable.KeyValue:
		t.keyValue(n, t.table)
	}
}

func (t *tomlFile) key(n *unstable.Node, names []string) []string {
	for it := n.Key(); it.Next(); {
		names = named(names, string(it.Node().Data))
		t.add("key", string(it.Node().Data), leaf{role: key, names: names}, func() *view { return t.string(it.Node()) })
	}
	return names
}

func (t *tomlFile) keyValue(n *unstable.Node, names []string) {
	t.value(n.Value(), t.key(n, names))
}

func (t *tomlFile) value(n *unstable.Node, names []string) {
	switch n.Kind {
	case unstable.Array, unstable.InlineTable:
		t.structure("[" + n.Kind.String())
		var c *command
		if n.Kind == unstable.Array && isVector(names, false) {
			c = &command{noShell: true}
		}
		for it := n.Children(); it.Next(); {
			switch child := it.Node(); child.Kind {
			case unstable.KeyValue:
				t.keyValue(child, names)
			case unstable.Comment:
				t.comment(int(child.Raw.Offset), int(child.Raw.Offset+child.Raw.Length))
			case unstable.String:
				l := leaf{names: names}
				if c != nil {
					l.role, l.argument = word, argument{c, len(c.args)}
					c.add(string(child.Data))
				}
				t.scalar(child, l)
			default:
				t.value(child, names)
			}
		}
		t.structure("]")
	case unstable.Comment:
	default:
		t.scalar(n, leaf{names: names})
	}
}

func (t *tomlFile) scalar(n *unstable.Node, l leaf) {
	t.add(n.Kind.String(), string(n.Data), l, func() *view { return t.string(n) })
}

// string decodes a string or a key.
func (t *tomlFile) string(n *unstable.Node) *view {
	from, to := int(n.Raw.Offset), int(n.Raw.Offset+n.Raw.Length)
	s := t.root.text
	b := &builder{below: t.root}
	encode := encoder(encodeBare)
	for _, q := range []string{`"""`, "'''", `"`, "'"} {
		if to-from < 2*len(q) || !strings.HasPrefix(s[from:to], q) {
			continue
		}
		from, to = from+len(q), to-len(q)
		if len(q) == 3 {
			from += lineEnd(s[from:to])
		}
		if q[0] == '"' {
			encode = encodeDouble
			decodeEscapes(b, from, to, tomlEscape)
		} else {
			encode = without("'")
			b.copy(from, to)
		}
		break
	}
	if b.text.Len() == 0 {
		b.copy(from, to)
	}
	if v := b.view(encode); v.text == string(n.Data) {
		return v
	}
	return unwritable(t.root, string(n.Data), from)
}

// tomlEscape decodes TOML's escapes, which are some of YAML's, but for a
// backslash at the end of a line.
func tomlEscape(b *builder, at, to int) (next int, ok bool) {
	if end, lines := lineBreak(b.below.text[:to], at+1); lines > 0 {
		return end, true
	}
	return yamlEscape(b, at)
}
