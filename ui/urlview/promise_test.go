package urlview

import (
	"strings"
	"testing"
	"unicode/utf8"

	"xmppscope/urlspec"
)

// canary is in every password of these tests, and nowhere else.
const canary = "Zq7"

// awkward are URLs that are hard to draw. Their passwords hold the canary.
var awkward = []string{
	"", "hello", "xm", "xmpps://", "https://h.example", " xmpps://a:Zq7@h ",
	"xmpps://alice:Zq7@corp.example:5223/%23ops/bob?mode=tls&name=pager",
	"xmpps://alice:p@Zq7@corp.example:52x2/#ops?scram=no",
	"xmpps://alice:Zq7", "xmpps://alice:Zq7?foo&mode=tls@host/", "xmpps://a:b/Zq7", "a:Zq7@h",
	"xmpps://alice@h.example?pass=Zq7&b;c&password=Zq7", "xmpps://h.example?pasword=Zq7&kennwort=Zq7",
	"xmpps://a:Zq7@h.example?to=x://a:Zq7&mode='tls&x=pass=Zq7 ",
	"xmpps://日本:Zq7日本@日本.example/日本?name=日本", "xmpps://e\u0301:Zq7\u0301@h/\u0301o\u0302\u200d\u0323",
	"xmpps://a\x1b:Zq7\x1b\xff@h\x9b/\u202eb\u2028\xff\r\n\t", "xmpps://a:Zq7@h/\u00a0b\u00a0",
	"xmpps://👩\u200d🚀:Zq7👍🏽@h/🇩🇪❤\ufe0f",
	"xmpps://%61:%5aq7Zq7@h/%zz?%6d%6f%64e=tls&=&&;&x",
	"xmpps://a:Zq7@h" + strings.Repeat("/bob", 300) + strings.Repeat("&x=y", 300),
}

// hold checks what a View promises for any text, any cursor and any range of
// bytes.
func hold(t *testing.T, text string, width, cursor, start, end int) {
	t.Helper()
	spec := urlspec.Parse(text)
	for _, secrecy := range []Secrecy{{}, Counted(cursor)} {
		v := New(spec, secrecy)
		holdCells(t, spec, v)
		holdParts(t, spec, v)
		holdRows(t, spec, v, width)
		if start >= 0 && start <= end && end <= len(text) {
			holdPointers(t, v, width, cursor, start, end)
		}
	}
}

// holdCells: the cells stand for the text in order, each for its own bytes of
// it, and for those of a password there are bullets.
func holdCells(t *testing.T, spec urlspec.Spec, v *View) {
	t.Helper()
	at, columns := 0, 0
	secret := make([]bool, len(spec.Text))
	for _, span := range spec.Spans {
		for i := span.Start; i < span.End; i++ {
			secret[i] = span.Kind == urlspec.Password
		}
	}
	for i, c := range v.Cells {
		mask := i > 0 && c.Kind == urlspec.Password && c.Start == v.Cells[i-1].Start && c.End == at
		if c.Start != at && !mask || c.End <= c.Start {
			t.Fatalf("%q: cell %d is %+v, behind byte %d", spec.Text, i, c, at)
		}
		for b := c.Start; b < c.End; b++ {
			if secret[b] != (c.Kind == urlspec.Password) {
				t.Fatalf("%q: cell %d is %+v, but byte %d is secret: %v", spec.Text, i, c, b, secret[b])
			}
		}
		want, width := Bullet, 1
		if c.Kind != urlspec.Password {
			want, _, width = Character(spec.Text[c.Start:c.End])
		}
		if c.Text != want || c.Width != width {
			t.Fatalf("%q: cell %d is %+v, want %q of %d columns", spec.Text, i, c, want, width)
		}
		at = c.End
		columns += c.Width
	}
	if at != len(spec.Text) || columns != v.columns {
		t.Fatalf("%q: the cells end at byte %d, column %d of %d", spec.Text, at, columns, v.columns)
	}
}

// holdParts: the parts lie side by side, their labels are words of ours, and
// each cell knows its part.
func holdParts(t *testing.T, spec urlspec.Spec, v *View) {
	t.Helper()
	words := map[string]bool{}
	const ours = "scheme,user,password,host,port,target,user,room,dropped,lost,not read,unknown,replaced,parameter"
	for _, word := range strings.Split(ours, ",") {
		words[word] = true
	}
	for _, p := range urlspec.Parameters() {
		words[p.Name], words[p.Label] = true, true
	}
	at := 0
	for i, p := range v.Parts {
		if p.Start < at || p.End <= p.Start || p.End > len(spec.Text) || !words[p.Label] {
			t.Fatalf("%q: part %d is %+v, behind byte %d", spec.Text, i, p, at)
		}
		at = p.End
	}
	for i, c := range v.Cells {
		if c.Part != v.PartAt(c.Start) {
			t.Fatalf("%q: cell %d is %+v, its part is %d", spec.Text, i, c, v.PartAt(c.Start))
		}
	}
}

// holdRows: the rows are all cells in order and no wider than they may be, their
// runs are their text, their labels lie in them, and a byte is found again.
func holdRows(t *testing.T, spec urlspec.Spec, v *View, width int) {
	t.Helper()
	rows := v.Rows(width)
	width = max(1, width)
	next := 0
	for i, r := range rows {
		if r.First != next || r.Last < r.First || v.Width(r) > width && r.Last > r.First+1 {
			t.Fatalf("%q: row %d of %d columns is %+v", spec.Text, i, width, r)
		}
		next = r.Last
		text := ""
		for run := range v.Runs(r) {
			text += run.Text
			bullets := strings.HasPrefix(run.Text, Bullet)
			if bullets != (run.Kind == urlspec.Password) && !strings.Contains(spec.Text, Bullet) {
				t.Fatalf("%q: a run of kind %d is %q", spec.Text, run.Kind, run.Text)
			}
		}
		if text != v.Text(r) {
			t.Fatalf("%q: the runs of row %d are %q, its text is %q", spec.Text, i, text, v.Text(r))
		}
		for _, line := range append(v.Labels(r, width), v.LabelLine(r, width, len(v.Parts)/2)) {
			end := -1
			for _, l := range line {
				if l.Column <= end || l.end() > width || l.Text != v.Parts[l.Part].Label {
					t.Fatalf("%q: label %+v in a line of %d columns, behind column %d", spec.Text, l, width, end)
				}
				end = l.end()
			}
		}
	}
	if last := rows[len(rows)-1]; next != len(v.Cells) || v.Width(last) >= width && last.Last > last.First+1 {
		t.Fatalf("%q: the rows end with %+v", spec.Text, last)
	}
	for _, c := range append(v.Cells, Cell{Start: len(spec.Text)}) {
		row, column := v.Place(rows, c.Start)
		if back := v.Offset(rows[row], column); back != c.Start {
			t.Fatalf("%q: byte %d is in row %d, column %d, where byte %d is", spec.Text, c.Start, row, column, back)
		}
	}
}

// holdPointers: a pointer lies below cells of its row that it points to, and in
// some row there is one.
func holdPointers(t *testing.T, v *View, width, cursor, start, end int) {
	t.Helper()
	found := 0
	excerpt := v.Around(start, end, width)
	if v.Width(excerpt) > max(width-1, 1) && excerpt.Last > excerpt.First+1 {
		t.Fatalf("an excerpt of %d columns is %d wide", width, v.Width(excerpt))
	}
	for i, r := range append(v.Rows(width), excerpt) {
		mark, ok := v.Pointer(r, start, end, cursor)
		if !ok {
			continue
		}
		found++
		squiggle := strings.Count(mark.Text, "^") == 1 && strings.Trim(mark.Text, "~^") == ""
		if !squiggle || mark.Column < 0 || mark.End() > v.Width(r)+1 {
			t.Fatalf("row %d of %d columns has the mark %+v", i, v.Width(r), mark)
		}
		column, last := 0, v.Cells[max(0, len(v.Cells)-1):]
		if behind := len(last) == 0 || start >= last[0].End; mark.End() > v.Width(r) && !behind {
			t.Fatalf("bytes %d to %d: behind row %d, %+v, is the mark %+v", start, end, i, r, mark)
		}
		for _, c := range v.Cells[r.First:r.Last] {
			points := c.Start < end && start < c.End || start == end && c.Start <= start && start < c.End
			if marked := column >= mark.Column && column < mark.End(); marked != points {
				t.Fatalf("bytes %d to %d: cell %+v is marked: %v", start, end, c, marked)
			}
			column += c.Width
		}
	}
	if found < 2 {
		t.Fatalf("bytes %d to %d are marked %d times, once in an excerpt", start, end, found)
	}
}

func TestPromises(t *testing.T) {
	for _, text := range awkward {
		for _, width := range []int{-1, 1, 7, 20, 78} {
			step := 1 + len(text)/20
			for at := 0; at <= len(text); at += step {
				hold(t, text, width, at, at, min(len(text), at+at%4))
			}
		}
	}
}

// TestNoSecretShows: nothing of a password is in what a View gives, whole or cut
// by the edges of rows.
func TestNoSecretShows(t *testing.T) {
	for _, text := range awkward {
		for _, secrecy := range []Secrecy{{}, Counted(len(text) / 2)} {
			v := New(urlspec.Parse(text), secrecy)
			var all strings.Builder
			for _, c := range v.Cells {
				all.WriteString(c.Text)
			}
			for _, p := range v.Parts {
				all.WriteString("\n" + p.Label)
			}
			for _, r := range v.Rows(11) {
				all.WriteString("\n" + v.Text(r))
				for _, line := range v.Labels(r, 11) {
					all.WriteString("\n" + lineOf(line))
				}
			}
			for i := range len(canary) {
				if strings.Contains(all.String(), canary[i:i+1]) {
					t.Errorf("%q is shown as %q", text, all.String())
					break
				}
			}
		}
	}
}

// FuzzView holds a View to its promises for any text. The password of a URL has
// no say in what is shown: any other of as few characters looks the same.
func FuzzView(f *testing.F) {
	for i, text := range awkward {
		f.Add(text, 20+i, i, i/2, i)
	}
	f.Fuzz(func(t *testing.T, text string, width, cursor, start, end int) {
		if len(text) > 4096 || width > 512 {
			return
		}
		hold(t, text, width, cursor, start, end)
		if !utf8.ValidString(text) || strings.ContainsAny(text, canary) {
			return
		}
		shown := func(password string) string {
			return drawn(New(urlspec.Parse("xmpps://user:"+password+"@h.example"), Secrecy{}), 80)
		}
		if got, want := shown(strings.Repeat("%41", 1+len(text)%7)), shown("pw"); got != want {
			t.Fatalf("one password is drawn as %s, another as %s", got, want)
		}
		v := New(urlspec.Parse("xmpps://user@h.example?pass="+canary+text), Secrecy{})
		if all := v.Text(Row{0, len(v.Cells)}); strings.Contains(all, canary[:2]) {
			t.Fatalf("%q is shown as %q", canary+text, all)
		}
	})
}
