package urlview

import (
	"slices"
	"strings"
	"testing"

	"xmppscope/urlspec"
)

func TestRows(t *testing.T) {
	for name, test := range map[string]struct {
		url   string
		width int
		want  string // the rows, each behind a bar
	}{
		"one row":                         {"xmpp://h", 9, "|xmpp://h"},
		"a full row, and room behind it":  {"xmpp://h", 8, "|xmpp://h|"},
		"two rows":                        {"xmpp://h", 7, "|xmpp://|h"},
		"a mask breaks anywhere":          {"xmpp://u:secret@h", 13, "|xmpp://u:••••|••••@h"},
		"an escape does not":              {"xmpp://\u202eu", 9, "|xmpp://|\\u202eu"},
		"a wide character does not":       {"xmpp://日本", 10, "|xmpp://日|本"},
		"a cell wider than a row":         {"xmpp://日", 1, "|x|m|p|p|:|/|/|日|"},
		"an escape that sticks out":       {"xmpp://\u202ee", 2, "|xm|pp|:/|/|\\u202e|e"},
		"nothing":                         {"", 10, "|"},
		"a width of nothing is one":       {"xm", 0, "|x|m|"},
		"a width of less than that is so": {"xm", -1, "|x|m|"},
	} {
		t.Run(name, func(t *testing.T) {
			v := New(urlspec.Parse(test.url), Secrecy{})
			got := ""
			for _, row := range v.Rows(test.width) {
				got += "|" + v.Text(row)
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestPlace: where a byte is, and which byte is there.
func TestPlace(t *testing.T) {
	const url = "xmpp://日本:secret@h" // 日 is byte 7, 本 10, the password 14 to 20
	for name, test := range map[string]struct {
		offset, width int
		row, column   int
		back          int // the byte at that place, and in any column of its cell
	}{
		"the first":                      {0, 80, 0, 0, 0},
		"behind a wide character":        {10, 80, 0, 9, 10},
		"inside a character":             {8, 80, 0, 7, 7},
		"a password's first":             {14, 80, 0, 12, 14},
		"inside a password":              {17, 80, 0, 12, 14},
		"behind a password":              {20, 80, 0, 20, 20},
		"the end":                        {22, 80, 0, 22, 22},
		"the first of the second row":    {10, 10, 1, 0, 10},
		"the end, in the row behind all": {22, 11, 2, 0, 22},
	} {
		t.Run(name, func(t *testing.T) {
			v := New(urlspec.Parse(url), Secrecy{})
			rows := v.Rows(test.width)
			row, column := v.Place(rows, test.offset)
			if row != test.row || column != test.column {
				t.Fatalf("it is in row %d, column %d; want %d, %d", row, column, test.row, test.column)
			}
			if back := v.Offset(rows[row], column); back != test.back {
				t.Errorf("at its place is byte %d, want %d", back, test.back)
			}
		})
	}
	t.Run("behind the rows", func(t *testing.T) {
		v := New(urlspec.Parse(url), Secrecy{})
		rows := v.Rows(12)
		for i, want := range []int{14, 22} {
			if got := v.Offset(rows[i], 99); got != want {
				t.Errorf("behind row %d is byte %d, want %d", i, got, want)
			}
		}
		if got := New(urlspec.Parse(""), Secrecy{}).Offset(Row{}, 3); got != 0 {
			t.Errorf("in no URL is byte %d", got)
		}
	})
}

func TestAround(t *testing.T) {
	const url = "xmpps://alice:secret@corp.example/bob?mode=tls"
	for name, test := range map[string]struct {
		start, end, width int
		want              string
	}{
		"all of it":              {21, 33, 49, "xmpps://alice:••••••••@corp.example/bob?mode=tls"},
		"no room behind the end": {21, 33, 48, "pps://alice:••••••••@corp.example/bob?mode=tls"},
		"in the middle":          {34, 37, 20, "example/bob?mode=t"},
		"at the start":           {0, 2, 12, "xmpps://al"},
		"behind the end":         {len(url), len(url), 12, "?mode=tls"},
		"a password":             {14, 20, 12, ":••••••••@"},
		"less than a password":   {16, 17, 8, "••••••"},
		"more than fits":         {0, len(url), 12, "xmpps://al"},
		"always one":             {21, 33, 0, "c"},
	} {
		t.Run(name, func(t *testing.T) {
			v := New(urlspec.Parse(url), Secrecy{})
			r := v.Around(test.start, test.end, test.width)
			if got := v.Text(r); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if v.Width(r) > max(1, test.width-1) {
				t.Errorf("it is %d columns wide", v.Width(r))
			}
		})
	}
}

// TestPointer draws pointers below the only row of a URL, or below the row of an
// excerpt.
func TestPointer(t *testing.T) {
	const url = "xmpps://alice:secret@corp.example/日本?mode=tls"
	const shown = "xmpps://alice:••••••••@corp.example/日本?mode=tls"
	const all = 1 << 20
	indent := func(n int, mark string) string { return strings.Repeat(" ", n) + mark }
	for name, test := range map[string]struct {
		start, end, caret, width int
		text, mark               string
	}{
		"a stretch":                   {21, 33, -1, all, shown, indent(23, "~~~~~~^~~~~~")},
		"two bytes":                   {21, 23, -1, all, shown, indent(23, "~^")},
		"one byte":                    {13, 14, -1, all, shown, indent(13, "^")},
		"the place before a byte":     {13, 13, -1, all, shown, indent(13, "^")},
		"the caret at the cursor":     {21, 33, 22, all, shown, indent(23, "~^~~~~~~~~~~")},
		"the cursor elsewhere":        {21, 33, 3, all, shown, indent(23, "~~~~~~^~~~~~")},
		"the cursor right behind it":  {21, 33, 33, all, shown, indent(23, "~~~~~~^~~~~~")},
		"wide characters":             {34, 40, -1, all, shown, indent(36, "~~^~")},
		"the caret at a wide one":     {34, 40, 37, all, shown, indent(36, "~~^~")},
		"inside the password":         {16, 17, -1, all, shown, indent(14, "~~~~^~~~")},
		"the end of the password":     {19, 20, -1, all, shown, indent(14, "~~~~^~~~")},
		"the cursor in the password":  {14, 20, 17, all, shown, indent(14, "^~~~~~~~")},
		"behind the end":              {len(url), len(url), -1, all, shown, indent(49, "^")},
		"the cursor behind the end":   {len(url), len(url), len(url), all, shown, indent(49, "^")},
		"in an excerpt":               {13, 14, -1, 12, "alice:••••", indent(5, "^")},
		"behind the end of one":       {len(url), len(url), -1, 12, "?mode=tls", indent(9, "^")},
		"more than the excerpt shows": {0, len(url), -1, 12, "xmpps://al", "~~~~~^~~~~"},
	} {
		t.Run(name, func(t *testing.T) {
			v := New(urlspec.Parse(url), Secrecy{})
			r := v.Around(test.start, test.end, test.width)
			mark, ok := v.Pointer(r, test.start, test.end, test.caret)
			text, got := v.Text(r), indent(mark.Column, mark.Text)
			if !ok || text != test.text || got != test.mark || mark.End() != len(got) {
				t.Errorf("got\n%s\n%s\nwant\n%s\n%s", text, got, test.text, test.mark)
			}
		})
	}
}

// TestPointerInRows: a problem has a pointer below each row that it is in.
func TestPointerInRows(t *testing.T) {
	const three, full = "xmpps://ab:p@h.example", "xmpps://ab" // in rows of ten columns
	for name, test := range map[string]struct {
		url        string
		start, end int
		want       []string // below each row
	}{
		"in all rows":           {three, 0, 21, []string{"~~~~~^~~~~", "~~~~~^~~~~", "~~~~^~~~"}},
		"in the first":          {three, 0, 2, []string{"~^", "", ""}},
		"across an end":         {three, 8, 11, []string{"        ~^", "^", ""}},
		"in the last":           {three, 20, 21, []string{"", "", "       ^"}},
		"the place behind":      {three, 22, 22, []string{"", "", "         ^"}},
		"before the second":     {three, 8, 8, []string{"        ^", "", ""}},
		"before an empty row":   {full, 0, 10, []string{"~~~~~^~~~~", ""}},
		"behind a full row":     {full, 10, 10, []string{"          ^", "^"}},
		"in no URL, behind all": {"", 0, 0, []string{"^"}},
	} {
		t.Run(name, func(t *testing.T) {
			v := New(urlspec.Parse(test.url), Secrecy{})
			var got []string
			for _, row := range v.Rows(10) {
				mark, _ := v.Pointer(row, test.start, test.end, -1)
				got = append(got, strings.Repeat(" ", mark.Column)+mark.Text)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
