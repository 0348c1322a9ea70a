package document

import (
	"strings"
)

// formatName is in the names of the functions and variables that take or are
// a format of printf, strftime or their like.
var formatName = pattern(`(?i)printf|strftime|format|fmt|log|warn|err|fatal|panic|debug|info|trace|` +
	`die|raise|exception|assert|message|date|[a-z]f$`)

// formatBefore is a call without brackets, as awk, Perl and shells have it.
var formatBefore = pattern(`(?i)\b\w*(?:printf|strftime)\b`)

// mayBeFormat says whether a string may be a format: a function of formats
// gets it, "%" stands behind it, or in it is a "%" that is no escape of a URL.
func (r *sourceReader) mayBeFormat(from, to int, text string) bool {
	s := r.root.text
	if isPercentOperator(s, to) || hasOtherPercent(text) {
		return true
	}
	before := s[max(0, from-maxHole):from]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	if formatBefore().MatchString(line) {
		return true
	}
	for _, name := range append(r.nameBefore(from), callBefore(before)) {
		switch strings.ToLower(name) {
		case "print", "println", "puts", "log", "info", "if", "elif":
		default:
			if formatName().MatchString(name) {
				return true
			}
		}
	}
	return false
}

// isPercentOperator says whether "%" stands behind a string, as Python's
// formats have it.
func isPercentOperator(s string, at int) bool {
	s = strings.TrimLeft(s[min(at, len(s)):min(at+maxHole, len(s))], " \t\r\n)")
	return strings.HasPrefix(s, "%") && !strings.HasPrefix(s, "%>")
}

// callBefore is the name of the function whose brackets are open at the end of
// a text.
func callBefore(s string) string {
	depth := 0
	for i := len(s) - 1; i >= 0; i-- {
		switch s[i] {
		case ')':
			depth++
		case ';', '{', '}':
			return ""
		case '(':
			if depth--; depth >= 0 {
				continue
			}
			end := len(strings.TrimRight(s[:i], " \t!"))
			from := end
			for from > 0 && isName(s[from-1]) {
				from--
			}
			return s[from:end]
		}
	}
	return ""
}

// shellCall is a function whose string a shell runs: os.system of Python,
// sh of Jenkins, and their like.
var shellCall = pattern(`(?:^|[^\w.])(?:os\.system|os\.popen|system|popen|shell_exec|passthru|execSync|` +
	`subprocess\.getoutput|sh|(?:sh|bat)\s+script:)[ \t]*\(?[ \t]*[frb@]?$`)

// localExec is the command of Terraform's provisioner.
var localExec = pattern(`"local-exec"\s*\{[^{}]*\bcommand\s*=\s*$`)

// isShellCode says whether a shell runs a string that begins at an offset.
func (r *sourceReader) isShellCode(from int) bool {
	before := r.root.text[max(0, from-maxHole):from]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	return shellCall().MatchString(line) || localExec().MatchString(before)
}

// isFormat says whether a URL stands in what may be a format.
func (u *url) isFormat() bool {
	before := u.view.text[max(0, u.start-maxHole):u.start]
	return u.leaf.format || u.leaf.isFormatArgument() || formatBefore().MatchString(before)
}

// isFormatArgument says whether a word of a command is the format of printf,
// date and their like.
func (a argument) isFormatArgument() bool {
	if a.command == nil || a.index == 0 || a.index >= len(a.args) {
		return false
	}
	switch before := a.args[a.index-1]; before {
	case "-printf", "--printf", "-fprintf", "-w", "--write-out", "-c", "--format", "-f":
		return true
	}
	for i, arg := range a.args[:min(a.index, maxWords)] {
		switch arg[strings.LastIndexByte(arg, '/')+1:] {
		case "printf":
			format := i + 1
			if format < len(a.args) && a.args[format] == "-v" {
				format += 2
			}
			if format < len(a.args) && a.args[format] == "--" {
				format++
			}
			return a.index == format
		case "date", "strftime", "stat":
			return true
		}
	}
	return strings.HasPrefix(a.args[a.index], "--format=") || strings.HasPrefix(a.args[a.index], "--printf=") ||
		strings.HasPrefix(a.args[a.index], "--pretty=")
}
