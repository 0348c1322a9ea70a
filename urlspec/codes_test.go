package urlspec

import "testing"

func codesOf(s Spec) map[string]int { return countCodes(s.Problems) }

func TestEveryCodesExamples(t *testing.T) {
	for _, info := range Codes() {
		wrong, right := Parse(info.Wrong), Parse(info.Right)
		if codesOf(wrong)[info.Code] == 0 {
			t.Errorf("%s: the wrong example %q raises %v", info.Code, info.Wrong, codesOf(wrong))
		}
		if codesOf(right)[info.Code] != 0 {
			t.Errorf("%s: the right example %q raises it", info.Code, info.Right)
		}
		if !right.Reading.Accepted {
			t.Errorf("%s: Apprise refuses the right example %q", info.Code, info.Right)
		}
	}
}

// A refused URL must say why, and an accepted one must not claim to be
// refused.
func TestRefusalHasAReason(t *testing.T) {
	for _, row := range oracleRows(t) {
		s := Parse(row.URL)
		errors := 0
		for _, p := range s.Problems {
			if p.Severity == Error {
				errors++
			}
		}
		if !s.Reading.Accepted && errors == 0 {
			t.Errorf("%q is refused without a reason: %v", row.URL, s.Problems)
		}
	}
}
