package document

import (
	"strings"
	"testing"
)

// TestDoubt: of a URL in which something is not understood nothing is said, and
// nothing in it is changed.
func TestDoubt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, content string }{
		{"a.py", `u = f"xmpps://alice:{cfg['pw']}@h.example/bob"`},
		{"a.py", `u = f"xmpps://alice:{cfg["pw"]}@h.example/bob"`},
		{"a.py", `u = f"xmpps://alice:{quote(pw, safe='')}@h.example/bob"`},
		{"a.py", `u = f"xmpps://alice:{pw or 'a@b'}@h.example/bob"`},
		{"a.py", `u = f"xmpps://alice:{get(a, b)}@h.example/bob"`},
		{"a.py", `u = f"xmpps://alice:{ pw }@h.example/bob"`},
		{"a.py", `u = f"xmpps://alice:{d[{'a': 1}['a']]}@h.example/bob"`},
		{"a.py", `u = Template("xmpps://alice:$pw@$host")`},
		{"a.php", `$u = "xmpps://alice:{$c['p@w']}@h.example/bob";`},
		{"a.php", `$u = "xmpps://alice:$c[pw]@h.example/bob";`},
		{"a.php", `$u = "xmpps://alice:$c->pw@h.example/bob";`},
		{"a.html", "xmpps://alice:<?= f($c['p@w']) ?>@h.example/bob"},
		{"a.tf", `u = "xmpps://alice:%{ if x }a@%{ else }b/%{ endif }@h.example/bob"`},
		{"a.tf", `u = "xmpps://alice:${urlencode(var.c["pw"])}@h.example/bob"`},
		{"a.yml", `u: "xmpps://alice:%{lookup('pw::x')}@h.example/bob"`},
		{"a.yml", `u: "xmpps://alice:{% if x %}p@w{% endif %}@h.example/bob"`},
		{"a.ps1", `$u = "xmpps://alice:$env:PW@h.example/bob"`},
		{"a.in", "u = xmpps://@USER@:@PW@@h.example/bob"},
		{"a.cmake", `set(U "xmpps://alice:@XMPP_PW@@h.example/bob")`},
		{"a.properties", "u=xmpps://alice:@xmpp.password@@h.example/bob"},
		{"a.nomad", "u = \"xmpps://alice:[[ .pw ]]@h.example/bob\""},
		{".env", "U=xmpps://alice:`cat /a@b`@h.example/bob"},
		{".env", "U=\"xmpps://alice:`cat /a@b`@h.example/bob\""},
		{"a.kt", `val u = "xmpps://alice:${System.getenv("PW")}@h.example/bob"`},
		{"a.rb", `u = "xmpps://alice:#{ENV["PW"]}@h.example/bob"`},
		{"a.swift", `let u = "xmpps://alice:\(f("a@b"))@h.example/bob"`},
		{"a.swift", `let u = "xmpps://alice:\(pw)@h.example/bob"`},
		{"a.js", "u = `xmpps://alice:${f(`a@b`)}@h.example/bob`"},
		{"a.c", `printf("xmpps://%-5s:%.*s@%s:%05d/%u", a, b, c, d, e);`},
		{"a.c", `printf("xmpps://%i:%u@%s:%hu/bob", a, b, c, d);`},
		{"a.py", `u = "xmpps://%(u).5s:%(p)s@%(h).5s" % x`},
		{"a.md", "xmpps://<user>:<password>@<host>/<target>"},
		{"a.md", "`xmpps://[user]:[password]@[host]`"},
		{"a.md", "xmpps://host[:port][/target]"},
		{"a.md", "xmpps://user:password@..."},
		{"a.md", "xmpps://&lt;user&gt;:&lt;password&gt;@&lt;host&gt;/"},
		{"a.md", "xmpps://{your user}:{your password}@host"},
		{"a.go", `fmt.Errorf("%t xmpps://alice:secret@h.example/b%b", x)`},
		{"a.j2", "{# xmpps://alice:secret@h@h.example #}"},
		{"a.yml.j2", "a:\n{#\n  xmpps://alice:secret@h@h.example\n#}\nb: {{ x }}"},
		{"a.tpl", "{{/* xmpps://alice:secret@h@h.example */}}"},
		{"a.hbs", "{{!-- xmpps://alice:secret@h@h.example --}}"},
	} {
		if got := lint(t, c.name, c.content); got != "" {
			t.Errorf("%s: %s: got %q", c.name, c.content, got)
		}
		d, err := Read(c.name, []byte(c.content))
		if err != nil {
			t.Fatal(err)
		}
		if fixed := d.Fix(); fixed.Data != nil {
			t.Errorf("%s: it became %s", c.content, fixed.Data)
		}
	}
}

// TestFormats: where a text may be a format, no "%" is written into it.
func TestFormats(t *testing.T) {
	t.Parallel()
	const wrong = "xmpps://alice:secret@x@h.example/bob"
	for _, c := range []struct{ name, content, fixed string }{
		{"a.sh", `printf "U\n"`, ""},
		{"a.sh", `printf -v u 'U'`, ""},
		{"a.sh", `printf '%s\n' 'U'`, `printf '%s\n' 'F'`},
		{"a.sh", `awk 'BEGIN{printf "U"}'`, ""},
		{"a.sh", `date "+at U"`, ""},
		{"a.go", `err := fmt.Errorf("U")`, ""},
		{"a.go", `fmt.Printf("U")`, ""},
		{"a.go", `s := fmt.Sprintf("U")`, ""},
		{"a.go", "fmt.Fprintf(w,\n\t\"U\")", ""},
		{"a.go", `log.Printf("%t U", x)`, ""},
		{"a.go", `const fmtOf = "U"`, ""},
		{"a.go", `const u = "U"`, `const u = "F"`},
		{"a.c", `printf("U");`, ""},
		{"a.c", `snprintf(b, sizeof(b), "U");`, ""},
		{"a.java", `System.out.printf("%n U");`, ""},
		{"a.py", `time.strftime("U")`, ""},
		{"a.py", `print("U")`, `print("F")`},
		{"a.pl", `printf "U";`, ""},
		{"Dockerfile", `RUN printf "U"`, ""},
		{"Makefile", "\tprintf 'U'", ""},
	} {
		d, err := Read(c.name, []byte(strings.ReplaceAll(c.content, "U", wrong)))
		if err != nil {
			t.Fatal(err)
		}
		fixed := d.Fix()
		want := strings.ReplaceAll(c.fixed, "F", strings.Replace(wrong, "@x", "%40x", 1))
		if string(fixed.Data) != want || (want == "") != (len(fixed.Left) == 1) {
			t.Errorf("%s: it became %q, and left is %v", c.content, fixed.Data, fixed.Left)
		}
	}
}
