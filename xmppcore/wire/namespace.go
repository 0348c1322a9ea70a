package wire

import (
	"encoding/xml"
	"strings"
)

// binding is a namespace declaration: prefix "" is the default namespace.
type binding struct{ prefix, space string }

// resolve gives the element at the top of the stack its name and attributes
// from what its start tag said.
func (d *Decoder) resolve(top *level) error {
	for _, a := range d.attrs {
		prefix, declared := "", a.name == "xmlns"
		if !declared {
			prefix, declared = strings.CutPrefix(a.name, "xmlns:")
		}
		if !declared {
			continue
		}
		switch {
		case prefix == "xmlns", (prefix == "xml") != (a.value == NSXML), prefix != "" && a.value == "":
			return d.syntax("a namespace declaration that XML forbids")
		case len(d.scope) >= maxNamespaces:
			return d.limit("number of namespaces", maxNamespaces)
		}
		d.scope = append(d.scope, binding{prefix, a.value})
	}
	e := top.element
	var err error
	if e.Name, err = d.expand(top.tag, true); err != nil {
		return err
	}
	if len(d.attrs) > 0 {
		e.Attrs = make([]xml.Attr, len(d.attrs))
	}
	for i, a := range d.attrs {
		name, err := d.expand(a.name, false)
		if err != nil {
			return err
		}
		for _, other := range e.Attrs[:i] {
			if other.Name == name {
				return d.syntax("an attribute stands twice")
			}
		}
		e.Attrs[i] = xml.Attr{Name: name, Value: a.value}
	}
	return nil
}

// expand resolves a name as written. Names without a prefix are in the default
// namespace when they name an element, in none when they name an attribute.
func (d *Decoder) expand(name string, element bool) (xml.Name, error) {
	prefix, local, prefixed := strings.Cut(name, ":")
	if !prefixed {
		prefix, local = "", name
		if !element {
			return xml.Name{Local: local}, nil
		}
	}
	switch prefix {
	case "xml":
		return xml.Name{Space: NSXML, Local: local}, nil
	case "xmlns":
		if element {
			return xml.Name{}, d.syntax("an element with the prefix xmlns")
		}
		return xml.Name{Space: "xmlns", Local: local}, nil
	}
	for i := len(d.scope) - 1; i >= 0; i-- {
		if d.scope[i].prefix == prefix {
			return xml.Name{Space: d.scope[i].space, Local: local}, nil
		}
	}
	if prefix != "" {
		return xml.Name{}, d.syntax("a prefix that no declaration binds to a namespace")
	}
	return xml.Name{Local: local}, nil
}
