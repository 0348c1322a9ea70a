package ui

import "slices"

// slot is a place on the widest screen. Smaller ones put several into one box,
// with tabs.
type slot uint8

// The slots.
const (
	slotTop slot = iota
	slotUpperLeft
	slotUpperRight
	slotLowerLeft
	slotLowerRight
	slotWire
	slotBottom
)

// class is one of the five arrangements of the screen.
type class int

// The classes, smallest first.
const (
	tiny   class = iota // two lines: lamps and diagnosis
	narrow              // one pane below the URL, the others behind a tab bar
	normal              // URL, assembly, and one pane below them with tabs
	wide                // everything at once
	vast                // everything at once, in three columns
)

// rect is a rectangle of cells, borders included.
type rect struct{ x, y, w, h int }

// inner is the room inside a border.
func (r rect) inner() (w, h int) { return max(0, r.w-2), max(0, r.h-2) }

// box is a framed rectangle that shows one of the panes of its slots; the others
// are tabs in its border.
type box struct {
	rect
	slots []slot
}

func (b box) has(s slot) bool { return slices.Contains(b.slots, s) }

// layout is where everything goes.
type layout struct {
	class  class
	header rect // title and stage lamps, one row
	boxes  []box
	diag   rect // diagnosis and its fix
	keys   rect // the key bar
	// urlRows of the URL box are for the URL itself, the rest of its inside is
	// for the pointer rows.
	urlRows int
}

// The smallest sizes of the classes, in cells.
const (
	narrowWidth, narrowHeight = 40, 10
	normalWidth, normalHeight = 72, 20
	wideWidth, wideHeight     = 110, 32
	vastWidth, vastHeight     = 165, 40
)

// arrange lays the screen out. It is a pure function of the size and of how
// many rows the URL wants; every rectangle lies inside the screen, and no two
// overlap.
//
// vast, from 165x40: every pane is seen at once. 2 JIDs and 4 Params are in the left
// column, 3 Stages and 5 Events in the middle one, 6 XML and 7 Send in the right one.
//
// wide, from 110x32:
//
//	header
//	╭ 1 URL ─────────────────────╮   1 to 3 URL rows, 2 pointer rows
//	╰────────────────────────────╯
//	╭ 2 JIDs ────────╮╭ 3 Stages ╮
//	│                ││          │
//	╰────────────────╯│          │
//	╭ 4 Params ──────╮╰──────────╯
//	│                │╭ 5 Ev 6 XML
//	│                ││          │
//	╰────────────────╯╰──────────╯
//	╭ 7 Send ────────────────────╮
//	╰────────────────────────────╯
//	diagnosis (2 rows)
//	keys
//
// normal, from 72x20:
//
//	header
//	╭ 1 URL ─────────────────────╮   1 to 3 URL rows, 1 pointer row
//	╰────────────────────────────╯
//	╭ 2 JIDs ────────────────────╮
//	╰────────────────────────────╯
//	╭ 3 Stages 4 5 6 7 ──────────╮
//	│                            │
//	╰────────────────────────────╯
//	diagnosis (2 rows from 22 rows up)
//	keys
//
// narrow, from 40x10: as normal, with 2 JIDs among the tabs and a diagnosis of
// 2 rows from 18 rows up.
//
// tiny: the header row with the lamps, and the diagnosis.
func arrange(w, h, urlRows int) layout {
	switch {
	case w < narrowWidth || h < narrowHeight:
		return arrangeTiny(max(0, w), max(0, h))
	case w < normalWidth || h < normalHeight:
		return arrangeNarrow(w, h, urlRows)
	case w < wideWidth || h < wideHeight:
		return arrangeNormal(w, h, urlRows)
	}
	if w < vastWidth || h < vastHeight {
		return arrangeWide(w, h, urlRows)
	}
	return arrangeVast(w, h, urlRows)
}

func arrangeTiny(w, h int) layout {
	l := layout{class: tiny, urlRows: 0}
	l.header = rect{0, 0, w, min(1, h)}
	l.diag = rect{0, l.header.h, w, max(0, h-l.header.h)}
	return l
}

func arrangeNarrow(w, h, urlRows int) layout {
	diag := 1
	if h >= 18 {
		diag = 2
	}
	l := layout{class: narrow, urlRows: clamp(urlRows, 1, (h-narrowHeight)/4+1)}
	top := l.edges(w, h, diag, 1)
	l.boxes = append(l.boxes, box{rect{0, top, w, l.diag.y - top},
		[]slot{slotUpperLeft, slotUpperRight, slotLowerLeft, slotLowerRight, slotWire, slotBottom}})
	return l
}

func arrangeNormal(w, h, urlRows int) layout {
	diag := 1
	if h >= 22 {
		diag = 2
	}
	l := layout{class: normal, urlRows: clamp(urlRows, 1, min(3, (h-normalHeight)/4+1))}
	top := l.edges(w, h, diag, 1)
	jids := 7 + (h-24)/4
	if h < 24 {
		jids = 6
	}
	l.boxes = append(l.boxes,
		box{rect{0, top, w, jids}, []slot{slotUpperLeft}},
		box{rect{0, top + jids, w, l.diag.y - top - jids},
			[]slot{slotUpperRight, slotLowerLeft, slotLowerRight, slotWire, slotBottom}})
	return l
}

func arrangeWide(w, h, urlRows int) layout {
	l := layout{class: wide, urlRows: clamp(urlRows, 1, 3)}
	top := l.edges(w, h, 2, 2)
	send := 5 + (h-wideHeight)/8
	rest := l.diag.y - top - send
	left := w / 2
	jids := rest * 12 / 27
	stages := clamp(rest/2+2, 8, 18) // at 120x40 all twelve of a send
	l.boxes = append(l.boxes,
		box{rect{0, top, left, jids}, []slot{slotUpperLeft}},
		box{rect{left, top, w - left, stages}, []slot{slotUpperRight}},
		box{rect{0, top + jids, left, rest - jids}, []slot{slotLowerLeft}},
		box{rect{left, top + stages, w - left, rest - stages}, []slot{slotLowerRight, slotWire}},
		box{rect{0, top + rest, w, send}, []slot{slotBottom}})
	return l
}

func arrangeVast(w, h, urlRows int) layout {
	l := layout{class: vast, urlRows: clamp(urlRows, 1, 3)}
	top := l.edges(w, h, 2, 2)
	rest := l.diag.y - top
	left, middle := w*37/100, w*33/100
	// What is seldom long gives the rest to what has no end: JIDs with a few targets,
	// all twelve stages of a send with some that wrap, a message with its recipients.
	jids, stages, send := clamp(rest/3, 13, 18), clamp(rest*2/5, 16, 20), clamp(rest/3, 12, 18)
	l.boxes = append(l.boxes,
		box{rect{0, top, left, jids}, []slot{slotUpperLeft}},
		box{rect{left, top, middle, stages}, []slot{slotUpperRight}},
		box{rect{0, top + jids, left, rest - jids}, []slot{slotLowerLeft}},
		box{rect{left, top + stages, middle, rest - stages}, []slot{slotLowerRight}},
		box{rect{left + middle, top, w - left - middle, rest - send}, []slot{slotWire}},
		box{rect{left + middle, top + rest - send, w - left - middle, send}, []slot{slotBottom}})
	return l
}

// edges places what lies at the top and the bottom of every class but tiny,
// and gives the first free row.
func (l *layout) edges(w, h, diag, pointers int) int {
	l.header = rect{0, 0, w, 1}
	l.boxes = append(l.boxes, box{rect{0, 1, w, 2 + l.urlRows + pointers}, []slot{slotTop}})
	l.keys = rect{0, h - 1, w, 1}
	l.diag = rect{0, h - 1 - diag, w, diag}
	return 1 + l.boxes[0].h
}

// zoom gives one pane the room of all.
func (l *layout) zoom() {
	all := box{rect: rect{0, l.header.h, l.header.w, l.diag.y - l.header.h}}
	for _, b := range l.boxes {
		all.slots = append(all.slots, b.slots...)
	}
	l.boxes = []box{all}
	_, h := all.inner()
	l.urlRows = max(1, h-2)
}

// boxOf gives the box that has a slot, and false at a size that has no boxes.
func (l layout) boxOf(s slot) (box, bool) {
	for _, b := range l.boxes {
		if b.has(s) {
			return b, true
		}
	}
	return box{}, false
}

func clamp(n, low, high int) int { return max(low, min(n, high)) }
