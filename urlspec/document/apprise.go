package document

import (
	"slices"
	"strings"

	"xmppscope/urlspec"
)

// config is a configuration of Apprise's own.
type config struct {
	entries  []*entry
	groups   map[string]map[string]bool
	includes []string
	notes    []note
	isText   bool
	// nothing is set when Apprise loads nothing from the file.
	nothing bool
}

// entry is a URL of a configuration, with the settings around it.
type entry struct {
	leaf *leaf
	// merged is the URL with the settings, as Apprise loads it; nil for an
	// entry of another service.
	merged *view
	tags   []string
}

// Service is what Apprise makes of one entry of its configuration.
type Service struct {
	// URL is the canonical URL, without the password.
	URL string
	// Tags are sorted, groups included.
	Tags []string
}

// Services are the XMPP services that Apprise loads from the file when it is a
// configuration of Apprise's own, in order.
func (d *Document) Services() []Service {
	if d.config == nil || d.config.nothing {
		return nil
	}
	var out []Service
	groups := normalGroups(d.config.groups)
	for _, e := range d.config.entries {
		if e.merged == nil {
			continue
		}
		spec := urlspec.Parse(e.merged.text)
		if !spec.Reading.Accepted {
			continue
		}
		out = append(out, Service{URL: spec.Reading.CanonicalURL, Tags: withGroups(e.tags, groups)})
	}
	return out
}

// Includes are the further configurations that Apprise loads.
func (d *Document) Includes() []string {
	if d.config == nil || d.config.nothing {
		return nil
	}
	return d.config.includes
}

// fail notes why Apprise loads nothing.
func (c *config) fail(code string, offset int) {
	c.notes = append(c.notes, note{code: code, offset: offset})
	c.nothing = true
}

// maxConfig is the size in bytes up to which Apprise reads a file.
const maxConfig = 131072

// unreadable notes what keeps Apprise from reading the file at all. A list of
// URLs need not be for Apprise.
func (c *config) unreadable(d *Document) {
	switch {
	case c.isText && !isAppriseName(d.name):
	case d.file.wide != nil, len(d.file.odd) > 0, d.file.mark != "" && c.isText:
		c.fail("apprise-encoding", 0)
	case len(d.file.mark)+len(d.root.text) > maxConfig:
		c.fail("apprise-too-large", 0)
	case !c.isText && d.name != "" && d.name != "-" && ending(d.name) != "yml" && ending(d.name) != "yaml":
		c.fail("apprise-yaml-name", 0)
	}
}

// isAppriseName says whether a file's name is one of Apprise's.
func isAppriseName(name string) bool {
	return strings.Contains(baseName(name), "apprise")
}

// splitList takes a list in a text apart as Apprise does.
func splitList(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("[];, \t\r\n", r) })
}

// addGroup adds tags to a group.
func (c *config) addGroup(group string, tags []string) {
	if c.groups == nil {
		c.groups = map[string]map[string]bool{}
	}
	if c.groups[group] == nil {
		c.groups[group] = map[string]bool{}
	}
	for _, t := range tags {
		if t != group || !c.isText {
			c.groups[group][t] = true
		}
	}
}

// normalGroups gives every group the tags of the groups in it.
func normalGroups(groups map[string]map[string]bool) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for name := range groups {
		tags, seen := map[string]bool{}, map[string]bool{}
		var expand func(string)
		expand = func(group string) {
			if seen[group] {
				return
			}
			seen[group] = true
			for t := range groups[group] {
				if groups[t] != nil {
					expand(t)
				} else {
					tags[t] = true
				}
			}
		}
		expand(name)
		for t := range groups[name] {
			tags[t] = true
		}
		if len(tags) > 0 {
			out[name] = tags
		}
	}
	return out
}

// withGroups adds the groups that hold one of the tags.
func withGroups(tags []string, groups map[string]map[string]bool) []string {
	out := append([]string{}, tags...)
	names := make([]string, 0, len(groups))
	for name := range groups {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if slices.ContainsFunc(tags, func(t string) bool { return groups[name][t] }) {
			out = append(out, name)
		}
	}
	for i, tag := range out {
		out[i] = tagName(tag)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// tagName is a tag without the priority before it, as in 2:ops.
func tagName(tag string) string {
	if number, name, found := strings.Cut(tag, ":"); found && name != "" && strings.Trim(number, "0123456789") == "" {
		tag = name
	}
	return strings.ToLower(tag)
}

// hasRetry says whether a tag has a number of retries, as ops:3.
func hasRetry(tags []string) bool {
	return slices.ContainsFunc(tags, func(t string) bool {
		i := strings.LastIndexByte(t, ':')
		return i > 0 && i < len(t)-1 && strings.Trim(t[i+1:], "0123456789") == ""
	})
}
