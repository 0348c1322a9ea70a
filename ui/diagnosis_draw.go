package ui

import (
	"strings"

	"xmppscope/model/finding"
	"xmppscope/urlspec"
)

// drawDiagnosis fills the rows of the diagnosis: the sentence, then the keys
// that go with it, then whatever else there is room for.
func (s *screen) drawDiagnosis(d diagnosis, w, h int) []string {
	if h <= 0 || w <= 4 {
		return nil
	}
	st := s.st
	sign, style := st.glyphs.waiting, st.muted
	switch {
	case d.busy:
		sign, style = st.glyphs.running, st.info
	case d.good:
		sign, style = st.glyphs.ok, st.ok
	case d.level != "":
		sign, style = st.severity(d.level)
	}
	lead, said := style.Render(sign)+" ", st.text
	if d.level == urlspec.Error || d.good {
		said = style
	}
	if d.past {
		said = st.muted
	}
	if h == 1 {
		return []string{joinHint(lead+said.Render(d.text), s.hint(d, w-leastText-3), w)}
	}
	room := w - 3
	lines := wrap(d.text, room)
	first, rest := lead+said.Render(lines[0]), strings.Join(lines[1:], " ")
	// The end of the sentence may take up to half of the row from the keys.
	hint := s.hint(d, max(room/2, room-cells(rest)-3))
	second := hint
	if rest != "" {
		if hint != "" {
			rest = shorten(rest, max(0, room-cells(hint)-3))
		}
		second = said.Render(shorten(rest, room))
		if hint != "" {
			second += "   " + hint
		}
	} else if left := room - cells(hint) - 3; d.second != "" && left > leastText {
		if hint != "" {
			second += "   "
		}
		more := st.text
		switch {
		case d.caution:
			more = st.warn
		case d.past:
			more = st.muted
		}
		second += more.Render(shorten(d.second, left))
	}
	return []string{first, "  " + second}
}

// How many cells a text, and the name of a fix, need at least when they are cut
// short.
const (
	leastText  = 20
	leastLabel = 12
)

// hint is the keys that answer a diagnosis, in w cells: the name of a fix is
// cut short before a key is lost.
func (s *screen) hint(d diagnosis, w int) string {
	fix, details := "f", "d"
	if s.typing {
		fix, details = "alt+f", "alt+d"
	}
	more := ""
	if d.finding != nil || d.caution {
		more = s.st.key.Render(details) + " details"
	}
	if s.typing && s.resends() {
		more = strings.TrimSuffix(s.st.key.Render("alt+s")+" resend   "+more, "   ")
	}
	if d.risky != nil {
		more = strings.TrimPrefix(more+"   ", "   ") + s.st.warn.Render(s.riskKey()) + " unsafe: " + riskName(*d.risky)
	}
	if d.fix == "" && d.password {
		d.fix = "type another password"
		if s.url.spec.Reading.PasswordSet {
			d.fix = "type another password and retry"
		}
	}
	if d.fix == "" {
		return shorten(more, w)
	}
	key := s.st.key.Render(fix) + " "
	if d.other {
		key += "fixes another: "
	}
	tail, room := "", w-cells(key)
	if d.problem == nil && !d.meant && !d.password && !d.finding.Fix.Later {
		tail = " and retry"
	}
	if more != "" && room-cells(more)-3 >= leastLabel {
		room -= cells(more) + 3
	} else {
		more = ""
	}
	if cells(d.fix+tail) > room && room-cells(tail) < leastText {
		tail = ""
	}
	text := key + shorten(d.fix, room-cells(tail)) + tail
	if more != "" {
		text += "   " + more
	}
	return text
}

// riskName is what an unsafe fix does, in a word or two.
func riskName(f finding.Fix) string {
	name := clean(f.Label)
	if _, after, found := strings.Cut(name, ": "); found {
		name = after
	}
	name, _, _ = strings.Cut(name, " (")
	return name
}

func (s *screen) riskKey() string {
	if s.typing {
		return "alt+!"
	}
	return "!"
}

// joinHint puts the hint right behind the text, and shortens the text for it.
func joinHint(text, hint string, w int) string {
	if hint == "" {
		return shorten(text, w)
	}
	return shorten(text, w-cells(hint)-3) + "   " + hint
}
