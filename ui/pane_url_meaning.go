package ui

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"xmppscope/urlspec"
)

// partMeaning says in a sentence what the part at the cursor is for.
func partMeaning(spec urlspec.Spec, cursor int) string {
	i, ok := partAt(spec, cursor)
	if !ok {
		return ""
	}
	span, r := spec.Spans[i], spec.Reading
	switch span.Kind {
	case urlspec.Scheme:
		if strings.EqualFold(spec.Text[span.Start:span.End], "xmpps") {
			return "scheme: xmpps is encrypted, STARTTLS on port 5222 unless mode= says otherwise"
		}
		return "scheme: xmpp is not encrypted unless mode= says otherwise; xmpps is"
	case urlspec.User:
		if r.LoginJID != "" {
			return "user: logs in as " + clean(r.LoginJID)
		}
		return "user: the account's name"
	case urlspec.Password:
		length := utf8.RuneCountInString(spec.Text[span.Start:span.End])
		return fmt.Sprintf("password: %d characters; @ : / # ? and %% must be percent-encoded (alt+r shows it)", length)
	case urlspec.Host:
		if r.Accepted && r.TCPHost != r.Host {
			return "host: the domain of bare names; xmpp= says where to connect"
		}
		return "host: where to connect, and the domain of bare names"
	case urlspec.Port:
		return "port: STARTTLS is usually 5222, direct TLS (mode=tls) 5223"
	case urlspec.Target:
		t, ok := targetOf(spec, span)
		switch {
		case !ok:
			return "target: a user (bob, bob@example.org) or a room (%23room@conference.example.org)"
		case t.Kind == urlspec.Groupchat:
			return "target: the room " + clean(t.JID) + ", joined as " + clean(r.Nick)
		}
		return "target: the user " + clean(t.JID)
	case urlspec.ParamName, urlspec.ParamValue:
		param, known := spec.Params[span.Index].Parameter()
		switch {
		case !known:
			return "parameter: Apprise does not know it and ignores it"
		case !nameShown(spec, span.Index):
			return "parameter: its name may belong to a password"
		}
		return param.Name + ": " + clean(param.Help)
	case urlspec.Lost:
		return "lost: Apprise throws this part away"
	}
	return ""
}

// partAt is the span the cursor is in. At a border it is the part that would
// grow: the one to the left, unless that is punctuation.
func partAt(spec urlspec.Spec, cursor int) (int, bool) {
	left, right := -1, -1
	for i, span := range spec.Spans {
		if span.Start < cursor && cursor <= span.End {
			left = i
		}
		if span.Start <= cursor && cursor < span.End {
			right = i
		}
	}
	switch {
	case left >= 0 && named(spec.Spans[left]):
		return left, true
	case right >= 0 && named(spec.Spans[right]):
		return right, true
	}
	return 0, false
}

// named says whether a span is more than punctuation.
func named(span urlspec.Span) bool { return span.Kind != urlspec.Punct && span.Kind != urlspec.Space }

// nameShown says whether all of a parameter's name is shown. Where it may belong
// to a password, it must not be repeated.
func nameShown(spec urlspec.Spec, index int) bool {
	param := spec.Params[index]
	return slices.ContainsFunc(spec.Spans, func(s urlspec.Span) bool {
		return s.Kind == urlspec.ParamName && s.Start == param.NameStart && s.End == param.NameEnd
	})
}

// targetOf finds what became of a target as written.
func targetOf(spec urlspec.Spec, span urlspec.Span) (urlspec.Address, bool) {
	for _, t := range spec.Reading.Targets {
		if t.Start < t.End && t.Start < span.End && span.Start < t.End {
			return t, true
		}
	}
	return urlspec.Address{}, false
}
