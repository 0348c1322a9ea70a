package document

import (
	"strings"
	"unicode/utf8"
)

// language is how a programming language writes comments and strings, as far
// as URLs need it.
type language struct {
	line  []string    // begin a comment to the end of the line
	block [][2]string // begin and end one
	// quotes begin and end a string on one line, with escapes by backslash.
	quotes string
	// raw begin and end a string of any length, without escapes.
	raw string
	// long begin and end a string of any length, with escapes.
	long []string
	// doc says that a long string that nothing uses is a comment.
	doc bool
	// dollar is how "$" is read in a string.
	dollar dollar
	// printf says that "%s" may be a placeholder.
	printf bool
	// percent is unknownPercent where "%" begins a variable.
	percent percent
	// macros may stand between the strings of one, as in "a" B "c".
	macros bool
}

// The languages, by what they have in common.
var (
	cLanguage = language{line: []string{"//"}, block: [][2]string{{"/*", "*/"}}, quotes: "\"'", raw: "`", printf: true}
	cFamily   = language{line: cLanguage.line, block: cLanguage.block, quotes: "\"'", printf: true, macros: true}
	jvmLang   = language{line: cLanguage.line, block: cLanguage.block, quotes: "\"'", raw: "`", printf: true,
		long: []string{`"""`, "'''"}}
	pyLang   = language{line: []string{"#"}, quotes: "\"'", long: []string{`"""`, "'''"}, doc: true, printf: true}
	hashLang = language{line: []string{"#"}, quotes: "\"'", dollar: nameDollar, printf: true}
	phpLang  = language{line: []string{"//", "#"}, block: [][2]string{{"/*", "*/"}}, quotes: "\"'", dollar: nameDollar,
		printf: true}
	hclLang = language{line: []string{"#", "//"}, block: [][2]string{{"/*", "*/"}}, quotes: "\""}
	luaLang = language{block: [][2]string{{"--[[", "]]"}}, line: []string{"--"}, quotes: "\"'", printf: true}
	sqlLang = language{block: [][2]string{{"/*", "*/"}}, line: []string{"--"}, quotes: "\"'"}
	lispish = language{line: []string{";", "%%"}, quotes: "\"", printf: true}
	batch   = language{line: []string{"::", "REM ", "rem "}, quotes: "\"", percent: unknownPercent}
)

// languages are known by the end of a file's name.
var languages = map[string]*language{
	"py": &pyLang, "pyi": &pyLang, "star": &pyLang, "bzl": &pyLang,
	"go": &cLanguage, "js": &cLanguage, "mjs": &cLanguage, "cjs": &cLanguage, "ts": &cLanguage, "jsx": &cLanguage,
	"tsx": &cLanguage, "java": &jvmLang, "kt": &jvmLang, "kts": &jvmLang, "c": &cFamily, "h": &cFamily,
	"cc": &cFamily, "cpp": &cFamily, "hpp": &cFamily, "cs": &jvmLang, "rs": &cLanguage, "swift": &jvmLang,
	"scala": &jvmLang, "groovy": &jvmLang, "dart": &jvmLang, "jsonnet": &cLanguage, "json5": &cLanguage,
	"jsonc": &cLanguage, "vue": &cLanguage, "gradle": &jvmLang, "proto": &cLanguage, "jenkinsfile": &jvmLang,
	"php": &phpLang, "rb": &hashLang, "pl": &hashLang, "pm": &hashLang, "r": &hashLang, "jl": &hashLang,
	"ex": &hashLang, "exs": &hashLang, "nix": &hashLang, "tcl": &hashLang, "fish": &hashLang, "ps1": &hashLang,
	"psm1": &hashLang, "cmake": &hashLang, "justfile": &hashLang,
	"tf": &hclLang, "tfvars": &hclLang, "hcl": &hclLang, "nomad": &hclLang,
	"lua": &luaLang, "hs": &luaLang, "elm": &luaLang, "sql": &sqlLang, "erl": &lispish, "el": &lispish,
	"clj": &lispish, "bat": &batch, "cmd": &batch,
}

// readSource reads the strings and the comments of a program.
func (d *Document) readSource(lang *language) {
	r := &sourceReader{Document: d, language: lang}
	for r.at < len(d.root.text) {
		r.step()
	}
	r.code(len(d.root.text))
}

// sourceReader walks once over a program.
type sourceReader struct {
	*Document
	*language
	at   int
	from int // of what is neither comment nor string
	// open are the quotation marks that open strings without an end on their line, and
	// where that line ends.
	open map[byte]int
}

// code notes what stood between strings and comments.
func (r *sourceReader) code(to int) {
	if from := r.from; from < to {
		text := r.root.text[from:to]
		r.add("code", text, leaf{role: prose, dollar: r.dollar, printf: r.printf}, func() *view {
			return r.percents(r.root.slice(from, to), r.percent)
		})
	}
	r.from = to
}

func (r *sourceReader) step() {
	s := r.root.text[r.at:]
	for _, block := range r.block {
		if strings.HasPrefix(s, block[0]) {
			n := len(s)
			if i := strings.Index(s[len(block[0]):], block[1]); i >= 0 {
				n = len(block[0]) + i + len(block[1])
			}
			r.note(n)
			return
		}
	}
	for _, mark := range r.line {
		if strings.HasPrefix(s, mark) && r.beginsComment(mark) {
			n := len(s)
			if i := strings.IndexByte(s, '\n'); i >= 0 {
				n = i
			}
			r.note(n)
			return
		}
	}
	for _, mark := range r.long {
		if strings.HasPrefix(s, mark) {
			r.longString(mark)
			return
		}
	}
	switch {
	case strings.IndexByte(r.raw, s[0]) >= 0:
		if i := strings.IndexByte(s[1:], s[0]); i >= 0 {
			r.string(r.at+1, r.at+1+i, 1, false)
			return
		}
	case strings.IndexByte(r.quotes, s[0]) >= 0 && !r.isApostrophe():
		if n := r.stringLength(s); n > 0 {
			r.string(r.at+1, r.at+n-1, 1, !r.isRaw())
			return
		}
	}
	r.at++
}

// beginsComment says whether the mark is no part of a word: "#" inside of one,
// "//" of a URL.
func (r *sourceReader) beginsComment(mark string) bool {
	if r.at == 0 {
		return true
	}
	before := r.root.text[r.at-1]
	if mark == "//" {
		return before != ':'
	}
	return strings.IndexByte(" \t\n;{}()", before) >= 0
}

// isApostrophe says whether a quote stands in a word.
func (r *sourceReader) isApostrophe() bool {
	s := r.root.text
	return s[r.at] == '\'' && r.at > 0 && isName(s[r.at-1]) && r.prefix() == ""
}

// prefix are the letters before a quote that belong to the string, as in
// Python's f'…'.
func (r *sourceReader) prefix() string {
	from := r.at
	for from > 0 && r.at-from < 3 && isName(r.root.text[from-1]) {
		from--
	}
	p := strings.ToLower(r.root.text[from:r.at])
	if p == "" || len(p) > 2 || strings.Trim(p, "rbfu") != "" {
		return ""
	}
	return p
}

func (r *sourceReader) isRaw() bool { return strings.Contains(r.prefix(), "r") }

// note notes a comment.
func (r *sourceReader) note(n int) {
	r.code(r.at)
	r.comment(r.at, r.at+n)
	r.at += n
	r.from = r.at
}

// stringLength is the length of a string on one line; 0 when it has no end. A mark
// that is reached later on such a line was read as an escaped one, so what comes
// behind it is read as it was then, and has no end either.
func (r *sourceReader) stringLength(s string) int {
	if r.at < r.open[s[0]] {
		return 0
	}
	i := 1
	for ; i < len(s) && s[i] != '\n'; i++ {
		switch s[i] {
		case '\\':
			i++
		case s[0]:
			return i + 1
		}
	}
	if r.open == nil {
		r.open = map[byte]int{}
	}
	r.open[s[0]] = r.at + i
	return 0
}

// longString notes a string over lines. One that begins a statement is a
// comment, as Python has it.
func (r *sourceReader) longString(mark string) {
	s := r.root.text
	from := r.at + len(mark)
	end, next := len(s), len(s)
	for i := from; i < len(s); i++ {
		if s[i] == '\\' {
			i++
		} else if strings.HasPrefix(s[i:], mark) {
			end, next = i, i+len(mark)
			break
		}
	}
	if r.doc && r.beginsStatement() {
		r.note(next - r.at)
		return
	}
	r.string(from, end, len(mark), !r.isRaw())
	r.at, r.from = next, next
}

// beginsStatement says whether nothing stands before a string on its line but the
// letters that belong to it.
func (r *sourceReader) beginsStatement() bool {
	at := r.at
	for at > 0 && strings.IndexByte(" \trRuUbBfF", r.root.text[at-1]) >= 0 {
		at--
	}
	return at == 0 || r.root.text[at-1] == '\n'
}

// string notes a string and goes behind it.
func (r *sourceReader) string(from, to, quote int, escapes bool) {
	quoteMark := r.root.text[from-1]
	r.code(from)
	b := &builder{below: r.root}
	encode := without(string(rune(quoteMark)) + "\\")
	if escapes {
		decodeEscapes(b, from, to, sourceEscape)
	} else {
		b.copy(from, to)
	}
	v := b.view(encode)
	printf := r.printf && usesPrintf(r.root.text, to+quote, v.text)
	after := r.root.text[min(to+quote, len(r.root.text)):]
	l := leaf{role: value, names: r.nameBefore(from - quote), dollar: r.dollar, printf: printf,
		unfinished: goesOn(after) || r.macros && macro().MatchString(after)}
	if hasXMPP(v.text) {
		if r.isShellCode(from - quote) {
			l.inner = Shell
		}
		operator := isPercentOperator(r.root.text, to+quote) && r.doc // of Python, which is sure to read %%
		l.format = !operator && r.mayBeFormat(from-quote, to+quote, v.text)
	}
	r.add("string", v.text, l, func() *view {
		if printf {
			return undouble(v, '%', func(s string) int { return percentHole(s, true) })
		}
		return r.percents(v, r.percent)
	})
	r.at = min(to+quote, len(r.root.text))
	r.from = r.at
}

// usesPrintf says whether a string is a format: "%" stands behind it, or it has
// a verb in it.
func usesPrintf(s string, at int, text string) bool {
	if isPercentOperator(s, at) {
		return true
	}
	for i := 0; i+1 < len(text); i++ {
		if text[i] == '%' && percentHole(text[i:], true) > 0 {
			return true
		}
	}
	return false
}

// stringPrefix begins a string of Python with letters before it.
var stringPrefix = pattern(`^(?i:[rbfut]{1,2})["']`)

// goesOn says whether a string is put together with what follows it.
func goesOn(s string) bool {
	s = strings.TrimLeft(s[:min(len(s), maxHole)], " \t\r\n\\")
	switch {
	case s == "":
		return false
	case strings.IndexByte("+\"'`&~", s[0]) >= 0, strings.HasPrefix(s, "..") || strings.HasPrefix(s, "||"),
		strings.HasPrefix(s, "<>"):
		return true
	}
	if stringPrefix().MatchString(s) {
		return true
	}
	return s[0] == '.' && len(s) > 1 && strings.IndexByte(" $\"'", s[1]) >= 0
}

// macro is a name between two strings, as C has it.
var macro = pattern(`^\s*[A-Za-z_]\w*\s*"`)

// nameBefore is the name that a string is given to, as in name = "…".
func (r *sourceReader) nameBefore(at int) []string {
	s := strings.TrimRight(r.root.text[max(0, at-64):at], " \t\"'(:=rfbRFB")
	from := len(s)
	for from > 0 && isName(s[from-1]) {
		from--
	}
	return []string{s[from:]}
}

// decodeEscapes decodes text in which a backslash begins an escape, of which
// escape reads one; it is not ok for one that it does not know.
func decodeEscapes(b *builder, at, to int, escape func(b *builder, at, to int) (next int, ok bool)) bool {
	s := b.below.text
	for at < to {
		if s[at] != '\\' || at+1 >= to {
			_, size := utf8.DecodeRuneInString(s[at:to])
			b.copy(at, at+size)
			at += size
			continue
		}
		next, ok := escape(b, at, to)
		if !ok {
			return false
		}
		at = next
	}
	return true
}

// sourceEscape decodes the escapes that most languages share. Any other is
// left as it is.
func sourceEscape(b *builder, at, _ int) (next int, ok bool) {
	s := b.below.text
	switch c := s[at+1]; {
	case c == '\'' || c == '$' || c == '`':
		b.put(s[at+1:at+2], at, at+2)
		return at + 2, true
	case strings.IndexByte("\"\\/ntrabfvx0uU\n", c) >= 0:
		if next, ok := yamlEscape(b, at); ok {
			return next, true
		}
	}
	b.copy(at, at+2)
	return at + 2, true
}
