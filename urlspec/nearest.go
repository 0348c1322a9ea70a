package urlspec

import (
	"slices"
	"strings"
)

// nearest are the known parameters that an unknown name was probably meant for.
// sure is true for a slip of the finger; another program's name for a thing is
// not sure to mean the same.
func nearest(name string) (near []string, sure bool) {
	plain := strings.ReplaceAll(lower(name), "-", "_")
	if len(plain) > 24 {
		return nil, false
	}
	for _, p := range shown {
		if slices.Contains(p.also, plain) {
			return []string{p.Name}, strings.ReplaceAll(plain, "_", "") == p.Name
		}
	}
	least := 1 + len(plain)/4
	for _, p := range shown {
		d := editDistance(plain, p.Name)
		if len(plain) >= 3 && strings.HasPrefix(p.Name, plain) {
			d = 1
		}
		switch {
		case d < least || d == least && near == nil:
			near, least = []string{p.Name}, d
		case d == least:
			near = append(near, p.Name)
		}
	}
	if len(near) > 2 {
		return nil, false // a word like any other
	}
	return near, len(near) == 1
}

// editDistance is the number of letters to add, drop or change (Levenshtein).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
