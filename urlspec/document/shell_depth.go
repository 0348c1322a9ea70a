package document

import (
	"errors"
	"strings"
)

// The parser of shell code calls itself for each bracket, keyword and operator that
// stands within or behind another one; a million of them end the program, since Go
// bounds the stack. So code that may be nested too deep is not given to it, and none so
// long that it could be, whatever it is.
const (
	maxShellDepth = 5000
	maxShell      = 256 << 10 // bytes
)

// errTooDeep is for what is too long, or nested too deep, to be written by people.
var errTooDeep = errors.New("it is too long, or nested too deep")

// shellWords are the words that begin and end what stands inside of another command.
// Those with 0 go on with the next command.
var shellWords = map[string]int{"if": 1, "fi": -1, "while": 1, "until": 1, "for": 1, "select": 1, "done": -1,
	"case": 1, "esac": -1, "time": 0, "coproc": 0, "function": 0}

// isTooDeep says whether shell code may be nested deeper than its parser should go. It
// knows neither quotation marks nor comments, and is wrong where there are thousands of
// brackets in them.
func isTooDeep(code string) bool {
	if len(code) > maxShell {
		return true
	}
	open, going := 0, 0 // brackets and words; operators of a command that goes on
	last := byte(';')   // before this one, white space left out
	for i := 0; i < len(code); i++ {
		c := code[i]
		switch {
		case c == ' ' || c == '\t' || c == '\r':
			continue
		case c == '\n' || c == ';':
			if strings.IndexByte("([{)|&!-+~?=,*:<>\\", last) < 0 {
				going = 0
			}
			continue
		case strings.IndexByte("([{", c) >= 0:
			open++
		case c == ')' && last == '(': // a function, whose body follows
			open = max(0, open-1)
			going++
		case strings.IndexByte(")]}", c) >= 0:
			open = max(0, open-1)
		case strings.IndexByte("|&!-+~?=,*:<>`", c) >= 0:
			going++
		case isName(c) && (i == 0 || !isName(code[i-1])):
			start, end := i, i+1
			for end < len(code) && isName(code[end]) {
				end++
			}
			i = end - 1
			c = code[i]
			if step, found := shellWords[code[start:end]]; found && step != 0 {
				open = max(0, open+step)
			} else if found {
				going++
				c = '|' // the command goes on behind a line end
			}
		}
		if open+going > maxShellDepth {
			return true
		}
		last = c
	}
	return false
}
