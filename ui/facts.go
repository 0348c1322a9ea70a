package ui

import (
	"encoding/json"
	"fmt"
	"strings"

	"xmppscope/xmppcore"
)

// eventFacts is everything that is known of an event, one fact a line. The
// facts have the names they have in --json.
func eventFacts(st *styles, e xmppcore.Event, w int) []string {
	const labelW = 16
	lines := []string{""}
	fact := func(label, value string) {
		for i, text := range wrap(clean(value), max(10, w-labelW-3)) {
			lead := strings.Repeat(" ", labelW)
			if i == 0 {
				lead = st.muted.Render(fit(label, labelW))
			}
			lines = append(lines, " "+lead+" "+text)
		}
	}
	sign, style := st.state(e.State)
	lines = append(lines, " "+style.Render(sign+" "+string(e.Stage)+" "+string(e.State))+st.muted.Render(fmt.Sprintf("   event %d, %s after the start", e.Seq, short(e.At))), "")
	fact("", e.Text)
	if e.Item != "" {
		fact("about", e.Item)
	}
	for _, part := range []any{e.Failure, e.Data} {
		lines = append(lines, flatFacts(st, part, labelW, w)...)
	}
	return append(lines, "")
}

// flatFacts turns the JSON form of facts into lines, in its own order.
func flatFacts(st *styles, facts any, labelW, w int) []string {
	raw, err := json.Marshal(facts)
	if err != nil || string(raw) == "null" {
		return nil
	}
	var lines []string
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	var walk func(name string)
	walk = func(name string) {
		token, err := dec.Token()
		if err != nil {
			return
		}
		switch token {
		case json.Delim('{'):
			for dec.More() {
				key, _ := dec.Token()
				walk(fmt.Sprint(key))
			}
			_, _ = dec.Token()
		case json.Delim('['):
			for dec.More() {
				walk(name)
			}
			_, _ = dec.Token()
		default:
			value := clean(fmt.Sprint(token))
			for i, text := range wrap(value, max(10, w-labelW-3)) {
				lead := strings.Repeat(" ", labelW)
				if i == 0 {
					lead = st.muted.Render(fit(clean(name), labelW))
				}
				lines = append(lines, " "+lead+" "+text)
			}
		}
	}
	walk("")
	if len(lines) > 0 {
		lines = append([]string{""}, lines...)
	}
	return lines
}
