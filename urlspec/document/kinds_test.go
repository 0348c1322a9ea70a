package document

import (
	"encoding/base64"
	"strings"
	"testing"
)

// TestKinds: one file of each kind that has a rule of its own.
func TestKinds(t *testing.T) {
	t.Parallel()
	code := base64.StdEncoding.EncodeToString
	const wrong, right = "xmpps://alice:se@cret@h.example/bob", "xmpps://alice:se%40cret@h.example/bob"
	urls := strings.NewReplacer("WRONG", wrong, "RIGHT", right, "SHELL", "xmpps://alice:secret@h.example/bob?mode=tls",
		"GOOD", "xmpps://alice:secret@h.example/bob",
		"64W1", code([]byte(wrong)), "64R1", code([]byte(right)),
		"64W2", code([]byte("URL="+wrong+"\n")), "64R2", code([]byte("URL="+right+"\n")),
		"64W3", code([]byte("a: 1\nu: "+wrong+"\n")), "64R3", code([]byte("a: 1\nu: "+right+"\n")))
	for _, c := range []struct{ name, content, want, fixed string }{
		// Secrets, wherever they stand.
		{"s.yml", "kind: List\nitems:\n- kind: Secret\n  data: {u: 64W1}\n- kind: ConfigMap\n  data: {u: 64W1}",
			"4 password-at", "kind: List\nitems:\n- kind: Secret\n  data: {u: 64R1}\n- kind: ConfigMap\n  data: {u: 64W1}"},
		{"s.yml", "kind: Secret\ndata: {.env: 64W2, b: 64W3}", "2 password-at, 2 password-at",
			"kind: Secret\ndata: {.env: 64R2, b: 64R3}"},
		{"s.json", `{"data":{"u":"64W1"},"kind":"Secret"}`, "1 password-at", `{"data":{"u":"64R1"},"kind":"Secret"}`},
		{"s.json", `{"kind":"List","items":[{"kind":"Secret","stringData":{"u":"WRONG"},"data":{"u":"64W2"}}]}`,
			"1 password-at, 1 password-at",
			`{"kind":"List","items":[{"kind":"Secret","stringData":{"u":"RIGHT"},"data":{"u":"64R2"}}]}`},
		{"s.json", `{"kind":"ConfigMap","data":{"u":"64W1"}}`, "", ""},

		// Java's properties.
		{"a.properties", `u=xmpps\://alice\:se@cret@h.example/bob`, "1 password-at",
			`u=xmpps\://alice\:se%40cret@h.example/bob`},
		{"a.properties", `a\:b\=c : WRONG`, "1 password-at", `a\:b\=c : RIGHT`},
		{"a.properties", `u = xmpps://al\u0069ce:se@cret@h.example/bob`, "1 password-at",
			`u = xmpps://al\u0069ce:se%40cret@h.example/bob`},
		{"a.properties", "u = xmpps://alice:\\\n    secret@h.example/bob?nmae=x\nv = 1", "2 param-unknown",
			"u = xmpps://alice:\\\n    secret@h.example/bob?name=x\nv = 1"},
		{"a.properties", "u = WRONG, \\\r\n  WRONG,\\\r\n\tGOOD\r\nv = WRONG", "1 password-at, 2 password-at, 4 password-at",
			"u = RIGHT, \\\r\n  RIGHT,\\\r\n\tGOOD\r\nv = RIGHT"},
		{"a.properties", "! u = WRONG\n# u = WRONG", "", ""},

		// Variables of services, and the names of hosts.
		{"/etc/default/apprise", "APPRISE_URLS=\"WRONG\"", "1 password-at", "APPRISE_URLS=\"RIGHT\""},
		{"a.md", "`xmpp://HOST` or xmpps://SERVER:5223", "", ""},
		{"a.rb", `u = "xmpps://#{ENV.fetch("U") { "a@b" }}:#{pw}@h.example/bob"`, "", ""},

		{"a.yml", `e: "xmpps:\/\/alice:se\u0040cret@h.example\/bob"`, "1 password-at",
			`e: "xmpps:\/\/alice:se%40cret@h.example\/bob"`},
		{"a.yml", `{"a": "x\/y", 'b': 'c\/d', e: "WRONG", f: \/g}`, "1 password-at",
			`{"a": "x\/y", 'b': 'c\/d', e: "RIGHT", f: \/g}`},
		{"apprise.yml", `urls: ["xmpps:\/\/alice:secret@h.example\/bob"]`, "", ""},
		{"a.patch", "--- a\n+++ b\n@@ -1 +1 @@\n-WRONG\n+GOOD WRONG\n WRONG", "5 password-at",
			"--- a\n+++ b\n@@ -1 +1 @@\n-WRONG\n+GOOD RIGHT\n WRONG"},

		// Strings that stand one behind the other.
		{"a.py", `u = ("xmpps://alice:se@" "cret@h.example")`, "", ""},
		{"a.py", `u = "GOOD" if x else "WRONG"`, "1 password-at", `u = "GOOD" if x else "RIGHT"`},
		{"a.c", `char *u = "xmpps://alice:se@" PW "@h.example";`, "", ""},
		{"a.c", `char *u = "xmpps://alice:se@cret" AT_HOST;`, "", ""},
		{"a.js", `u = ["xmpps://alice:", pw, "@h.example"].join("")`, "", ""},
		{"a.r", `u <- paste0("xmpps://", user, ":", pw, "@h.example")`, "", ""},
		{"a.go", `u := strings.Join([]string{"xmpps://alice:", pw}, "")`, "", ""},

		// Code of a shell in a program.
		{"a.py", `os.system("apprise SHELL&to=x")`, "1 shell-unquoted", `os.system("apprise 'SHELL&to=x'")`},
		{"a.py", `subprocess.run(["apprise", "SHELL&to=x"])`, "", ""},
		{"a.js", `test("apprise SHELL&to=x is sent", f)`, "", ""},
		{"Jenkinsfile", `  sh 'apprise SHELL&to=x'`, "1 shell-unquoted", `  sh 'apprise "SHELL&to=x"'`},
		{"Jenkinsfile", "  sh \"apprise 'xmpps://a:${P}@h.example?nmae=x'\"", "1 param-unknown",
			"  sh \"apprise 'xmpps://a:${P}@h.example?name=x'\""},
		{"Jenkinsfile", "sh \"\"\"\n  apprise SHELL&to=x\n\"\"\"", "2 shell-unquoted",
			"sh \"\"\"\n  apprise 'SHELL&to=x'\n\"\"\""},
		{"a.tf", "provisioner \"local-exec\" {\n  command = \"apprise SHELL&to=x\"\n}", "2 shell-unquoted",
			"provisioner \"local-exec\" {\n  command = \"apprise 'SHELL&to=x'\"\n}"},
		{"a.php", `<?php shell_exec("apprise SHELL&to=x");`, "1 shell-unquoted", `<?php shell_exec("apprise 'SHELL&to=x'");`},
		{"a.js", `execSync('apprise SHELL&to=x')`, "1 shell-unquoted", `execSync('apprise "SHELL&to=x"')`},

		{"s.yml", "data:\n  run.sh: |\n    apprise SHELL&to=x\n  run.conf: |\n    apprise SHELL&to=x", "3 shell-unquoted",
			"data:\n  run.sh: |\n    apprise 'SHELL&to=x'\n  run.conf: |\n    apprise SHELL&to=x"},

		// Files in a value, and expressions.
		{"c.yml", "data:\n  a.toml: |\n    # WRONG\n    u = \"WRONG\" # or WRONG\n    // WRONG\n", "4 password-at",
			"data:\n  a.toml: |\n    # WRONG\n    u = \"RIGHT\" # or WRONG\n    // WRONG\n"},
		{"c.yml", "test: {rules: [{if: '$X =~ /^xmpps:\\/\\/a@b/'}]}", "", ""},
		{"c.yml", "if: '$X =~ /^xmpps:\\/\\/a@b/'", "", ""},

		// Forms, which are decoded once more.
		{"a.sh", `curl -d urls='WRONG' http://h`, "", ""},
		{"a.yml", `payload: "urls=WRONG&body=x"`, "", ""},
		{"a.yml", `x: "urls=WRONG&body=x"`, "", ""},
		{"a.yml", `x: "URLS=WRONG"`, "1 password-at", `x: "URLS=RIGHT"`},
		{"log.conf", `args=('WRONG',)`, "1 password-at", ""},

		// Placeholders of documents.
		{"README.md", "Set `xmpps://<user>:<password>@<host>/<target>`.", "", ""},
		{"README.md", "xmpps://[user]:[password]@[host][:port][/target]", "", ""},
		{"README.md", "xmpps://&lt;user&gt;:&lt;password&gt;@&lt;host&gt;", "", ""},
		{"README.md", "xmpps://USER:PASSWORD@HOST:PORT/TARGET", "", ""},
		{"README.md", "`xmpps://user:pass@host:5222/…`", "", ""},
		{"a.html", "<code>xmpps://&lt;user&gt;:&lt;password&gt;@&lt;host&gt;</code>", "", ""},
		{"a.txt", "usage: xmpp://<user>:<pass>@<host>", "", ""},
		{"a.sh", "echo 'usage: notify xmpps://<user>:<password>@<host>/<target>'", "", ""},
		{"a.yml", "# xmpps://<user>:<password>@<host>\nurl: xmpps://<user>:<password>@<host>", "", ""},
		{"a.py", `help="xmpps://<user>:<password>@<host>"`, "", ""},
	} {
		checkFix(t, urls, c.name, c.content, c.want, c.fixed)
	}
}
