package ui

import (
	"fmt"
	"strings"
	"testing"
)

// drawLayout draws a layout in ASCII, a quarter of it in width so that it fits a
// page: the numbers of a box's slots, from 1, fill it, h is the header, d the
// diagnosis, k the key bar.
func drawLayout(l layout, w, h int) string {
	grid := make([][]byte, h)
	for y := range grid {
		grid[y] = []byte(strings.Repeat("!", w)) // a cell that nobody owns
	}
	fill := func(r rect, with string) {
		for y := r.y; y < r.y+r.h; y++ {
			for x := r.x; x < r.x+r.w; x++ {
				grid[y][x] = with[(x-r.x)/2%len(with)]
			}
		}
	}
	fill(l.header, "h")
	for _, b := range l.boxes {
		name := ""
		for _, s := range b.slots {
			name += fmt.Sprint(int(s) + 1)
		}
		fill(b.rect, name)
	}
	fill(l.diag, "d")
	fill(l.keys, "k")
	var lines []string
	for _, row := range grid {
		var line []byte
		for x := 0; x < len(row); x += 4 {
			line = append(line, row[x])
		}
		lines = append(lines, string(line))
	}
	return strings.Join(lines, "\n")
}

func TestArrange(t *testing.T) {
	tests := []struct {
		w, h, urlRows int
		class         class
		want          string
	}{
		{39, 6, 1, tiny, `
hhhhhhhhhh
dddddddddd
dddddddddd
dddddddddd
dddddddddd
dddddddddd`},
		{60, 20, 2, narrow, `
hhhhhhhhhhhhhhh
111111111111111
111111111111111
111111111111111
111111111111111
111111111111111
246352463524635
246352463524635
246352463524635
246352463524635
246352463524635
246352463524635
246352463524635
246352463524635
246352463524635
246352463524635
246352463524635
ddddddddddddddd
ddddddddddddddd
kkkkkkkkkkkkkkk`},
		{80, 24, 1, normal, `
hhhhhhhhhhhhhhhhhhhh
11111111111111111111
11111111111111111111
11111111111111111111
11111111111111111111
22222222222222222222
22222222222222222222
22222222222222222222
22222222222222222222
22222222222222222222
22222222222222222222
22222222222222222222
35353535353535353535
35353535353535353535
35353535353535353535
35353535353535353535
35353535353535353535
35353535353535353535
35353535353535353535
35353535353535353535
35353535353535353535
dddddddddddddddddddd
dddddddddddddddddddd
kkkkkkkkkkkkkkkkkkkk`},
		{120, 40, 1, wide, `
hhhhhhhhhhhhhhhhhhhhhhhhhhhhhh
111111111111111111111111111111
111111111111111111111111111111
111111111111111111111111111111
111111111111111111111111111111
111111111111111111111111111111
222222222222222333333333333333
222222222222222333333333333333
222222222222222333333333333333
222222222222222333333333333333
222222222222222333333333333333
222222222222222333333333333333
222222222222222333333333333333
222222222222222333333333333333
222222222222222333333333333333
222222222222222333333333333333
222222222222222333333333333333
444444444444444333333333333333
444444444444444333333333333333
444444444444444333333333333333
444444444444444555555555555555
444444444444444555555555555555
444444444444444555555555555555
444444444444444555555555555555
444444444444444555555555555555
444444444444444555555555555555
444444444444444555555555555555
444444444444444555555555555555
444444444444444555555555555555
444444444444444555555555555555
444444444444444555555555555555
666666666666666666666666666666
666666666666666666666666666666
666666666666666666666666666666
666666666666666666666666666666
666666666666666666666666666666
666666666666666666666666666666
dddddddddddddddddddddddddddddd
dddddddddddddddddddddddddddddd
kkkkkkkkkkkkkkkkkkkkkkkkkkkkkk`},
	}
	for _, tt := range tests {
		t.Run(size(tt.w, tt.h), func(t *testing.T) {
			p := arrange(tt.w, tt.h, tt.urlRows)
			if p.class != tt.class {
				t.Errorf("class %d, want %d", p.class, tt.class)
			}
			if got, want := drawLayout(p, tt.w, tt.h), strings.TrimPrefix(tt.want, "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// At every size each cell belongs to exactly one rectangle, and every pane has
// a box unless the screen is tiny.
func TestArrangeCoversTheScreen(t *testing.T) {
	for w := range 201 {
		for h := range 61 {
			for _, urlRows := range []int{0, 1, 3, 99} {
				p := arrange(w, h, urlRows)
				owners := 0
				rects := []rect{p.header, p.diag, p.keys}
				for _, b := range p.boxes {
					rects = append(rects, b.rect)
					if b.w < 4 || b.h < 3 {
						t.Fatalf("%s, %d URL rows: a box of %dx%d", size(w, h), urlRows, b.w, b.h)
					}
				}
				for i, r := range rects {
					if r.x < 0 || r.y < 0 || r.w < 0 || r.h < 0 || r.x+r.w > w || r.y+r.h > h {
						t.Fatalf("%s, %d URL rows: %+v lies outside", size(w, h), urlRows, r)
					}
					owners += r.w * r.h
					for _, other := range rects[:i] {
						if r.w*r.h > 0 && other.w*other.h > 0 && r.x < other.x+other.w && other.x < r.x+r.w &&
							r.y < other.y+other.h && other.y < r.y+r.h {
							t.Fatalf("%s, %d URL rows: %+v and %+v overlap", size(w, h), urlRows, r, other)
						}
					}
				}
				if owners != w*h {
					t.Fatalf("%s, %d URL rows: %d cells of %d have an owner", size(w, h), urlRows, owners, w*h)
				}
				for want := slotTop; want <= slotBottom; want++ {
					if _, ok := p.boxOf(want); !ok && p.class != tiny {
						t.Fatalf("%s: slot %d has no box", size(w, h), want)
					}
				}
			}
		}
	}
}
