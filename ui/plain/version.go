package plain

import (
	"runtime"
	"runtime/debug"
)

// Version is the module's version, and what it was built from and with.
func Version() string {
	number, revision := "devel", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if v := info.Main.Version; v != "" && v != "(devel)" {
			number = v
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 && number == "devel" {
				revision = " " + s.Value[:12]
			}
		}
	}
	return number + revision + " " + runtime.Version()
}
