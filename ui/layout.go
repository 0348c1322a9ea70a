package ui

// pane names one pane of the screen. Its number is the key that jumps to it,
// the same at every size.
type pane int

// The panes.
const (
	paneURL pane = 1 + iota
	paneJIDs
	paneStages
	paneParams
	paneEvents
	paneXML
	paneSend
)

// panes returns all panes in the order of their numbers.
func panes() []pane {
	return []pane{paneURL, paneJIDs, paneStages, paneParams, paneEvents, paneXML, paneSend}
}

// class is one of the four arrangements of the screen.
type class int

// The classes, smallest first.
const (
	tiny   class = iota // two lines: lamps and diagnosis
	narrow              // one pane below the URL, the others behind a tab bar
	normal              // URL, assembly, and one pane below them with tabs
	wide                // everything at once
)

// rect is a rectangle of cells, borders included.
type rect struct{ x, y, w, h int }

// inner is the room inside a border.
func (r rect) inner() (w, h int) { return max(0, r.w-2), max(0, r.h-2) }

// box is a framed rectangle that shows one of its panes; the others are tabs
// in its border.
type box struct {
	rect
	panes []pane
}

// plan is where everything goes.
type plan struct {
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
)

// arrange lays the screen out. It is a pure function of the size and of how
// many rows the URL wants; every rectangle lies inside the screen, and no two
// overlap.
//
// wide, from 110x32:
//
//	header
//	╭ 1 URL ─────────────────────────╮   1 to 3 URL rows, 2 pointer rows
//	╰────────────────────────────────╯
//	╭ 2 JIDs ────────╮╭ 3 Stages ────╮
//	│                ││              │
//	╰────────────────╯│              │
//	╭ 4 Params ──────╮╰──────────────╯
//	│                │╭ 5 Events 6 XML
//	│                ││              │
//	╰────────────────╯╰──────────────╯
//	╭ 7 Send ────────────────────────╮
//	╰────────────────────────────────╯
//	diagnosis (2 rows)
//	keys
//
// normal, from 72x20:
//
//	header
//	╭ 1 URL ─────────────────────────╮   1 to 3 URL rows, 1 pointer row
//	╰────────────────────────────────╯
//	╭ 2 JIDs ────────────────────────╮
//	╰────────────────────────────────╯
//	╭ 3 Stages 4 5 6 7 ──────────────╮
//	│                                │
//	╰────────────────────────────────╯
//	diagnosis (2 rows from 22 rows up)
//	keys
//
// narrow, from 40x10: as normal, with 2 JIDs among the tabs and a diagnosis of
// 2 rows from 18 rows up.
//
// tiny: the header row with the lamps, and the diagnosis.
func arrange(w, h, urlRows int) plan {
	switch {
	case w < narrowWidth || h < narrowHeight:
		return arrangeTiny(max(0, w), max(0, h))
	case w < normalWidth || h < normalHeight:
		return arrangeNarrow(w, h, urlRows)
	case w < wideWidth || h < wideHeight:
		return arrangeNormal(w, h, urlRows)
	}
	return arrangeWide(w, h, urlRows)
}

func arrangeTiny(w, h int) plan {
	p := plan{class: tiny, urlRows: 0}
	p.header = rect{0, 0, w, min(1, h)}
	p.diag = rect{0, p.header.h, w, max(0, h-p.header.h)}
	return p
}

func arrangeNarrow(w, h, urlRows int) plan {
	diag := 1
	if h >= 18 {
		diag = 2
	}
	p := plan{class: narrow, urlRows: clamp(urlRows, 1, (h-narrowHeight)/4+1)}
	top := p.edges(w, h, diag, 1)
	p.boxes = append(p.boxes, box{rect{0, top, w, p.diag.y - top}, []pane{paneJIDs, paneStages, paneParams, paneEvents, paneXML, paneSend}})
	return p
}

func arrangeNormal(w, h, urlRows int) plan {
	diag := 1
	if h >= 22 {
		diag = 2
	}
	p := plan{class: normal, urlRows: clamp(urlRows, 1, min(3, (h-normalHeight)/4+1))}
	top := p.edges(w, h, diag, 1)
	jids := 7 + (h-24)/4
	if h < 24 {
		jids = 6
	}
	p.boxes = append(p.boxes,
		box{rect{0, top, w, jids}, []pane{paneJIDs}},
		box{rect{0, top + jids, w, p.diag.y - top - jids}, []pane{paneStages, paneParams, paneEvents, paneXML, paneSend}})
	return p
}

func arrangeWide(w, h, urlRows int) plan {
	p := plan{class: wide, urlRows: clamp(urlRows, 1, 3)}
	top := p.edges(w, h, 2, 2)
	send := 5 + (h-wideHeight)/8
	rest := p.diag.y - top - send
	left := w / 2
	jids := rest * 12 / 27
	stages := clamp(rest/2+2, 8, 18) // at 120x40 all twelve of a send
	p.boxes = append(p.boxes,
		box{rect{0, top, left, jids}, []pane{paneJIDs}},
		box{rect{left, top, w - left, stages}, []pane{paneStages}},
		box{rect{0, top + jids, left, rest - jids}, []pane{paneParams}},
		box{rect{left, top + stages, w - left, rest - stages}, []pane{paneEvents, paneXML}},
		box{rect{0, top + rest, w, send}, []pane{paneSend}})
	return p
}

// edges places what lies at the top and the bottom of every class but tiny,
// and gives the first free row.
func (p *plan) edges(w, h, diag, pointers int) int {
	p.header = rect{0, 0, w, 1}
	p.boxes = append(p.boxes, box{rect{0, 1, w, 2 + p.urlRows + pointers}, []pane{paneURL}})
	p.keys = rect{0, h - 1, w, 1}
	p.diag = rect{0, h - 1 - diag, w, diag}
	return 1 + p.boxes[0].h
}

// boxOf gives the box that has a pane, and false at a size that has no boxes.
func (p plan) boxOf(want pane) (box, bool) {
	for _, b := range p.boxes {
		for _, have := range b.panes {
			if have == want {
				return b, true
			}
		}
	}
	return box{}, false
}

func clamp(n, low, high int) int { return max(low, min(n, high)) }
