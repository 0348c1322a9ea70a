package plain

import (
	"strings"

	"xmppscope/model/fact"
	"xmppscope/model/finding"
	"xmppscope/urlspec"
	"xmppscope/urlspec/document"
	"xmppscope/xmppcore/wire"
)

// entry is what `explain CODE` says of a code: the line of explain --json.
// Wrong and Right are examples out of our own table. Their passwords are made
// up and are shown, for often they are where the difference is.
type entry struct {
	V    int           `json:"v"`
	Type fact.LineType `json:"type"`
	Code string        `json:"code"`
	// Kind says whether the code is a problem of a URL or a finding of a run.
	Kind        string           `json:"kind"`
	Severity    urlspec.Severity `json:"severity"`
	Help        string           `json:"help"`
	Explanation string           `json:"explanation,omitempty"`
	// Fix says what is done with the fixes of a problem: safe ones are made
	// without asking, others offered.
	Fix   urlspec.FixKind `json:"fix,omitempty"`
	Wrong string          `json:"wrong,omitempty"`
	Right string          `json:"right,omitempty"`
	// Edit is the change of the URL that fixes a finding, Cost what it gives
	// up.
	Edit  string `json:"edit,omitempty"`
	Cost  string `json:"cost,omitempty"`
	Admin string `json:"admin,omitempty"`
}

// lookUp gives what is known of a code. Some codes are both a problem of a URL
// and a finding of a run.
func lookUp(code string) []entry {
	var entries []entry
	if info, known := document.Explain(code); known {
		entries = append(entries, entry{V: 1, Type: fact.LineCode, Code: info.Code, Kind: "problem",
			Severity: info.Severity, Help: info.Help, Explanation: info.Explanation, Fix: info.Fix, Wrong: info.Wrong,
			Right: info.Right})
	}
	for _, info := range finding.Codes() {
		if info.Code == code {
			entries = append(entries, entry{V: 1, Type: fact.LineCode, Code: info.Code, Kind: "finding",
				Severity: info.Severity, Help: info.Help, Explanation: info.Explanation, Edit: info.Edit,
				Cost: info.Cost, Admin: info.Admin})
		}
	}
	return entries
}

// codesOnly says whether there are arguments, and each of them is a code.
func codesOnly(args []string) bool {
	for _, arg := range args {
		// The texts of all codes are more than a URL takes that is only read.
		if strings.Trim(arg, codeLetters) != "" || len(lookUp(arg)) == 0 {
			return false
		}
	}
	return len(args) > 0
}

// codeLetters are those that codes are written in.
const codeLetters = "abcdefghijklmnopqrstuvwxyz0123456789-"

// explainCodes prints the longer text of codes.
func (s *Shell) explainCodes(codes []string, asJSON bool) error {
	first := true
	for _, code := range codes {
		for _, e := range lookUp(code) {
			if asJSON {
				if err := s.printJSON(e); err != nil {
					return err
				}
				continue
			}
			if !first {
				s.print("")
			}
			first = false
			s.printAll(entryLines(e, s.Look))
		}
	}
	return nil
}

func entryLines(e entry, look Look) []string {
	head := look.paint(strong, e.Code) + ": " + look.paint(severityRole(e.Severity), string(e.Severity)) +
		", a " + e.Kind + ": " + wire.Safe(e.Help)
	lines := look.wrapped(head, "", "  ")
	edit := e.Edit
	if e.Cost != "" {
		edit += ". " + e.Cost
	}
	for _, part := range []struct{ label, text string }{
		{"", e.Explanation}, {"in the URL: ", edit}, {"for the server's operator: ", e.Admin},
	} {
		if part.text != "" {
			lines = append(lines, look.wrapped(part.label+wire.Safe(part.text), "  ", "  ")...)
		}
	}
	switch e.Fix {
	case urlspec.FixSafe:
		lines = append(lines, "  fix: safe, --fix makes it")
	case urlspec.FixOffered:
		lines = append(lines, "  fix: offered, for you to decide")
	}
	if e.Wrong != "" {
		lines = append(lines, "  wrong: "+wire.Safe(e.Wrong))
	}
	if e.Right != "" {
		lines = append(lines, "  right: "+wire.Safe(e.Right))
	}
	return lines
}
