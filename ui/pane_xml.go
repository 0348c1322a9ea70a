package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// xmlPane shows the elements of the stream as they went by, secrets already
// taken out of them, folded to one line each until they are opened.
type xmlPane struct {
	window
	logFilter
	only    direction
	open    map[int]bool // indices of r.XML that are shown in full
	openRun int
	lines   []xmlLine
}

// xmlLine is a line of the pane: an element in one line, or one line of an
// open one.
type xmlLine struct {
	at     int // index of r.XML
	sub    int // which of its lines
	text   string
	folded bool
}

// xmlLeadW is the width of what stands before each element.
const xmlLeadW = 11

// unfolded says whether an element is shown in full: it was opened, or what is
// looked for stands where a folded line would be cut.
func (p *xmlPane) unfolded(x event.XML, i int, words []string, w int) bool {
	if p.open[i] {
		return true
	}
	if p.search.text == "" && len(words) == 0 {
		return false
	}
	line := strings.ToLower(fold(x.Text))
	if xmlLeadW+len(line) <= w {
		return false
	}
	seen := line[:max(0, w-xmlLeadW-1)]
	for _, word := range append([]string{strings.ToLower(p.search.text)}, words...) {
		if word != "" && strings.Contains(line, word) && !strings.Contains(seen, word) {
			return true
		}
	}
	return false
}

func (p *xmlPane) name() string { return "XML" }
func (p *xmlPane) slot() slot   { return slotWire }

func (p *xmlPane) rows(*screen) (*window, int) { return &p.window, len(p.lines) }

func (p *xmlPane) bindings() []binding {
	return slices.Concat([]binding{
		{commands, []string{"enter"}, "enter", "unfold", "unfold or fold this element", whyNoRuns, p.toggle},
		{commands, []string{"o"}, "o", "only", "only what was sent, only what was received, both", nil, p.nextDirection},
	}, logBindings())
}

func (p *xmlPane) nextDirection(*screen) tea.Cmd {
	p.only = (p.only + 1) % directions
	return nil
}

func (p *xmlPane) copied(s *screen) (what, text string) {
	r := s.run()
	if r == nil || p.selected >= len(p.lines) {
		return "", ""
	}
	return "element", r.XML[p.lines[p.selected].at].Text
}

func (p *xmlPane) typed(s *screen, _ snapshot) { followSearch(p, s.run()) }
func (p *xmlPane) escape(*screen) bool         { return escapeLog(p) }

func (p *xmlPane) drawn(st *styles, r *model.Run, l xmlLine) string {
	lead := xmlLead(st, r.XML[l.at])
	switch {
	case l.folded:
		return lead + colourXML(st, fold(r.XML[l.at].Text))
	case l.sub > 0:
		lead = strings.Repeat(" ", cells(lead))
	}
	return lead + colourXML(st, l.text)
}

// wrapped is a line over as many rows as it needs.
func (p *xmlPane) wrapped(st *styles, r *model.Run, l xmlLine, w int) []string {
	if !l.folded {
		return []string{p.drawn(st, r, l)}
	}
	lead := xmlLead(st, r.XML[l.at])
	lines := wrapStyled(colourXML(st, fold(r.XML[l.at].Text)), max(16, w-xmlLeadW))
	for i := range lines {
		lines[i] = lead + lines[i]
		lead = strings.Repeat(" ", xmlLeadW)
	}
	return lines
}

// direction is which half of the stream is shown.
type direction int

const (
	both direction = iota
	sent
	received
	directions // how many there are
)

func (d direction) has(x event.XML) bool { return d == both || x.Received == (d == received) }

func (p *xmlPane) draw(s *screen, w, h int, focused bool) view {
	st, r := s.st, s.run()
	p.lines = p.lines[:0]
	if r == nil {
		hint := newPage(st, w)
		hint.paragraph(st.muted, "", "The XML of the stream, without passwords and SASL payloads.")
		hint.keys(s, p.bindings())
		return show(hint.lines...)
	}
	if p.openRun != r.ID || p.open == nil {
		p.open, p.openRun = map[int]bool{}, r.ID
	}
	words := p.words()
	for i, x := range r.XML {
		if len(words) > 0 && !contains(x.Text, words) || !p.only.has(x) {
			continue
		}
		if !p.unfolded(x, i, words, w) {
			p.lines = append(p.lines, xmlLine{at: i, folded: true})
			continue
		}
		n := 0
		for _, text := range indent(x.Text) {
			depth := len(text) - len(strings.TrimLeft(text, " "))
			for k, part := range wrap(clean(strings.TrimLeft(text, " ")), max(16, w-xmlLeadW-depth-2)) {
				if k > 0 {
					part = "  " + part
				}
				p.lines = append(p.lines, xmlLine{at: i, sub: n, text: strings.Repeat(" ", depth) + part})
				n++
			}
		}
	}
	room := max(0, h-p.height())
	whole := func(i int) []string {
		lines := p.wrapped(st, r, p.lines[i], w-1)
		for j := range lines {
			lines[j] = p.mark(st, lines[j])
		}
		return lines
	}
	v := p.drawWhole(len(p.lines), room, focused, func(i int) []string {
		if focused && i == p.selected {
			return whole(i)
		}
		return []string{p.mark(st, shorten(p.drawn(st, r, p.lines[i]), w))}
	}, whole)
	v.right = []string{"", "sent · ", "received · "}[p.only] + event.Count(len(r.XML), "element")
	if r.XMLDropped > 0 {
		v.right += fmt.Sprintf(" · dropped %d", r.XMLDropped)
	}
	p.logFilter.draw(st, &v, room)
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
			opens := strings.HasPrefix(piece, "<") && !strings.HasPrefix(piece, "<?")
			if opens && !strings.HasSuffix(piece, "/>") && !strings.Contains(piece, "</") {
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
		end, style := len(text), st.text
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

func colourTag(st *styles, tag string, rest look) string {
	start := strings.IndexFunc(tag, func(r rune) bool { return r != '<' && r != '/' && r != '?' })
	if start < 0 {
		return rest.Render(tag)
	}
	end := start + strings.IndexAny(tag[start:]+" ", " />")
	return rest.Render(tag[:start]) + st.info.Render(tag[start:end]) + rest.Render(tag[end:])
}

// toggle opens or folds the selected element.
func (p *xmlPane) toggle(*screen) tea.Cmd {
	if p.selected >= len(p.lines) {
		return nil
	}
	i := p.lines[p.selected].at
	p.open[i] = !p.open[i]
	p.choose(slices.IndexFunc(p.lines, func(l xmlLine) bool { return l.at == i })) // its first line
	return nil
}

func (p *xmlPane) filtered() *logFilter         { return &p.logFilter }
func (p *xmlPane) line() int                    { return p.selected }
func (p *xmlPane) entries() int                 { return len(p.lines) }
func (p *xmlPane) choose(i int)                 { p.pick(i) }
func (p *xmlPane) nextTrouble(int) (why string) { return "/ searches first" }

// entry is what is searched in a line: what is drawn of it.
func (p *xmlPane) entry(r *model.Run, i int) string {
	at := p.lines[i]
	switch {
	case r == nil || at.at >= len(r.XML):
		return ""
	case !at.folded:
		return at.text
	}
	return fold(r.XML[at.at].Text)
}
