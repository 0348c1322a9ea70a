package journey

import (
	"regexp"
	"strconv"
	"testing"
)

// initTrace is a line of Go's inittrace: a package, and what it allocated before
// main began.
var initTrace = regexp.MustCompile(`(?m)^init (xmppscope\S*) .* (\d+) bytes, (\d+) allocs$`)

// TestStartBuildsNothing: no package of ours builds a table or compiles a pattern for
// every command. What they allocate is counted, since time says nothing on a busy
// machine; other modules' packages are out of reach.
func TestStartBuildsNothing(t *testing.T) {
	t.Parallel()
	_, trace, code := invoke(t, "", []string{"GODEBUG=inittrace=1"}, "version")
	packages := initTrace.FindAllStringSubmatch(trace, -1)
	if code != 0 || len(packages) == 0 {
		t.Fatalf("exit code %d: %s", code, trace)
	}
	for _, p := range packages {
		bytes, _ := strconv.Atoi(p[2])
		allocs, _ := strconv.Atoi(p[3])
		if bytes > 64<<10 || allocs > 200 {
			t.Errorf("%s allocates %d bytes in %d pieces before main begins", p[1], bytes, allocs)
		}
	}
}
