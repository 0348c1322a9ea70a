package document

import (
	"regexp"
	"sync"
)

// pattern is a regular expression that is compiled when it is first needed: every
// command has this package in it, and few look into files.
func pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
