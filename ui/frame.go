package ui

import "strings"

// tab is one title in a box's border.
type tab struct {
	number int
	name   string
	shown  bool
}

// drawBox frames lines, which may be fewer or longer than the room: the result
// is exactly as large as the rectangle. title stands at the left of the upper
// border and gives way to right, which stands at its end.
func drawBox(st *styles, r rect, title, right string, focused bool, lines []string) string {
	w, h := r.inner()
	if r.w < 2 || r.h < 2 {
		return ""
	}
	line, border := st.border, st.glyphs.border
	if focused {
		line = st.borderFocus
	}
	var b strings.Builder
	b.WriteString(line.Render(border.TopLeft))
	b.WriteString(topBorder(line, border.Top, title, right, w))
	b.WriteString(line.Render(border.TopRight))
	left, end := line.Render(border.Left), line.Render(border.Right)
	for i := range h {
		text := ""
		if i < len(lines) {
			text = lines[i]
		}
		b.WriteString("\n" + left + fit(text, w) + end)
	}
	b.WriteString("\n" + line.Render(border.BottomLeft+strings.Repeat(border.Bottom, w)+border.BottomRight))
	return b.String()
}

func topBorder(line look, dash, title, right string, w int) string {
	if right != "" {
		right = " " + right + " "
	}
	if cells(right) > w-4 {
		right = ""
	}
	title = shorten(title, max(0, w-cells(right)-3))
	if title != "" {
		title = " " + title + " "
	}
	if cells(title)+cells(right) > w {
		return line.Render(strings.Repeat(dash, w))
	}
	tail := ""
	room := w - cells(title) - cells(right)
	if right != "" && room > 1 {
		tail, room = dash, room-1
	}
	return title + line.Render(strings.Repeat(dash, room)) + right + line.Render(tail)
}

// boxTitle draws the tabs of a box; the shown one is marked when the box has
// the focus, by a sign and not by colour alone. Where they do not all fit in
// w cells they stand closer, and then the hidden ones are only numbers.
//
// While somebody types, the keys that jump are those with alt, and the tabs say so.
func boxTitle(st *styles, tabs []tab, focused, typing bool, w int) string {
	title := ""
	dot := st.title.Render(" " + st.glyphs.waiting + " ")
	for _, form := range []struct {
		gap   string
		brief bool
		alt   bool
	}{{dot, false, true}, {"  ", false, true}, {" ", true, true}, {dot, false, false}, {"  ", false, false},
		{" ", true, false}} {
		if form.alt && !typing {
			continue
		}
		title = drawTabs(st, tabs, focused, form.brief, form.alt, typing, form.gap)
		if cells(title) <= w {
			break
		}
	}
	return title
}

func drawTabs(st *styles, tabs []tab, focused, brief, alt, typing bool, gap string) string {
	parts := make([]string, 0, len(tabs))
	for i, t := range tabs {
		digit := string(rune('0' + t.number))
		if alt && (i == 0 || !brief) {
			digit = "alt+" + digit
		}
		text := digit + " " + t.name
		switch {
		case typing && t.shown && !focused: // the digit alone is text now
			parts = append(parts, st.title.Render(digit)+st.strong.Render(" "+t.name))
		case t.shown && focused:
			parts = append(parts, st.titleFocus.Render(st.glyphs.marker+text))
		case t.shown:
			parts = append(parts, st.strong.Render(text))
		case brief:
			parts = append(parts, st.title.Render(digit))
		default:
			parts = append(parts, st.title.Render(text))
		}
	}
	return strings.Join(parts, gap)
}
