package message

import (
	"bytes"
	"context"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Markdown that nobody writes by hand can cost a converter the square of its length:
// each "](" that is no link is looked for to the end of the paragraph, each ">" of
// 200,000 opens a quotation within the one before. So the parts of goldmark that can
// be made to do so share an amount of work that grows as the text does. When it is
// used up, what looks like markup is text.

// Work is counted in bytes that are looked at. What people write stays far below.
const (
	workPerByte = 256
	leastWork   = 16 << 20
	// maxNesting is how deep quotations and lists may stand in one another.
	maxNesting = 50
	// markupLimit is how much Markdown is made HTML of: each line and mark is an object
	// while it is read, and a table of two columns takes 300 times its length.
	markupLimit = 1 << 20
	// maxBrackets is how many "[" may wait for their "]" in one text. Each takes 280
	// bytes until the end.
	maxBrackets = 20_000
	// referenceLimit is how long the label of a reference may be (CommonMark 6.3).
	referenceLimit = 999
	// delimiterWork is what a mark of emphasis costs for each one before it in its
	// block.
	delimiterWork = 2
	// labelWork is what a label costs for each line of its block.
	labelWork = 4
)

// work is what is left to do for one conversion.
type work struct {
	ctx  context.Context
	left int
	// block is the one that is read, marks the emphasis in it so far.
	block ast.Node
	marks int
	// brackets counts the "[" without a "]" so far, in the whole text.
	brackets int
}

// workKey finds the work of a conversion in its parser.Context.
var workKey = parser.NewContextKey()

func newWork(ctx context.Context, size int) parser.Context {
	pc := parser.NewContext()
	pc.Set(workKey, &work{ctx: ctx, left: leastWork + workPerByte*size})
	return pc
}

func workOf(pc parser.Context) *work { return pc.Get(workKey).(*work) }

// over reports whether no more is to be done: enough was, or nobody waits for it.
func (w *work) over() bool { return w.left < 0 || w.ctx.Err() != nil }

// limitedInline is a part of the inline parser with limited work.
type limitedInline struct{ parser.InlineParser }

func (l limitedInline) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	w := workOf(pc)
	if w.over() {
		return nil
	}
	line, start := block.PeekLine()
	mark, next := line[0], byte(0)
	if len(line) > 1 {
		next = line[1]
	}
	opens := mark == '[' || mark == '!' && next == '['
	if opens && w.brackets == maxBrackets {
		return nil
	}
	node := l.InlineParser.Parse(parent, block, pc)
	if opens {
		w.brackets++
	}
	if mark == ']' { // its label is put together out of all lines
		w.left -= labelWork * linesOf(parent).Len()
		w.brackets = max(0, w.brackets-1)
	}
	switch {
	case mark == '*' || mark == '_':
		if parent != w.block {
			w.block, w.marks = parent, 0
		}
		w.marks++
		w.left -= delimiterWork * w.marks
	case node != nil: // it was read as far as it goes
		_, end := block.Position()
		w.left -= max(1, end.Start-start.Start)
		w.expand(node)
	case mark == ']' && next != '(':
		w.left -= referenceLimit
	case mark == '<' && !strings.ContainsRune("/!?", rune(next)) && !isASCIILetter(next): // seen at once
		w.left--
	default: // it was looked for to the end
		w.left--
		if lines := linesOf(parent); lines.Len() > 0 {
			w.left -= max(0, lines.At(lines.Len()-1).Stop-start.Start)
		}
	}
	return node
}

// CloseBlock is for those parts that want to know the end of a block.
func (l limitedInline) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	if closer, ok := l.InlineParser.(parser.CloseBlocker); ok {
		closer.CloseBlock(parent, block, pc)
	}
}

// expand counts what a reference brings from elsewhere. One definition, used a
// thousand times, would make a long text of a short one.
func (w *work) expand(node ast.Node) {
	var link *ast.Link
	switch n := node.(type) {
	case *ast.Link:
		link = n
	case *ast.Image:
		link = &ast.Link{}
		link.Destination, link.Title = n.Destination, n.Title
		defer func() { n.Destination, n.Title = link.Destination, link.Title }()
	default:
		return
	}
	if w.left -= workPerByte * (len(link.Destination) + len(link.Title)) / 8; w.left < 0 {
		link.Destination, link.Title = nil, nil
	}
}

// linesOf are the lines of the block that an inline node stands in.
func linesOf(node ast.Node) *text.Segments {
	for node.Type() == ast.TypeInline {
		node = node.Parent()
	}
	return node.Lines()
}

// limitedBlock is a part of the block parser that nests only so deep.
type limitedBlock struct{ parser.BlockParser }

func (l limitedBlock) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	depth := 0
	for n := parent; n != nil; n = n.Parent() {
		depth++
	}
	if depth > maxNesting || workOf(pc).over() {
		return nil, parser.NoChildren
	}
	return l.BlockParser.Open(parent, reader, pc)
}

// limitedReferences reads the definitions of references, which a paragraph may begin
// with. Each costs as much as there are lines behind it.
type limitedReferences struct{ parser.ParagraphTransformer }

func (l limitedReferences) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	w, lines := workOf(pc), node.Lines()
	if lines.Len() == 0 {
		return
	}
	first := lines.At(0)
	if !bytes.HasPrefix(bytes.TrimLeft(first.Value(reader.Source()), " "), []byte("[")) {
		return // as nearly always
	}
	if w.left -= lines.Len() * lines.Len(); w.over() {
		return
	}
	l.ParagraphTransformer.Transform(node, reader, pc)
}

// goldmark's priorities of the blocks that nest.
const (
	listPriority  = 300
	quotePriority = 800
)

// newLimitedParser makes a parser of goldmark's own parts with limited work, and of
// tables.
func newLimitedParser() parser.Parser {
	inlines := parser.DefaultInlineParsers()
	for i, part := range inlines {
		inlines[i].Value = limitedInline{part.Value.(parser.InlineParser)}
	}
	blocks := parser.DefaultBlockParsers()
	for i, part := range blocks {
		if part.Priority == listPriority || part.Priority == quotePriority {
			blocks[i].Value = limitedBlock{part.Value.(parser.BlockParser)}
		}
	}
	const first, second = 100, 200 // a paragraph may begin with references
	return parser.NewParser(parser.WithInlineParsers(inlines...), parser.WithBlockParsers(blocks...),
		parser.WithParagraphTransformers(
			util.Prioritized(limitedReferences{parser.LinkReferenceParagraphTransformer}, first),
			util.Prioritized(tables{}, second)))
}
