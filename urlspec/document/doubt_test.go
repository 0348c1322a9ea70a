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
		{"a.yml", "{{- if x }}\na: \"xmpps://alice:secret@W\\\n  xyz9@h.example/bob\"\n{{- end }}"},
		{"a.yml", "a: *x\nb: 'xmpps://alice:sec''ret@x@h.example/bob'"},
		{"a.yml", "a: *x\nb: \"xmpps://alice:sec\\\"ret@x@h.example/bob\""},
		{"a.yml", "a: *x\nb: 'xmpps://alice:secret@x\n  y@h.example/bob'"},
		{"a.yml", "a: *x\nb: xmpps://alice:secret@x\n  y@h.example/bob"},
		{"a.json", "{\"a\": \"xmpps://alice:secret@x\\\n  y@h.example/bob\", oops"},
		{"a.sh", "curl -d 'urls=xmpps://alice:secret@x@h.example/bob&body=x' http://h/notify"},
		{"a.sh", "curl --data 'urls=xmpps://alice:secret@x@h.example/bob' http://h/notify"},
		{"a.sh", "curl -d 'body=x&urls=xmpps://alice:secret@x@h.example/bob' http://h/notify"},
		{"a.sh", "wget --post-data=\"urls=xmpps://alice:secret@h.example/bob&tag=all\" http://h/notify"},
		{"a.sh", "curl \"http://h/notify?urls=xmpps://alice:secret@x@h.example/bob\""},
		{"a.yml", "run: curl -d 'urls=xmpps://alice:secret@x@h.example/bob&body=x' http://h/notify"},
		{"a.py", "requests.post(u, data=\"urls=xmpps://alice:secret@x@h.example/bob&body=x\")"},
		{"a.yml", "hook: http://h/notify?urls=xmpps://alice:secret@x@h.example/bob"},
		{"Makefile", "x:\n\tcurl -d 'urls=xmpps://alice:secret@x@h.example/bob&body=x' http://h/notify"},
		{"a.pl", `my $u = "xmpps://alice:@{[f()]}\@h/bob";`},
		{"a.pl", `my $u = "xmpps://alice:secret@x@h.example/bob";`},
		{"a.py", `u = "xmpps://alice:" f"{pw}" "@h.example"`},
		{"a.md", "xmpps://user:password@host:port/target, or xmpps://host:PORT"},
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
		{"a.pl", `printf 'U';`, ""},
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

// TestUnknownPercent: into settings a "%" is written as the file has it, and
// not where that is not known.
func TestUnknownPercent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, content, fixed string }{
		{"a.ini", "x = a%20b\nu = U@x@h.example", "%40"},
		{"a.ini", "x = a%20b\ny = c%%d\nu = U@x@h.example", ""},
		{"a.ini", "x = a%%b\nu = U@x@h.example", ""},
		{"a.ini", "# 20%%\n# a%20b\nu = U@x@h.example", ""},
		{"a.ini", "user = a\nx = %(user)s\nu = U@x@h.example", "%%40"},
		{"a.ini", "user = a\nx = %(user)s %20\nu = U@x@h.example", ""},
		{"a.ini", "format = %(message)s\nu = U@x@h.example", ""},
		{"a.ini", "format = %H:%M\nu = U@x@h.example", ""},
		{"my.cnf", "u = U@x@h.example", ""},
		{"a.conf", "a { u = \"U@x@h.example\" }", ""},
		{"a.conf", "[a]\nx = 100%%\nu = \"U@x@h.example\"", ""},
	} {
		content := strings.Replace(c.content, "U@", "xmpps://alice:secret@", 1)
		d, err := Read(c.name, []byte(content))
		if err != nil {
			t.Fatal(err)
		}
		want := ""
		if c.fixed != "" {
			want = strings.Replace(content, "@x", c.fixed+"x", 1)
		}
		if fixed := d.Fix(); string(fixed.Data) != want || (want == "") != (len(fixed.Left) == 1) {
			t.Errorf("%s: it became %q, and left is %v", c.content, fixed.Data, fixed.Left)
		}
	}
}

// TestWholeValues: where a URL is the whole of a value, a sign in the middle of
// its password is taken for a part of it; a sign that may be a placeholder is
// not, and nothing is said.
func TestWholeValues(t *testing.T) {
	t.Parallel()
	const host = "@h.example/bob"
	quotes := map[string]bool{"a.yml": true, "a.json": true, "a.toml": true, "a.py": true, "Dockerfile": true,
		"compose.yml": true}
	for _, f := range []struct{ name, before, after string }{
		{"a.yml", "u: ", ""}, {"a.yml", "u: '", "'"}, {"compose.yml", "services: {a: {image: x, environment: {u: \"", "\"}}}"},
		{"a.json", `{"u":"`, `"}`}, {"a.toml", `u = "`, `"`}, {".env", "U=", ""}, {".env", "U='", "'"},
		{"a.ini", "u = ", ""}, {"a.properties", "u=", ""}, {"a.py", `u = "`, `"`}, {"Dockerfile", "ENV U=", ""},
		{"Makefile", "U := ", ""},
	} {
		for _, c := range []struct {
			password string
			broken   bool // else it says nothing
		}{
			{"a[b]c", true}, {"a]b", true}, {"100%@a", f.name != "a.py"}, {"100%", false}, {"a(b)c@d", true}, {"(a@b", true},
			{"it's@d", quotes[f.name] && f.after != "'"}, {"[pass]", false}, {"(pw)", false}, {"%PW%", false}, {"%s", false},
			{"<pw>", false}, {"{pw}", false}, {"a{b@c", false}, {"...", false}, {"%(pw)s", false}, {"$(pw)", false},
		} {
			content := f.before + "xmpps://alice:" + c.password + host + f.after
			if got := lint(t, f.name, content); (got != "") != c.broken {
				t.Errorf("%s: %s: got %q, broken is %v", f.name, content, got, c.broken)
			}
		}
	}
}
