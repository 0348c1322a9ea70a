package document

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// configKeys are the keys of Apprise's YAML configuration.
var configKeys = []string{"version", "asset", "tag", "tags", "groups", "include", "urls", "template"}

// isAppriseYAML says whether a document is meant for Apprise: it has urls:, and no
// key that Apprise does not know; or it is named so, and has URLs where
// Apprise looks for none.
func isAppriseYAML(name string, root *yaml.Node) bool {
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
	if !isAppriseName(d.name) && (!hasLine(d.root.text, "urls:") || !d.hasLogin()) || d.hasTemplates() {
		return
	}
	d.config = &config{}
	d.config.fail("apprise-yaml-invalid", d.brokenAt)
}

// hasLogin says whether somebody logs in at one of the URLs, or at what
// Apprise makes of one. A list of others is one of servers.
func (d *Document) hasLogin() bool {
	var texts []string
	for _, l := range d.leaves {
		if l.role != comment {
			texts = append(texts, l.text)
		}
	}
	if d.config != nil {
		for _, e := range d.config.entries {
			if e.merged != nil {
				texts = append(texts, e.merged.text)
			}
		}
	}
	return slices.ContainsFunc(texts, func(s string) bool { return hasXMPP(s) && strings.Contains(s, "@") })
}

// hasTemplates says whether the file is one for a template engine, which is no
// YAML before that has run.
func (d *Document) hasTemplates() bool {
	return strings.Contains(d.root.text, "{{") || strings.Contains(d.root.text, "{%")
}

// apprise reads the settings of Apprise's configuration.
func (y *yamlFile) apprise(root *yaml.Node) *config {
	c := &config{}
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
var schemaURL = pattern(`(?i)^\s*[a-z0-9]{1,32}://`)

// entry reads an entry of urls:.
func (y *yamlFile) entry(c *config, n *yaml.Node, global []string) {
	switch n.Kind {
	case yaml.ScalarNode:
		if schemaURL().MatchString(n.Value) {
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
		if at < 0 && schemaURL().MatchString(n.Content[i].Value) {
			at = i
			continue
		}
		beside.add(setting{n.Content[i].Value, n.Content[i], resolved(n.Content[i+1])})
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
		y.service(c, url, beside.resolved(), global)
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
