package urlspec

// SafeFixes are the problems whose fix may be applied without asking.
func (s Spec) SafeFixes() []Problem {
	var out []Problem
	for _, p := range s.Problems {
		if p.Fix != nil && p.Fix.Kind == FixSafe {
			out = append(out, p)
		}
	}
	return out
}

// maxFixes bounds FixAll on a text with any number of faults.
const maxFixes = 100

// FixAll applies every safe fix, one after the other, and returns what it
// applied in that order. The offsets of each are those of the text at its turn.
func FixAll(text string) (fixed string, applied []Problem) {
	seen := map[string]bool{text: true}
	for range maxFixes {
		next, p, ok := fixOne(text, seen)
		if !ok {
			break
		}
		seen[next] = true
		text, applied = next, append(applied, p)
	}
	return text, applied
}

// fixOne applies the first safe fix that leads to a text not seen before, so
// that two fixes cannot undo each other for ever.
func fixOne(text string, seen map[string]bool) (string, Problem, bool) {
	for _, p := range Parse(text).SafeFixes() {
		if next := p.Fix.Apply(text); !seen[next] {
			return next, p, true
		}
	}
	return "", Problem{}, false
}
