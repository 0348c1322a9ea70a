package document

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"xmppscope/urlspec"
)

// settings are the settings of an entry of Apprise's YAML, by name; the last of
// a name counts.
type settings []setting

type setting struct {
	name       string
	key, value *yaml.Node
}

// otherSettings are those that are no parameters of a URL. Each was set in the
// real Apprise 2.1.0, as were the parameters and what else the code reads:
// these change the service, or are there to say what it is, and no others do.
// secure stands for the scheme, store for a parameter; the targets are those of
// the constructor of its plugin.
var otherSettings = []string{"tag", "tags", "schema", "host", "secure", "targets", "target_user", "target_channels",
	"secure_mode", "xmpp_host"}

// isSetting says whether Apprise knows a setting of an entry.
func isSetting(name string) bool {
	return slices.Contains(otherSettings, name) ||
		slices.ContainsFunc(urlspec.Parameters(), func(p urlspec.Parameter) bool { return p.Name == name })
}

// aliases are other names of settings, which count where those are missing. The
// first is Apprise's URL_TOKEN_ALIASES, the others are names of the plugin's
// arguments.
var aliases = []struct{ alias, name string }{
	{"pass", "password"}, {"secure_mode", "mode"}, {"xmpp_host", "xmpp"}, {"targets", "to"},
}

// resolved gives every setting its own name.
func (s settings) resolved() settings {
	for _, a := range aliases {
		from := slices.IndexFunc(s, func(one setting) bool { return one.name == a.alias })
		if from < 0 {
			continue
		}
		one := s[from]
		s = slices.Delete(slices.Clone(s), from, from+1)
		if there := s.get(a.name); there == nil || isNull(there) {
			s.add(setting{a.name, one.key, one.value})
		}
	}
	return s
}

// isNull says whether a value is there and says nothing.
func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

func (s *settings) add(one setting) {
	*s = append(slices.DeleteFunc(*s, func(old setting) bool { return old.name == one.name }), one)
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
	var below settings
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; key.Value != "schema" {
			below.add(setting{key.Value, key, resolved(n.Content[i+1])})
		}
	}
	out := slices.Clone(s.resolved())
	for _, one := range below.resolved() {
		out.add(one)
	}
	return out
}

// isYes says what Python takes a value for: every text but the empty one is
// true, also "no" in quotation marks.
func isYes(n *yaml.Node) bool {
	switch strings.ToLower(n.Value) {
	case "no", "false", "off", "0":
		return n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0
	case "", "null", "~":
		return false
	}
	return true
}
