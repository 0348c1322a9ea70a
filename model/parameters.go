package model

import (
	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// ParameterFact is a parameter of a URL whose value is not the default: the
// value as Apprise uses it, and a note that names the default, and what is
// written where that is something else. All are safe to show.
type ParameterFact struct{ Name, Value, Note string }

// ParameterFacts are the parameters of a URL whose values differ from their
// defaults, without passwords and what may hold one. There are none when
// Apprise refuses the URL.
func ParameterFacts(spec urlspec.Spec) []ParameterFact {
	if !spec.Reading.Accepted {
		return nil
	}
	var facts []ParameterFact
	for _, s := range spec.Settings() {
		if s.Known && s.Differs && !s.Secret {
			facts = append(facts, ParameterFact{s.Name, wire.Safe(s.Value), wire.Safe(s.Note())})
		}
	}
	return facts
}
