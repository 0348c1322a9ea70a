//go:build !race

package document

import (
	"strings"
	"testing"
	"time"

	"xmppscope/urlspec/growthtest"
)

// lintUnits are what a hostile or careless file repeats without end, most of them on
// one line.
var lintUnits = []string{
	"xmpps://a:b@h/b,", "- xmpps://a:b@h/b\n", `"xmpps://a:b@h" `, `\"xmpps://a:b@h\" `, "`xmpps://a:b@h`",
	`"a": "xmpps://a:b@h", `, "{a: xmpps://a:b@h} ", "apprise -b x 'xmpps://a:b@h' \\\n", "curl -d urls=xmpps://a:b@h ",
	`"`, "'", `"""`, `\"`, `\`, "{", "[", "(", "$(", "`", "${", "{{", "<", "<!--", "<<E\n", "&a *a ",
	"key=\"xmpps://a:b@h&b\"\n",
	"printf '%s' xmpps://a:b@h | ", "x = 'xmpps://a:b@h' + y + ", "RUN a \\\n", "@", "pass=x ", "?", "%", "time ", "a; ",
}

// TestTimeIsLinear: eight times the file takes eight times as long, less than
// thirty-two, whatever stands in it and whatever it is read as; a loop in a loop would
// be sixty-four.
func TestTimeIsLinear(t *testing.T) {
	const small, factor = 4 << 10, 8
	for _, name := range []string{"f.yml", "f.json", "f.sh", "f.py", "f.md", "f.conf", "Dockerfile"} {
		for _, unit := range lintUnits {
			t.Run(name+" of "+unit, func(t *testing.T) {
				linted := func(size int) func() time.Duration {
					data := []byte(strings.Repeat(unit, size/len(unit)) + "\nxmpps://x:y@z\n")
					return func() time.Duration {
						return growthtest.Time(func() {
							if d, err := Read(name, data); err == nil {
								d.Problems(true)
								d.Fix()
							}
						})
					}
				}
				growthtest.Check(t, 4*factor, linted(small), linted(small*factor))
			})
		}
	}
}
