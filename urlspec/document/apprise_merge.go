package document

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"xmppscope/urlspec"
)

// merge writes a URL with settings as one URL.
func (y *yamlFile) merge(v *view, set settings) *view {
	m := merger{yamlFile: y, url: v, b: builder{below: v}, set: map[string]*yaml.Node{}}
	for _, s := range set {
		m.set[s.name] = s.value
	}
	if len(m.set) > 0 {
		if spec := urlspec.Parse(v.text); isPlain(spec) {
			return m.merge(spec)
		}
	}
	return v.slice(0, len(v.text))
}

// isPlain says whether the only passwords of a URL are the one right before
// its host and those of parameters. Of any other nobody can say what is its
// part.
func isPlain(spec urlspec.Spec) bool {
	if _, doubt := spec.Doubt(); doubt {
		return false
	}
	host := -1
	for _, s := range spec.Spans {
		if s.Kind == urlspec.Host {
			host = s.Start
		}
	}
	return !slices.ContainsFunc(spec.Spans, func(s urlspec.Span) bool {
		return s.Kind == urlspec.Password && s.End+1 != host && !slices.ContainsFunc(spec.Params, func(p urlspec.Param) bool {
			return p.ValueStart <= s.Start && s.End <= p.ValueEnd
		})
	})
}

// merger puts a URL and settings together.
type merger struct {
	*yamlFile
	url *view
	b   builder
	set map[string]*yaml.Node
}

// put writes a setting's value, as a part of a URL, in its place.
func (m *merger) put(n *yaml.Node, special string) {
	text := n.Value
	var b strings.Builder
	for i := range len(text) {
		if strings.IndexByte(special, text[i]) >= 0 {
			const digits = "0123456789ABCDEF"
			b.WriteString("%" + string(digits[text[i]>>4]) + string(digits[text[i]&15]))
		} else {
			b.WriteByte(text[i])
		}
	}
	at := m.offset(n)
	from := m.b.text.Len()
	m.b.put(b.String(), at, at)
	m.b.pieces[len(m.b.pieces)-1].other = m.root
	m.b.holes = append(m.b.holes, span{from, m.b.text.Len()})
}

// fixed writes what stands in no file.
func (m *merger) fixed(s string) {
	from := m.b.text.Len()
	m.b.put(s, 0, 0)
	m.b.holes = append(m.b.holes, span{from, m.b.text.Len()})
}

// merge writes the parts in their order, each from its setting if there is
// one, else from the URL.
func (m *merger) merge(spec urlspec.Spec) *view {
	part := map[urlspec.Kind]span{}
	targets := span{-1, -1}
	query := len(m.url.text)
	if i := strings.IndexByte(m.url.text, '?'); i >= 0 {
		query = i
	}
	for _, s := range spec.Spans {
		switch s.Kind {
		case urlspec.User, urlspec.Password, urlspec.Host, urlspec.Port:
			if s.Start < query { // not of a parameter
				part[s.Kind] = span{s.Start, s.End}
			}
		case urlspec.Target:
			if targets.start < 0 {
				targets.start = s.Start
			}
			targets.end = s.End
		}
	}
	scheme := strings.Index(m.url.text, "://") + len("://")
	if n := m.set["secure"]; n != nil {
		m.fixed(map[bool]string{true: "xmpps://", false: "xmpp://"}[isYes(n)])
	} else {
		m.b.copy(0, scheme)
	}
	m.userinfo(part)
	m.piece("host", part[urlspec.Host], "/?#@:% ")
	if _, set := m.set["port"]; set || part[urlspec.Port].end > 0 {
		m.fixed(":")
		m.piece("port", part[urlspec.Port], "/?#@: ")
	}
	if targets.start >= 0 && !m.replaces("to") {
		m.fixed("/")
		m.b.copy(targets.start, targets.end)
	}
	m.parameters(spec)
	v := m.b.view(nil)
	v.merged = mergeSpans(m.b.holes)
	v.holes = nil
	return v
}

func (m *merger) userinfo(part map[urlspec.Kind]span) {
	_, user := m.set["user"]
	_, password := m.set["password"]
	if !user && !password && part[urlspec.User].end == 0 && part[urlspec.Password].end == 0 {
		return
	}
	m.piece("user", part[urlspec.User], "/?#@: &;")
	if password || part[urlspec.Password].end > 0 {
		m.fixed(":")
		m.piece("password", part[urlspec.Password], "/?#@: &;+")
	}
	m.fixed("@")
}

// piece writes a part from its setting, else from the URL.
func (m *merger) piece(name string, s span, special string) {
	if n := m.set[name]; n != nil {
		m.put(n, special)
		return
	}
	m.b.copy(s.start, s.end)
}

// parameters writes those of the URL that no setting replaces, and the
// settings that are parameters.
func (m *merger) parameters(spec urlspec.Spec) {
	next := "?"
	for _, p := range spec.Params {
		if m.replaces(p.Name) {
			continue
		}
		m.fixed(next)
		m.b.copy(p.NameStart, p.ValueEnd)
		next = "&"
	}
	for _, p := range urlspec.Parameters() {
		n := m.set[p.Name]
		if targets := m.targets(); p.Name == "to" && len(targets) > 0 {
			n = targets[0]
		}
		if n == nil || slices.Contains([]string{"user", "password", "pass", "port"}, p.Name) {
			continue
		}
		m.fixed(next + p.Name + "=")
		next = "&"
		m.parameter(p, n)
	}
}

func (m *merger) replaces(name string) bool {
	switch name {
	case "pass":
		name = "password"
	case "to":
		return m.set["to"] != nil || m.set["target_user"] != nil || m.set["target_channels"] != nil
	}
	return m.set[name] != nil
}

// targets are the values of all settings with targets.
func (m *merger) targets() []*yaml.Node {
	var out []*yaml.Node
	for _, name := range []string{"target_user", "target_channels", "to"} {
		switch n := m.set[name]; {
		case n == nil:
		case n.Kind == yaml.SequenceNode:
			out = append(out, n.Content...)
		default:
			out = append(out, n)
		}
	}
	return out
}

// parameter writes a setting's value as a parameter has it. Three flags are
// true for every text, also for "no" in quotation marks.
func (m *merger) parameter(p urlspec.Parameter, n *yaml.Node) {
	switch {
	case p.Name == "to":
		for i, target := range m.targets() {
			if i > 0 {
				m.fixed(",")
			}
			m.target(target)
		}
	case p.Name == "roster" || p.Name == "subject" || p.Name == "keepalive":
		m.flag(n)
	default:
		m.put(n, "&;% #")
	}
}

// target writes a target so that three decodings of to= give it back.
func (m *merger) target(n *yaml.Node) {
	c := *n
	c.Value = strings.NewReplacer("%", "%2525", "&", "%2526").Replace(n.Value)
	m.put(&c, "&;% +")
}

// flag writes what Python takes a value for.
func (m *merger) flag(n *yaml.Node) {
	c := *n
	c.Value = map[bool]string{true: "yes", false: "no"}[isYes(n)]
	m.put(&c, "")
}
