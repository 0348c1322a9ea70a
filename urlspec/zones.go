package urlspec

import (
	_ "embed"
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
	switch folded {
	case "":
		return "", false
	case "utc", "z", "gmt", "etc/utc", "etc/gmt", "gmt0", "utc0":
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

// zoneInURL says whether Apprise writes the zone back into a URL: UTC by one
// of its usual names is no zone of the database there.
func zoneInURL(v string) bool {
	switch lower(v) {
	case "", "utc", "z", "gmt", "etc/utc", "etc/gmt", "gmt0", "utc0":
		return false
	}
	return true
}
