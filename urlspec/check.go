package urlspec

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// checker looks for places where Apprise's reading is likely to surprise. The
// checks themselves are in the check_*.go files, one per part of the URL.
type checker struct {
	*resolved
	text  string
	marks []extent // the secrets
	out   []Problem
	// explained are stretches with a problem that says it all.
	explained []extent
	// raised counts the problems by code.
	raised map[string]int
}

// check runs every check. The problems come sorted, with the fixes that the
// checks propose. Where user and password hold what Apprise takes for a
// delimiter, the other parts are checked as they were meant.
func (r *resolved) check(text string, marks []extent) []Problem {
	c := &checker{resolved: r, text: text, marks: marks}
	var edits []edit
	if !c.faults.has(notURL|otherScheme) && !c.schemeTwice() && c.secondURL() < 0 {
		edits = c.checkCredentials()
	}
	if len(edits) > 0 {
		c.checkBehind(edits)
		c.checkRefusal()
	} else {
		c.checkParts()
	}
	slices.SortStableFunc(c.out, func(a, b Problem) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.Severity.rank() - b.Severity.rank()
	})
	return c.out
}

// checkParts runs the checks of what Apprise reads.
func (c *checker) checkParts() {
	if c.faults.has(notURL) || c.secondURL() < 0 {
		c.checkCharacters()
	}
	switch {
	case c.faults.has(notURL):
		c.checkNoURL()
	case !c.checkScheme(), c.checkSecondURL():
	default:
		c.checkShape()
		c.checkUser()
		c.checkHost()
		c.checkPort()
		c.checkEncryption()
		c.checkMisplaced()
		c.checkTargets()
		c.checkParams()
		c.checkRefusal()
	}
}

// refusals names the code of each reason for refusing a URL, for checkRefusal.
var refusals = [...]struct {
	fault fault
	code  string
}{
	{brokenLine, "line-break"},
	{emptyQuery, "trailing-question-mark"},
	{badUser, "user-invalid"},
	{badBrackets | hiddenSlash | badHost, "host-invalid"},
	{badPort, "port-invalid"},
	{badMode, "mode-invalid"},
	{badZone, "tz-invalid"},
}

// checkRefusal makes sure that no URL is refused without a word. The checks
// before it say more, but leave out what may belong to a password.
func (c *checker) checkRefusal() {
	if c.accepted() || c.refusalNamed() {
		return
	}
	for _, r := range refusals {
		if c.faults.has(r.fault) {
			c.addPart(r.code, c.netloc, "Apprise refuses the URL for this.", nil)
			return
		}
	}
}

// rank orders severities, worst first.
func (s Severity) rank() int {
	switch s {
	case Error:
		return 0
	case Warning:
		return 1
	}
	return 2
}

// maxPerCode bounds how often one code is raised, for texts of any length.
const maxPerCode = 100

// add notes a problem; its severity is the code's.
func (c *checker) add(code string, start, end int, message string, fix *Fix) {
	info, _ := Explain(code)
	for _, stand := range [...]string{hiddenPart, hiddenValue, hiddenTarget, emptyValue} {
		if strings.HasPrefix(message, stand) { // a quotation would begin the sentence
			message = string(message[0]-'a'+'A') + message[1:]
		}
	}
	if c.raised == nil {
		c.raised = make(map[string]int, 8)
	}
	if c.raised[code]++; c.raised[code] > maxPerCode {
		return
	}
	c.out = append(c.out, Problem{Code: code, Severity: info.Severity, Start: start, End: end, Message: message, Fix: fix})
}

// offer notes a problem with any number of fixes, the likeliest first.
func (c *checker) offer(code string, at extent, message string, fixes ...Fix) {
	n := len(c.out)
	c.add(code, at.start, at.end, message, nil)
	if len(c.out) > n {
		for _, f := range fixes {
			c.out[n].offer(f)
		}
	}
}

// offered is a fix that is for a person to decide on.
func offered(f *Fix) *Fix {
	f.Kind = FixOffered
	return f
}

// full says whether further problems of a code would be left out, so that the
// loops over long texts need not word them.
func (c *checker) full(code string) bool { return c.raised[code] >= maxPerCode }

// refusalNamed says whether an error was raised already.
func (c *checker) refusalNamed() bool {
	return slices.ContainsFunc(c.out, func(p Problem) bool { return p.Severity == Error })
}

func (c *checker) addPart(code string, m mapped, message string, fix *Fix) {
	c.add(code, m.start(), m.end(), message, fix)
}

// replace is a fix that puts text in the place of a stretch.
func replace(label string, start, end int, text string) *Fix {
	return &Fix{Label: label, Start: start, End: end, Text: text}
}

// hidden says whether a stretch may hold a password, or a part of one. What is
// hidden is never quoted in a message or a fix.
func (c *checker) hidden(start, end int) bool { return covers(c.marks, start, end) }

// What stands in a message for what is not quoted.
const (
	hiddenPart   = "the hidden part"
	hiddenValue  = "the hidden value"
	hiddenTarget = "this target"
	emptyValue   = "an empty value"
)

// quoted shows a stretch of the text in a message: shortened, in quotes, with
// unsafe characters visible, and other words where a password may be.
func (c *checker) quoted(start, end int) string {
	if c.hidden(start, end) {
		return hiddenPart
	}
	return show(c.text[start:end])
}

func (c *checker) quotedPart(m mapped) string { return c.quoted(m.start(), m.end()) }

// maxShown is how many characters of a part a message quotes.
const maxShown = 48

// show quotes a text for a message.
func show(s string) string {
	if utf8.RuneCountInString(s) > maxShown {
		n := 0
		for i := range s {
			if n == maxShown {
				s = s[:i] + "…"
				break
			}
			n++
		}
	}
	q := strconv.Quote(s) // unlike QuoteToGraphic it shows what kind of blank it is
	return "“" + plainMarks.Replace(q[1:len(q)-1]) + "”"
}

// plainMarks takes back the escapes of backslashes and quotation marks, which
// are common in names and safe to show.
var plainMarks = strings.NewReplacer(`\\`, `\`, `\"`, `"`)
