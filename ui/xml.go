package ui

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"

	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// xmlPane shows the elements of the stream as they went by, secrets already
// taken out of them, folded to one line each until they are opened.
type xmlPane struct {
	window
	sieve
	only    direction
	open    map[int]bool // indices of r.XML that are shown in full
	openRun int
	lines   []xmlLine
}

// xmlLine is a line of the pane: an element in one line, or one line of an
// open one.
type xmlLine struct {
	at   int // index of r.XML
	sub  int // which of its lines
	text string
}

func (p *xmlPane) drawn(st *styles, r *model.Run, l xmlLine) string {
	lead := xmlLead(st, r.XML[l.at])
	switch {
	case !p.open[l.at]:
		return lead + colourXML(st, fold(r.XML[l.at].Text))
	case l.sub > 0:
		lead = strings.Repeat(" ", cells(lead))
	}
	return lead + colourXML(st, l.text)
}

// direction is which half of the stream is shown.
type direction int

const (
	both direction = iota
	sent
	received
	directions // how many there are
)

func (p *xmlPane) draw(st *styles, r *model.Run, w, h int, focused bool) view {
	p.lines = p.lines[:0]
	if r == nil {
		hint := newSheet(st, w)
		hint.say(st.muted, "", "The XML of the stream, without passwords and SASL payloads.")
		return show(hint.lines...)
	}
	if p.openRun != r.ID || p.open == nil {
		p.open, p.openRun = map[int]bool{}, r.ID
	}
	words := p.words()
	for i, x := range r.XML {
		if len(words) > 0 && !contains(x.Text, words) || p.only == sent && x.Received || p.only == received && !x.Received {
			continue
		}
		if !p.open[i] {
			p.lines = append(p.lines, xmlLine{at: i})
			continue
		}
		for j, text := range indent(x.Text) {
			p.lines = append(p.lines, xmlLine{i, j, text})
		}
	}
	room := max(0, h-p.height())
	v := p.rows(len(p.lines), room, focused, func(i int) string { return p.mark(st, shorten(p.drawn(st, r, p.lines[i]), w)) })
	v.right = []string{"", "sent · ", "received · "}[p.only] + event.Count(len(r.XML), "element")
	if r.XMLDropped > 0 {
		v.right += fmt.Sprintf(" · dropped %d", r.XMLDropped)
	}
	p.lay(st, &v, room)
	return v
}

func contains(text string, words []string) bool {
	text = strings.ToLower(text)
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func xmlLead(st *styles, x event.XML) string {
	sign, style := st.glyphs.out, st.accent
	if x.Received {
		sign, style = st.glyphs.in, st.second
	}
	return " " + st.muted.Render(clock(x.At)) + " " + style.Render(sign) + " "
}

// fold makes one line of an element.
func fold(text string) string {
	return strings.Join(strings.Fields(text), " ")
}

// indent breaks an element into lines, one tag a line, each two blanks deeper
// than its parent. It is for reading only and takes any text.
func indent(text string) []string {
	var lines []string
	depth := 0
	for _, piece := range pieces(fold(text)) {
		switch {
		case strings.HasPrefix(piece, "</"):
			depth = max(0, depth-1)
			lines = append(lines, strings.Repeat("  ", min(depth, 12))+piece)
		default:
			lines = append(lines, strings.Repeat("  ", min(depth, 12))+piece)
			if strings.HasPrefix(piece, "<") && !strings.HasSuffix(piece, "/>") && !strings.HasPrefix(piece, "<?") && !strings.Contains(piece, "</") {
				depth++
			}
		}
	}
	return lines
}

// pieces splits text at its tags; an element that holds only text stays one.
func pieces(text string) []string {
	var out []string
	for text != "" {
		end := len(text)
		if text[0] == '<' {
			if i := strings.IndexByte(text, '>'); i >= 0 {
				end = i + 1
				if next := strings.IndexByte(text[end:], '<'); next > 0 && strings.HasPrefix(text[end+next:], "</") {
					if stop := strings.IndexByte(text[end+next:], '>'); stop >= 0 {
						end += next + stop + 1
					}
				}
			}
		} else if i := strings.IndexByte(text, '<'); i > 0 {
			end = i
		}
		if piece := strings.TrimSpace(text[:end]); piece != "" {
			out = append(out, piece)
		}
		text = text[end:]
	}
	return out
}

// colourXML gives tags, attributes and text their looks.
func colourXML(st *styles, text string) string {
	var b strings.Builder
	text = clean(text)
	for text != "" {
		end, style := len(text), lipgloss.Style(st.text)
		if text[0] == '<' {
			style = st.muted
			if i := strings.IndexByte(text, '>'); i >= 0 {
				end = i + 1
			}
			b.WriteString(colourTag(st, text[:end], style))
			text = text[end:]
			continue
		}
		if i := strings.IndexByte(text, '<'); i > 0 {
			end = i
		}
		b.WriteString(style.Render(text[:end]))
		text = text[end:]
	}
	return b.String()
}

func colourTag(st *styles, tag string, rest lipgloss.Style) string {
	start := strings.IndexFunc(tag, func(r rune) bool { return r != '<' && r != '/' && r != '?' })
	if start < 0 {
		return rest.Render(tag)
	}
	end := start + strings.IndexAny(tag[start:]+" ", " />")
	return rest.Render(tag[:start]) + st.info.Render(tag[start:end]) + rest.Render(tag[end:])
}

// toggle opens or folds the selected element.
func (p *xmlPane) toggle() {
	if p.selected < len(p.lines) {
		i := p.lines[p.selected].at
		p.open[i] = !p.open[i]
		p.follow = false
		for line, l := range p.lines { // keep the selection on its first line
			if l.at == i {
				p.selected = line
				break
			}
		}
	}
}

// xmlLog is the pane as it is searched: line by line, as it is drawn.
type xmlLog struct {
	*xmlPane
	run *model.Run
}

func (l *xmlLog) sieved() *sieve { return &l.sieve }
func (l *xmlLog) line() int      { return l.selected }
func (l *xmlLog) entries() int   { return len(l.lines) }

func (l *xmlLog) text(i int) string {
	at := l.lines[i]
	switch {
	case l.run == nil || at.at >= len(l.run.XML):
		return ""
	case l.open[at.at]:
		return at.text
	}
	return fold(l.run.XML[at.at].Text)
}

func (l *xmlLog) pick(i int) { l.follow, l.selected = false, i }
