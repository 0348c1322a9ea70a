package event

import "fmt"

// Count says how many there are of a thing, in words: "1 room", "3 rooms". The
// thing is named in the singular, and its plural ends in s.
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
