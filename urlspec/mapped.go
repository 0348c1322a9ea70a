package urlspec

import (
	"strings"
	"unicode/utf8"
)

// mapped is a stretch of the typed text after some of Apprise's rewriting,
// with the way back: every byte knows the offset it was typed at.
type mapped struct {
	s   string
	off int   // offset of s[0] as typed, while at is nil
	at  []int // offset of every byte of s, and of its end; nil when unchanged
}

// pos is the offset as typed of s[i]; i may be len(s).
func (m mapped) pos(i int) int {
	if m.at == nil {
		return m.off + i
	}
	return m.at[i]
}

func (m mapped) start() int { return m.pos(0) }
func (m mapped) end() int   { return m.pos(len(m.s)) }

func (m mapped) extent() extent { return extent{m.start(), m.end()} }

// within are the stretches of s, in its own bytes, that were typed within marks.
// Both lists are sorted.
func (m mapped) within(marks []extent) []extent {
	var out []extent
	i := 0
	for _, mark := range marks {
		for i < len(m.s) && m.pos(i) < mark.start {
			i++
		}
		from := i
		for i < len(m.s) && m.pos(i) < mark.end {
			i++
		}
		out = append(out, extent{from, i})
	}
	return out
}

func (m mapped) slice(i, j int) mapped {
	if m.at == nil {
		return mapped{s: m.s[i:j], off: m.off + i}
	}
	return mapped{s: m.s[i:j], at: m.at[i : j+1]}
}

// strip is Python's str.strip.
func (m mapped) strip() mapped {
	i := leadingSpace(m.s)
	return m.slice(i, i+len(stripRight(m.s[i:])))
}

// cut splits m at the first sep byte, which belongs to neither half.
func (m mapped) cut(sep byte) (before, after mapped, found bool) {
	i := strings.IndexByte(m.s, sep)
	if i < 0 {
		return m, m.slice(len(m.s), len(m.s)), false
	}
	return m.slice(0, i), m.slice(i+1, len(m.s)), true
}

// escapeHashes turns every "/#" into "/%23", which Apprise does before
// anything else so that /#room is not a fragment.
func (m mapped) escapeHashes() mapped {
	n := strings.Count(m.s, "/#")
	if n == 0 {
		return m
	}
	b := make([]byte, 0, len(m.s)+2*n)
	at := make([]int, 0, len(m.s)+2*n+1)
	for i := 0; i < len(m.s); i++ {
		if m.s[i] == '#' && i > 0 && m.s[i-1] == '/' {
			b = append(b, "%23"...)
			at = append(at, m.pos(i), m.pos(i), m.pos(i))
			continue
		}
		b = append(b, m.s[i])
		at = append(at, m.pos(i))
	}
	return mapped{s: string(b), at: append(at, m.end())}
}

// without removes every byte of set.
func (m mapped) without(set string) mapped {
	if !strings.ContainsAny(m.s, set) {
		return m
	}
	return m.keep(func(i int) bool { return strings.IndexByte(set, m.s[i]) < 0 })
}

// keep holds on to the bytes that f accepts.
func (m mapped) keep(f func(i int) bool) mapped {
	b := make([]byte, 0, len(m.s))
	at := make([]int, 0, len(m.s)+1)
	for i := range len(m.s) {
		if f(i) {
			b = append(b, m.s[i])
			at = append(at, m.pos(i))
		}
	}
	return mapped{s: string(b), at: append(at, m.end())}
}

// tidy is what Apprise's tidy_path does to a URL path. Its rules were made for
// Windows paths, so they show only where there is a backslash: a run of them
// after a character becomes one, and those at the end go. (Runs of slashes
// collapse too; nothing but the trimming can tell.)
func (m mapped) tidy() mapped {
	m = m.strip()
	if !strings.Contains(m.s, `\`) {
		return m
	}
	drop := make([]bool, len(m.s))
	for i := 1; i < len(m.s); {
		if m.s[i] == '/' && m.s[i-1] == '/' {
			drop[i] = true
		}
		run := i
		for run < len(m.s) && m.s[run] == '\\' {
			run++
		}
		if run == i {
			i++
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(m.s[:i])
		if !isSpace(before) {
			for k := i + 1; k < run; k++ {
				drop[k] = true
			}
		} else if run-i == 2 && strings.HasPrefix(m.s[run:], `]\`) {
			// The pattern's stray bracket: white space, two backslashes, "]".
			for run++; run < len(m.s) && m.s[run] == '\\'; run++ {
				drop[run] = true
			}
		}
		i = run
	}
	return m.keep(func(i int) bool { return !drop[i] }).trimBackslashes()
}

// trimBackslashes cuts trailing backslashes and white space after the last
// character that is no backslash and has no ":" before it, if that character
// is at least the third.
func (m mapped) trimBackslashes() mapped {
	for end := len(m.s); end > 0; {
		r, n := utf8.DecodeLastRuneInString(m.s[:end])
		before, width := utf8.DecodeLastRuneInString(m.s[:end-n])
		if r != '\\' && before != ':' && end-n-width > 0 {
			return m.slice(0, end)
		}
		if r != '\\' && !isSpace(r) {
			break
		}
		end -= n
	}
	return m
}
