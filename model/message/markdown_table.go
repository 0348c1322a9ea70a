package message

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	table "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// tables makes tables of paragraphs by the rules of Python-Markdown, which Apprise
// uses (markdown/extensions/tables.py), and writes them as it does. Goldmark's own
// follow GitHub's rules: they look for a head in the middle of a paragraph, want a
// dash in each column of the rule, and align otherwise. They also come with patterns
// that are compiled whenever the program starts, which took a tenth of that.
type tables struct{}

// leastTable is the size of a table that is always made, in bytes of empty cells.
// Each row gets as many cells as the first has, so a short text could make a long one.
const leastTable = 1 << 20

// Transform makes a table of a paragraph that is one as a whole.
func (tables) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines, source := node.Lines(), reader.Source()
	if lines.Len() < 2 || workOf(pc).over() {
		return
	}
	rows, size := make([]text.Segment, 0, lines.Len()), 0
	for i := range lines.Len() {
		line := lines.At(i)
		rows = append(rows, trimmed(line, source))
		size += line.Len()
	}
	head := rows[0].Value(source)
	bordered := bytes.HasPrefix(head, []byte("|")) || endsInPipe(head)
	columns := cells(rows[0], source, bordered)
	if len(columns) == 1 && (!bordered || !allBordered(rows[1:], source)) {
		return
	}
	rule := cells(rows[1], source, bordered)
	if len(rule) != len(columns) {
		return
	}
	const cell = 16 // bytes of an empty one
	if len(columns)*len(rows)*cell > leastTable+64*size {
		return
	}
	aligned := make([]table.Alignment, 0, len(rule))
	for _, column := range rule {
		mark := column.Value(source)
		if len(bytes.Trim(mark, "|:- ")) > 0 {
			return
		}
		aligned = append(aligned, alignment(string(mark)))
	}
	made := table.NewTable()
	made.SetPos(node.Pos())
	made.AppendChild(made, table.NewTableHeader(row(columns, aligned)))
	for _, line := range rows[2:] {
		made.AppendChild(made, row(cells(line, source, bordered), aligned))
	}
	if len(rows) == 2 {
		made.AppendChild(made, row(nil, slices.Repeat([]table.Alignment{table.AlignNone}, len(aligned))))
	}
	node.Parent().ReplaceChild(node.Parent(), node, made)
}

func trimmed(s text.Segment, source []byte) text.Segment {
	s = s.TrimLeftSpace(source)
	return s.TrimRightSpace(source)
}

// allBordered reports whether each row has a pipe at either end, without which a row
// of a single column is none.
func allBordered(rows []text.Segment, source []byte) bool {
	for _, r := range rows {
		if line := r.Value(source); !bytes.HasPrefix(line, []byte("|")) && !endsInPipe(line) {
			return false
		}
	}
	return true
}

// endsInPipe reports whether a row ends with a pipe that is not escaped.
func endsInPipe(line []byte) bool {
	before, found := bytes.CutSuffix(line, []byte("|"))
	return found && (len(before)-len(bytes.TrimRight(before, `\`)))%2 == 0
}

func alignment(mark string) table.Alignment {
	left, right := strings.HasPrefix(mark, ":"), strings.HasSuffix(mark, ":")
	switch {
	case left && right:
		return table.AlignCenter
	case left:
		return table.AlignLeft
	case right:
		return table.AlignRight
	}
	return table.AlignNone
}

// row makes a row with a cell for each column.
func row(texts []text.Segment, aligned []table.Alignment) *table.TableRow {
	made := table.NewTableRow(aligned)
	for i, align := range aligned {
		cell := table.NewTableCell()
		cell.Alignment = align
		if i < len(texts) {
			cell.Lines().Append(texts[i])
		}
		made.AppendChild(made, cell)
	}
	return made
}

// cells takes a row apart at the pipes that are neither escaped nor within code.
func cells(r text.Segment, source []byte, bordered bool) []text.Segment {
	start, end := r.Start, r.Stop
	if line := r.Value(source); bordered {
		if bytes.HasPrefix(line, []byte("|")) {
			start++
			line = line[1:]
		}
		if endsInPipe(line) {
			end--
		}
	}
	var out []text.Segment
	from := start
	for _, at := range pipes(source[start:end]) {
		out = append(out, trimmed(text.NewSegment(from, start+at), source))
		from = start + at + 1
	}
	return append(out, trimmed(text.NewSegment(from, end), source))
}

// ticks is a run of backticks, the first of which may be escaped; or the code between
// two of them.
type ticks struct {
	start, last int
	// opens is how many it has when it begins code, closes when it ends it.
	opens, closes int
}

// pipes finds those of a row that part cells. It reads the row from left to right:
// `\\` and `\|` are skipped, and a run of backticks is code up to the next run that
// is as long. An escaped backtick counts where a run ends code, not where it begins.
func pipes(line []byte) []int {
	var all []int
	var runs []ticks
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '|':
			all = append(all, i)
		case line[i] == '`', line[i] == '\\' && i+1 < len(line) && line[i+1] == '`':
			escape := 0
			if line[i] == '\\' {
				escape = 1
			}
			n := len(line[i+escape:]) - len(bytes.TrimLeft(line[i+escape:], "`"))
			last := i + escape + n - 1
			runs = append(runs, ticks{start: i, last: last, opens: n - escape, closes: n})
			i = last
		case line[i] == '\\' && i+1 < len(line) && (line[i+1] == '\\' || line[i+1] == '|'):
			i++
		}
	}
	return outside(all, code(runs))
}

// code pairs the runs of backticks, each with the next one behind it that is as long.
// What is known of later runs is looked up, so that many of them cost no square.
func code(runs []ticks) []ticks {
	later := map[int][]int{} // the runs that close so many, in order
	for i, r := range runs {
		later[r.closes] = append(later[r.closes], i)
	}
	var regions []ticks
	for i := 0; i < len(runs); {
		opens := runs[i].opens
		list := later[opens]
		for len(list) > 0 && list[0] <= i {
			list = list[1:]
		}
		later[opens] = list
		if opens == 0 || len(list) == 0 {
			i++
			continue
		}
		regions = append(regions, ticks{start: runs[i].start, last: runs[list[0]].last})
		i = list[0] + 1
	}
	return regions
}

// outside leaves out the pipes within code.
func outside(all []int, regions []ticks) []int {
	var out []int
	for _, at := range all {
		for len(regions) > 0 && regions[0].last < at {
			regions = regions[1:]
		}
		if len(regions) == 0 || at < regions[0].start {
			out = append(out, at)
		}
	}
	return out
}

// RegisterFuncs says how tables are written.
func (t tables) RegisterFuncs(to renderer.NodeRendererFuncRegisterer) {
	to.Register(table.KindTable, t.write)
	to.Register(table.KindTableHeader, t.write)
	to.Register(table.KindTableRow, t.write)
	to.Register(table.KindTableCell, t.write)
}

// write writes the beginning and the end of a part of a table.
func (tables) write(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	begin, end := "", ""
	switch n := n.(type) {
	case *table.Table:
		begin, end = "<table>\n", "</tbody>\n</table>\n"
	case *table.TableHeader:
		begin, end = "<thead>\n<tr>\n", "</tr>\n</thead>\n<tbody>\n"
	case *table.TableRow:
		begin, end = "<tr>\n", "</tr>\n"
	case *table.TableCell:
		tag := "td"
		if n.Parent().Kind() == table.KindTableHeader {
			tag = "th"
		}
		begin, end = "<"+tag+">", "</"+tag+">\n"
		if n.Alignment != table.AlignNone {
			begin = "<" + tag + ` style="text-align: ` + n.Alignment.String() + `;">`
		}
	}
	if !entering {
		begin = end
	}
	_, err := w.WriteString(begin)
	return ast.WalkContinue, err
}
