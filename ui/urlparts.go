package ui

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"xmppscope/urlspec"
)

// partLabel is the word below a part of the URL.
func partLabel(spec urlspec.Spec, i int) string {
	span := spec.Spans[i]
	switch span.Kind {
	case urlspec.Scheme:
		return "scheme"
	case urlspec.User:
		return "user"
	case urlspec.Password:
		return "password"
	case urlspec.Host:
		return "host"
	case urlspec.Port:
		return "port"
	case urlspec.Target:
		if t, ok := targetOf(spec, span); ok && t.Kind == urlspec.Groupchat {
			return "room"
		}
		return "to"
	case urlspec.ParamName:
		if span.Index < len(spec.Params) {
			return spec.Params[span.Index].Label()
		}
		return "parameter"
	case urlspec.Lost:
		return "lost"
	case urlspec.Other:
		return "not a URL"
	}
	return ""
}

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
		return fmt.Sprintf("password: %d characters; @ : / # ? and %% must be percent-encoded (alt+r shows it)", utf8.RuneCountInString(spec.Text[span.Start:span.End]))
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
		if span.Index < len(spec.Params) {
			if param, ok := spec.Params[span.Index].Parameter(); ok {
				return param.Name + ": " + clean(param.Help)
			}
		}
		return "parameter: Apprise does not know it and ignores it"
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
	named := func(i int) bool {
		return i >= 0 && partLabel(spec, i) != "" || i >= 0 && spec.Spans[i].Kind == urlspec.ParamValue
	}
	switch {
	case named(left):
		return left, true
	case named(right):
		return right, true
	}
	return 0, false
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

// partLabels is the row of words below a row of the URL, each below its part.
// The part the cursor is in comes first when two would overlap, and stands out.
func partLabels(st *styles, spec urlspec.Spec, cs []cell, r urlRow, cursor, w int) string {
	type label struct {
		at      int
		text    string
		current bool
	}
	current, hasCurrent := partAt(spec, cursor)
	nameOf := func(i int) int { // of a value, the parameter's name when it is in this row
		for j, span := range spec.Spans {
			if span.Kind == urlspec.ParamName && span.Index == spec.Spans[i].Index {
				if _, _, here := columns(cs, r, span.Start, span.End); here {
					return j
				}
			}
		}
		return i
	}
	if hasCurrent && spec.Spans[current].Kind == urlspec.ParamValue {
		current = nameOf(current)
	}
	var labels []label
	for i, span := range spec.Spans {
		text := partLabel(spec, i)
		if span.Kind == urlspec.ParamValue && nameOf(i) == i && span.Index < len(spec.Params) {
			text = spec.Params[span.Index].Label()
		}
		from, _, ok := columns(cs, r, span.Start, span.End)
		if text != "" && ok && span.Start < span.End {
			labels = append(labels, label{from, text, hasCurrent && i == current})
		}
	}
	fits := func(l label, free []bool) bool {
		if l.at+len(l.text) > w {
			return false
		}
		for x := max(0, l.at-1); x < min(w, l.at+len(l.text)+1); x++ {
			if free[x] {
				return false
			}
		}
		return true
	}
	taken := make([]bool, w)
	row := make([]label, 0, len(labels))
	for _, first := range []bool{true, false} {
		for _, l := range labels {
			if l.current != first || !fits(l, taken) {
				continue
			}
			for x := l.at; x < l.at+len(l.text); x++ {
				taken[x] = true
			}
			row = append(row, l)
		}
	}
	var b strings.Builder
	for x := 0; x < w; {
		drawn := false
		for _, l := range row {
			if l.at == x {
				style := st.muted
				if l.current {
					style = st.info.Underline(true)
				}
				b.WriteString(style.Render(l.text))
				x, drawn = x+len(l.text), true
			}
		}
		if !drawn {
			b.WriteByte(' ')
			x++
		}
	}
	return b.String()
}

// pointerRow draws the squiggle of a problem below a row of the URL, with its
// message at the side where there is more room.
func pointerRow(st *styles, p urlspec.Problem, cs []cell, r urlRow, caret, w int) string {
	from, to, ok := columns(cs, r, p.Start, p.End)
	if !ok || w <= 0 {
		return ""
	}
	from, to = min(from, w-1), min(to, w)
	_, style := st.severity(p.Severity)
	mark := strings.Repeat("~", max(1, to-from))
	if at := caret - from; at >= 0 && at < len(mark) {
		mark = mark[:at] + "^" + mark[at+1:]
	} else {
		mark = mark[:len(mark)/2] + "^" + mark[len(mark)/2+1:]
	}
	text, fix := clean(p.Message), ""
	if p.Fix != nil {
		fix = clean(p.Fix.Label)
	}
	left, right := from-1, w-to-1
	message := func(room int) string {
		full := style.Render(text)
		if fix != "" {
			hint := "  " + st.key.Render("alt+f") + " " + fix
			if cells(text)+cells(hint) <= room {
				return full + hint
			}
			if cells(text) > room/2 && cells(hint) < room/2 {
				return shorten(full, room-cells(hint)) + hint
			}
		}
		return shorten(full, room)
	}
	switch {
	case right >= left || right >= cells(text):
		return strings.Repeat(" ", from) + style.Render(mark) + " " + message(right)
	default:
		m := message(left)
		return strings.Repeat(" ", max(0, left-cells(m))) + m + " " + style.Render(mark)
	}
}
