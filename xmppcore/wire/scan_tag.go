package wire

// nameByte takes a byte of a tag's or an attribute's name.
func (d *Decoder) nameByte(b byte) error {
	if isNameByte(b) {
		if len(d.token) >= d.limits.MaxName {
			return d.limit("name", d.limits.MaxName)
		}
		d.token = append(d.token, b)
		return nil
	}
	switch {
	case len(d.token) == 0:
		return d.syntax("a name is missing")
	case b == '=' && d.state == inTagName && d.soft > 0 && d.soft < len(d.token):
		// "<a" line feed "b=": the line feed was lost at a chunk's end.
		d.name = string(d.token[:d.soft])
		d.token = append(d.token[:0], d.token[d.soft:]...)
		if err := d.startTag(); err != nil {
			return err
		}
		d.state = inAttrName
	}
	if !validName(d.token) {
		return d.syntax("not a name")
	}
	d.name = string(d.token)
	switch d.state {
	case inTagName:
		if err := d.startTag(); err != nil {
			return err
		}
		d.state = afterValue
	case inAttrName:
		d.state = afterAttrName
	default:
		d.state = afterEndName
	}
	return d.tagByte(b)
}

// startTag begins an element whose name is d.name.
func (d *Decoder) startTag() error {
	if d.nodes++; d.nodes > d.limits.MaxNodes {
		return d.limit("number of elements and attributes", d.limits.MaxNodes)
	}
	if len(d.stack) > d.limits.MaxDepth {
		return d.limit("nesting", d.limits.MaxDepth)
	}
	d.attrs = d.attrs[:0]
	d.stack = append(d.stack, level{element: &Element{}, tag: d.name, scope: len(d.scope)})
	return nil
}

// tagByte takes a byte of a tag outside names and values.
func (d *Decoder) tagByte(b byte) error {
	switch {
	case isSpace(b):
		if d.state == afterValue {
			d.state = inTag
		}
		if d.state == afterSlash {
			return d.syntax("white space between / and >")
		}
		return nil
	case d.state == afterEndName && b == '>':
		return d.endTag(d.name)
	case d.state == afterSlash && b == '>':
		return d.open(true)
	case d.state == afterAttrName && b == '=':
		d.state = beforeValue
		return nil
	case d.state == beforeValue && (b == '\'' || b == '"'):
		d.state, d.quote, d.token, d.cr = inValue, b, d.token[:0], false
		return nil
	case (d.state == inTag || d.state == afterValue) && b == '>':
		return d.open(false)
	case (d.state == inTag || d.state == afterValue) && b == '/':
		d.state = afterSlash
		return nil
	case d.state == inTag && isNameByte(b):
		d.state, d.soft, d.token = inAttrName, 0, append(d.token[:0], b)
		return nil
	}
	return d.syntax("unexpected character in a tag")
}

// value takes a byte of an attribute's value.
func (d *Decoder) value(b byte) error {
	switch b {
	case d.quote:
		if !validText(d.token) {
			return d.syntax("a value is not UTF-8, or holds a character that XML forbids")
		}
		if len(d.attrs) >= maxAttrs {
			return d.limit("number of attributes", maxAttrs)
		}
		if d.nodes++; d.nodes > d.limits.MaxNodes {
			return d.limit("number of elements and attributes", d.limits.MaxNodes)
		}
		for _, a := range d.attrs {
			if a.name == d.name {
				return d.syntax("an attribute stands twice")
			}
		}
		d.attrs = append(d.attrs, attribute{d.name, string(d.token)})
		d.state = afterValue
		return nil
	case '<':
		return d.syntax("< in a value")
	case '&':
		d.state, d.after, d.entity, d.cr = inEntity, inValue, len(d.token), false
		return nil
	}
	// Line ends become one line feed, as encoding/xml has it: XML 1.0 3.3.3
	// would make them spaces, but go-xmpp and we must see the same.
	cr := d.cr
	d.cr = b == '\r'
	switch {
	case b == '\n' && cr:
		return nil
	case b == '\r':
		b = '\n'
	}
	if len(d.token) >= d.limits.MaxAttr {
		return d.limit("attribute value", d.limits.MaxAttr)
	}
	d.token = append(d.token, b)
	return nil
}

// open ends a start tag: it resolves the names and puts the element in place.
func (d *Decoder) open(empty bool) error {
	top := &d.stack[len(d.stack)-1]
	if err := d.resolve(top); err != nil {
		return err
	}
	d.state, d.run, d.cr = inText, 0, false
	if len(d.stack) == 2 && top.element.Is(NSStream, "stream") {
		// A new header within the stream: it restarts (RFC 6120 4.3.3).
		scope := d.scope[top.scope:]
		d.stack[0] = *top
		d.stack[0].scope = 0
		d.stack = d.stack[:1]
		d.scope = append(d.scope[:0], scope...)
		top = &d.stack[0]
	}
	if len(d.stack) == 1 {
		d.items = append(d.items, Item{Kind: Open, Element: top.element, Size: d.size, End: d.offset + 1})
	}
	if empty {
		return d.endTag(top.tag)
	}
	return nil
}

// endTag ends the innermost element.
func (d *Decoder) endTag(tag string) error {
	if len(d.stack) == 0 {
		if d.ended == "" || d.ended != tag {
			return d.syntax("an end tag without a start tag")
		}
		d.state = closed // go-xmpp's Close says it once more
		return nil
	}
	top := &d.stack[len(d.stack)-1]
	if top.tag != tag {
		return d.syntax("an end tag does not match its start tag")
	}
	if !validText(top.text) {
		return d.syntax("text is not UTF-8, or holds a character that XML forbids")
	}
	e := top.element
	e.Text = string(top.text)
	d.scope = d.scope[:top.scope]
	*top = level{}
	d.stack = d.stack[:len(d.stack)-1]
	d.state, d.run, d.cr = inText, 0, false
	switch len(d.stack) {
	case 0:
		d.state, d.ended = closed, tag
		d.items = append(d.items, Item{Kind: Close, Size: d.size, End: d.offset + 1})
	case 1:
		d.items = append(d.items, Item{Kind: Stanza, Element: e, Size: d.size, End: d.offset + 1})
	default:
		parent := &d.stack[len(d.stack)-1]
		e.At = len(parent.text)
		parent.element.Children = append(parent.element.Children, e)
	}
	return nil
}

// softNewline says that a line feed may or may not have stood here. It can
// matter only inside a tag: after a value white space is harmless, and in a
// tag's name the following "=" will tell (see nameByte). In text it is left
// out.
func (d *Decoder) softNewline() {
	switch d.state {
	case afterValue:
		d.state = inTag
	case inTagName:
		d.soft = len(d.token)
	}
}
