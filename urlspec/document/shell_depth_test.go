package document

import (
	"strings"
	"testing"
)

// TestShellDepth: shell code that would nest without end is not read as such, and
// ends nothing; code of people is.
func TestShellDepth(t *testing.T) {
	for _, unit := range []string{"(", "((", "$((", "{ ", "{\n", "if ", "while ", "until ", "for x do ",
		"case x in (", "time ",
		"coproc ", "function f ", "f() ", "f()\n", "a() {\n", "a | ", "a |\n", "a && ", "a || \n\n", "! ", "[[ ! ",
		"((-", "((a?", "((a=",
		"((2**", "$(", "\"$(", "x=$( ", "<(", ">(", "$[", "${x:-", "${a[", "a[", "`", "<<E\n$("} {
		code := strings.Repeat(unit, 200_000/len(unit))
		if !isTooDeep(code) {
			t.Errorf("%q again and again is taken for code of people", unit)
		}
		for _, name := range []string{"f.sh", "Dockerfile", "crontab"} {
			d, err := Read(name, []byte("ENV A=xmpps://a:b@h/c\nRUN "+code+"\n"))
			if err != nil {
				t.Errorf("%s of %q: %v", name, unit, err)
			} else if d.Problems(true); d.URLs(true) != 1 {
				t.Errorf("%s of %q: %d URLs were found", name, unit, d.URLs(true))
			}
		}
	}
	for _, code := range []string{
		strings.Repeat("# ----------------------------------------------- (see below\n", 80),
		strings.Repeat("if [ -n \"$a\" ]; then b=$(c | d) && e -f=g; fi\n", 4000),
		strings.Repeat("case $a in\n--b=*) c=${d%%,*} ;;\n*) f ;;\nesac\n", 4000),
		strings.Repeat("f() {\n  while read -r a; do echo \"$a\" | b; done < c > d\n}\n", 4000),
		"cat > f.json <<'E'\n{" + strings.Repeat(`"a": "b", `, 1500) + "}\nE\n",
	} {
		if isTooDeep(code) {
			t.Errorf("code of people is taken for too deep: %.60q", code)
		}
	}
	if !isTooDeep(strings.Repeat("a\n", maxShell)) {
		t.Error("code without end is parsed")
	}
}
