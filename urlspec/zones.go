package urlspec

import (
	_ "embed"
	"slices"
	"strings"
)

// zoneNames is every name of the IANA time zone database, one a line, sorted.
//
//go:embed zones.txt
var zoneNames string

// zone is the time zone that Apprise makes of tz=: "UTC" for the names of UTC
// it knows by heart, else a zone of exactly that name, else one that has that
// name in another case, with or without its first part.
func zone(v string) (string, bool) {
	folded := lower(v)
	switch {
	case v == "":
		return "", false
	case slices.Contains(namesOfUTC, folded):
		return "UTC", true
	}
	partial := ""
	for name := range strings.Lines(zoneNames) {
		name = strings.TrimSuffix(name, "\n")
		if name == v {
			return name, true
		}
		if partial == "" {
			low := strings.ToLower(name)
			_, place, _ := strings.Cut(low, "/")
			if low == folded || place == folded {
				partial = name
			}
		}
	}
	return partial, partial != ""
}

// namesOfUTC are the names of UTC that Apprise knows by heart, in lower case.
var namesOfUTC = []string{"utc", "z", "gmt", "etc/utc", "etc/gmt", "gmt0", "utc0"}
