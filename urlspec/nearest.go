package urlspec

import (
	"slices"
	"strings"
)

// nearest is the known parameter that an unknown name was probably meant for,
// or "".
func nearest(name string) string {
	name = strings.ReplaceAll(lower(name), "-", "_")
	if len(name) > 24 {
		return ""
	}
	for _, p := range shown {
		if slices.Contains(p.also, name) {
			return p.Name
		}
	}
	best, least := "", 1+len(name)/4
	for _, p := range shown {
		d := editDistance(name, p.Name)
		if len(name) >= 3 && strings.HasPrefix(p.Name, name) {
			d = 1
		}
		if d <= least && (best == "" || d < least) {
			best, least = p.Name, d
		}
	}
	return best
}
