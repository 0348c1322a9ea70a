package plain

import (
	"fmt"
	"strconv"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// paramLines are the parameters whose effect differs from the default: what
// Apprise takes them for, and what it would take without them.
func paramLines(spec urlspec.Spec, look Look) []string {
	type line struct{ name, value, note string }
	var rows []line
	names, values := 0, 0
	for _, p := range urlspec.Parameters() {
		written, found := winner(spec, p.Name)
		if !found || p.Kind == urlspec.KindPassword {
			continue
		}
		if p.Name == "mode" {
			p.Default = defaultMode(spec)
		}
		value := effect(spec.Reading, p.Name, written.Value)
		if value == p.Default {
			continue
		}
		row := line{name: p.Name, value: wire.Safe(value)}
		switch {
		case !p.Used:
			row.note = "no effect for XMPP"
		case p.Default != "":
			row.note = "default " + p.Default
		}
		if value != written.Value {
			row.note = strings.TrimPrefix(row.note+`; written "`+wire.Safe(written.Value)+`"`, "; ")
		}
		rows = append(rows, row)
		names, values = max(names, len(row.name)), max(values, min(len(row.value), 40))
	}
	var lines []string
	for _, r := range rows {
		if look.Labels {
			note := ""
			if r.note != "" {
				note = " (" + r.note + ")"
			}
			lines = append(lines, fmt.Sprintf("parameter %s: %s%s", r.name, r.value, note))
		} else {
			lines = append(lines, strings.TrimRight("  "+pad(r.name, names)+"  "+pad(r.value, values)+"  "+look.paint(muted, r.note), " "))
		}
	}
	return lines
}

// defaultMode is the mode that the scheme alone gives.
func defaultMode(spec urlspec.Spec) string {
	for _, span := range spec.Spans {
		if span.Kind == urlspec.Scheme && strings.EqualFold(spec.Text[span.Start:span.End], "xmpps") {
			return string(urlspec.ModeSTARTTLS)
		}
	}
	return string(urlspec.ModeNone)
}

// winner is the parameter of a name that Apprise takes, of several the last.
func winner(spec urlspec.Spec, name string) (urlspec.Param, bool) {
	for _, p := range spec.Params {
		if p.Name == name && p.Known && p.Wins {
			return p, true
		}
	}
	return urlspec.Param{}, false
}

// effect is what Apprise takes a parameter for.
func effect(r urlspec.Reading, name, written string) string {
	yesNo := func(on bool) string {
		if on {
			return "yes"
		}
		return "no"
	}
	seconds := func(s float64) string {
		text := strconv.FormatFloat(s, 'f', -1, 64)
		if !strings.Contains(text, ".") {
			text += ".0"
		}
		return text
	}
	switch name {
	case "mode":
		return string(r.Mode)
	case "name":
		return r.Nick
	case "xmpp":
		return r.TCPHost
	case "scramplus":
		return yesNo(r.ScramPlus)
	case "verify":
		return yesNo(r.Verify)
	case "subject":
		return yesNo(r.Subject)
	case "roster":
		return yesNo(r.Roster)
	case "keepalive":
		return yesNo(r.Keepalive)
	case "optional":
		return yesNo(r.Optional)
	case "emojis":
		return yesNo(r.Emojis)
	case "redirect":
		return yesNo(r.Redirect)
	case "cto":
		return seconds(r.CTO)
	case "rto":
		return seconds(r.RTO)
	case "wait":
		return seconds(r.Wait)
	case "retry":
		return strconv.Itoa(r.Retry)
	case "overflow":
		return r.Overflow
	case "format":
		return r.Format
	case "port":
		return strconv.Itoa(r.Port)
	}
	return written
}
