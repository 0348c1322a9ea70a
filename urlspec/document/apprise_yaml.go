package document

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"xmppscope/urlspec"
)

// configKeys are the keys of Apprise's YAML configuration.
var configKeys = []string{"version", "asset", "tag", "tags", "groups", "include", "urls", "template"}

// isAppriseYAML says whether a file is meant for Apprise: it has urls:, and no
// key that Apprise does not know; or it is named so, and has URLs where
// Apprise looks for none.
func isAppriseYAML(name string, docs []*yaml.Node) bool {
	if len(docs) == 0 || len(docs[0].Content) == 0 {
		return false
	}
	root := docs[0].Content[0]
	if isAppriseName(name) && root.Kind == yaml.MappingNode && misspelledURLs(root) != nil {
		return true
	}
	if root.Kind == yaml.SequenceNode {
		return isAppriseName(name) && slices.ContainsFunc(root.Content, func(n *yaml.Node) bool {
			return startsWithScheme(n.Value) || n.Kind == yaml.MappingNode && startsWithScheme(n.Content[0].Value)
		})
	}
	if root.Kind != yaml.MappingNode || mapValue(root, "urls") == nil &&
		(mapValue(root, "url") == nil || !isAppriseName(name)) {
		return false
	}
	for i := 0; i < len(root.Content); i += 2 {
		if key := root.Content[i].Value; !slices.Contains(configKeys, key) && key != "url" {
			return false
		}
	}
	return true
}

// misspelledURLs is a key that differs from urls in its case only; nil when
// there is the right one.
func misspelledURLs(root *yaml.Node) *yaml.Node {
	var found *yaml.Node
	for i := 0; i < len(root.Content); i += 2 {
		switch key := root.Content[i]; {
		case key.Value == "urls":
			return nil
		case strings.EqualFold(key.Value, "urls"):
			found = key
		}
	}
	return found
}

// isCompose says whether a file is docker compose's: services with an image
// or a build.
func isCompose(docs []*yaml.Node) bool {
	if len(docs) == 0 || len(docs[0].Content) == 0 {
		return false
	}
	services := mapValue(docs[0].Content[0], "services")
	if services == nil || services.Kind != yaml.MappingNode {
		return false
	}
	for i := 1; i < len(services.Content); i += 2 {
		s := services.Content[i]
		for _, key := range []string{"image", "build", "environment", "extends"} {
			if mapValue(s, key) != nil {
				return true
			}
		}
	}
	return false
}

// brokenYAML notes a configuration of Apprise's that is no valid YAML.
func (d *Document) brokenYAML() {
	if !isAppriseName(d.name) && !hasLine(d.root.text, "urls:") || d.hasTemplates() {
		return
	}
	d.config = &config{}
	d.config.fail("apprise-yaml-invalid", d.brokenAt)
}

// hasTemplates says whether the file is one for a template engine, which is no
// YAML before that has run.
func (d *Document) hasTemplates() bool {
	return strings.Contains(d.root.text, "{{") || strings.Contains(d.root.text, "{%")
}

// apprise reads the settings of Apprise's configuration.
func (y *yamlFile) apprise() *config {
	c := &config{}
	root := y.docs[0].Content[0]
	if v := mapValue(root, "version"); v != nil && !isOne(v) {
		c.fail("apprise-yaml-version", y.offset(v))
	}
	if len(y.docs) > 1 {
		c.fail("apprise-yaml-documents", y.offset(y.docs[1]))
		return c
	}
	if mapValue(root, "urls") == nil {
		c.fail("apprise-urls-no-list", y.offset(root))
		return c
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value == "urls" && root.Content[i+1] != mapValue(root, "urls") {
			c.notes = append(c.notes, note{code: "apprise-urls-twice", offset: y.offset(root.Content[i])})
		}
	}
	tags := stringList(mapValue(root, "tag"))
	if mapValue(root, "tag") == nil {
		tags = stringList(mapValue(root, "tags"))
	}
	y.groups(c, mapValue(root, "groups"))
	c.includes = stringURLs(mapValue(root, "include"))
	urls := mapValue(root, "urls")
	if urls.Kind != yaml.SequenceNode {
		if urls.Kind != yaml.ScalarNode || mentions(urls.Value) {
			c.notes = append(c.notes, note{code: "apprise-urls-no-list", offset: y.offset(urls)})
		}
		return c
	}
	for _, n := range urls.Content {
		y.entry(c, resolved(n), tags)
	}
	return c
}

// isOne says whether a version is the one that Apprise knows.
func isOne(n *yaml.Node) bool {
	return n.ShortTag() == "!!int" && n.Value == "1" || n.ShortTag() == "!!float" && strings.Trim(n.Value, "0") == "1."
}

// resolved follows an alias.
func resolved(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// stringList is a list as Apprise reads one: of several values, or of one text.
func stringList(n *yaml.Node) []string {
	switch n = resolved(n); {
	case n == nil || n.ShortTag() == "!!null":
		return nil
	case n.Kind == yaml.ScalarNode:
		return splitList(n.Value)
	}
	var out []string
	for _, child := range n.Content {
		if n.Kind == yaml.SequenceNode && child.Kind == yaml.MappingNode {
			for i := 0; i < len(child.Content); i += 2 {
				out = append(out, child.Content[i].Value)
			}
		} else if n.Kind == yaml.SequenceNode {
			out = append(out, stringList(child)...)
		}
	}
	return out
}

// stringURLs are the places of include:.
func stringURLs(n *yaml.Node) []string {
	switch n = resolved(n); {
	case n == nil:
		return nil
	case n.Kind == yaml.ScalarNode:
		return splitList(n.Value)
	}
	var out []string
	for _, child := range n.Content {
		if child.Kind == yaml.ScalarNode {
			out = append(out, splitList(child.Value)...)
		}
	}
	return out
}

func (y *yamlFile) groups(c *config, n *yaml.Node) {
	switch n = resolved(n); {
	case n == nil:
	case n.Kind == yaml.SequenceNode:
		for _, child := range n.Content {
			if child.Kind == yaml.MappingNode {
				y.groups(c, child)
			}
		}
	case n.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			for _, group := range splitList(n.Content[i].Value) {
				c.addGroup(group, stringList(n.Content[i+1]))
			}
		}
	}
}

// schemaURL is a text that Apprise takes for a URL.
var schemaURL = regexp.MustCompile(`(?i)^\s*[a-z0-9]{1,32}://`)

// entry reads an entry of urls:.
func (y *yamlFile) entry(c *config, n *yaml.Node, global []string) {
	switch n.Kind {
	case yaml.ScalarNode:
		if schemaURL.MatchString(n.Value) {
			y.service(c, n, nil, global)
		} else if hasXMPP(n.Value) {
			y.noURL(c, n, n)
		}
	case yaml.MappingNode:
		y.mapping(c, n, global)
	case yaml.SequenceNode:
		for _, child := range n.Content {
			if hasXMPP(child.Value) {
				y.noURL(c, n, child)
			}
		}
	}
}

// noURL notes an entry that is none, with a URL in a value of it, of which
// nothing else is said.
func (y *yamlFile) noURL(c *config, n, value *yaml.Node) {
	c.notes = append(c.notes, note{code: "apprise-entry-no-url", offset: y.offset(n)})
	if l := y.leafOf[value]; l != nil {
		c.entries = append(c.entries, &entry{leaf: l})
	}
}

// mapping reads an entry with settings: below the URL, beside it, or a list of
// them below, each of which is a service.
func (y *yamlFile) mapping(c *config, n *yaml.Node, global []string) {
	at := -1
	beside := settings{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if at < 0 && schemaURL.MatchString(n.Content[i].Value) {
			at = i
			continue
		}
		beside.add(n.Content[i], n.Content[i+1])
	}
	if at < 0 {
		y.withoutURL(c, n)
		return
	}
	url, below := n.Content[at], resolved(n.Content[at+1])
	switch below.Kind {
	case yaml.SequenceNode:
		for _, child := range below.Content {
			if child = resolved(child); child.Kind == yaml.MappingNode {
				y.service(c, url, beside.with(child), global)
			} else if startsWithScheme(url.Value) {
				c.notes = append(c.notes, note{code: "apprise-setting-unknown", offset: y.offset(child)})
			}
		}
	case yaml.MappingNode:
		y.service(c, url, beside.with(below), global)
	default:
		y.service(c, url, beside, global)
	}
}

// withoutURL notes an entry of which no key is a URL.
func (y *yamlFile) withoutURL(c *config, n *yaml.Node) {
	code := "apprise-tag-misplaced"
	for i := 0; i+1 < len(n.Content); i += 2 {
		if mentions(n.Content[i+1].Value) || mentions(n.Content[i].Value) {
			code = "apprise-entry-no-url"
			if l := y.leafOf[n.Content[i+1]]; l != nil {
				c.entries = append(c.entries, &entry{leaf: l}) // nothing else is said of it
			}
		}
	}
	if code == "apprise-tag-misplaced" && mapValue(n, "tag") == nil && mapValue(n, "tags") == nil {
		return
	}
	c.notes = append(c.notes, note{code: code, offset: y.offset(n)})
}

// settings are the settings of an entry, by name; the last of a name counts.
type settings []setting

type setting struct {
	name       string
	key, value *yaml.Node
}

// isSetting says whether Apprise knows a setting of an entry.
func isSetting(name string) bool {
	switch name {
	case "tag", "tags", "schema", "host", "port", "user", "password", "targets", "url", "fullpath", "_":
		return true
	}
	return slices.ContainsFunc(urlspec.Parameters(), func(p urlspec.Parameter) bool { return p.Name == name })
}

func (s *settings) add(name, value *yaml.Node) {
	key := name.Value
	if key == "pass" {
		key = "password"
	}
	*s = append(slices.DeleteFunc(*s, func(old setting) bool { return old.name == key }),
		setting{key, name, resolved(value)})
}

func (s settings) get(name string) *yaml.Node {
	for _, one := range s {
		if one.name == name {
			return one.value
		}
	}
	return nil
}

// with adds the settings below a URL, which count before those beside it.
func (s settings) with(n *yaml.Node) settings {
	out := slices.Clone(s)
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value != "schema" {
			out.add(n.Content[i], n.Content[i+1])
		}
	}
	return out
}

// service notes what Apprise makes of a URL with settings.
func (y *yamlFile) service(c *config, n *yaml.Node, set settings, global []string) {
	l := y.leafOf[n]
	if l == nil {
		return
	}
	e := &entry{leaf: l, tags: slices.Clone(global)}
	c.entries = append(c.entries, e)
	if !startsWithScheme(n.Value) {
		return
	}
	var rest settings
	tag, tags := set.get("tag"), set.get("tags")
	if tag == nil {
		tag = tags // an alias, which counts only alone
	}
	e.tags = append(e.tags, stringList(tag)...)
	for _, s := range set {
		if s.name != "tag" && s.name != "tags" {
			rest = append(rest, s)
		}
		if !isSetting(s.name) {
			c.notes = append(c.notes, note{code: "apprise-setting-unknown", offset: y.offset(s.key)})
		}
	}
	if hasRetry(e.tags) {
		c.notes = append(c.notes, note{code: "apprise-tag-retry", offset: y.offset(n)})
		return
	}
	e.merged = y.merge(l.view, rest)
}

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
	m.b.copy(0, scheme)
	m.userinfo(part)
	m.piece("host", part[urlspec.Host], "/?#@:% ")
	if _, set := m.set["port"]; set || part[urlspec.Port].end > 0 {
		m.fixed(":")
		m.piece("port", part[urlspec.Port], "/?#@: ")
	}
	_, to := m.set["to"]
	_, toTargets := m.set["targets"]
	if targets.start >= 0 && !to && !toTargets {
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
		if p.Name == "to" && n == nil {
			n = m.set["targets"]
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
		if m.set["targets"] != nil {
			return true
		}
	}
	return m.set[name] != nil
}

// parameter writes a setting's value as a parameter has it. Three flags are
// true for every text, also for "no" in quotation marks.
func (m *merger) parameter(p urlspec.Parameter, n *yaml.Node) {
	switch {
	case p.Name == "to" && n.Kind == yaml.SequenceNode:
		for i, child := range n.Content {
			if i > 0 {
				m.fixed(",")
			}
			m.target(child)
		}
	case p.Name == "to":
		m.target(n)
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
	c.Value = "yes"
	isText := n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0
	switch strings.ToLower(n.Value) {
	case "no", "false", "off", "n", "0":
		if !isText && !strings.EqualFold(n.Value, "n") {
			c.Value = "no"
		}
	case "", "null", "~":
		c.Value = "no"
	}
	m.put(&c, "")
}
