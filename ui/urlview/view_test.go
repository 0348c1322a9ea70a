package urlview

import (
	"strings"
	"testing"

	"xmppscope/urlspec"
)

// drawn is a URL with its parts underlined, and their labels.
func drawn(v *View, width int) string {
	var lines []string
	for _, row := range v.Rows(width) {
		var under strings.Builder
		for _, c := range v.Cells[row.First:row.Last] {
			mark := " "
			if c.Part >= 0 {
				mark = "~"
			}
			under.WriteString(strings.Repeat(mark, c.Width))
		}
		lines = append(lines, v.Text(row), strings.TrimRight(under.String(), " "))
		for _, labels := range v.Labels(row, width) {
			lines = append(lines, lineOf(labels))
		}
	}
	return "\n" + strings.Join(lines, "\n")
}

func lineOf(labels []Label) string {
	var b strings.Builder
	for _, label := range labels {
		b.WriteString(strings.Repeat(" ", label.Column-b.Len()) + label.Text)
	}
	return b.String()
}

// TestView draws URLs of all kinds: their cells, the extent of their parts, and
// the labels.
func TestView(t *testing.T) {
	for name, test := range map[string]struct{ url, want string }{
		"every part": {"xmpps://alice:secret@corp.example:5223/%23ops/bob?mode=tls&name=pager", `
xmpps://alice:••••••••@corp.example:5223/%23ops/bob?mode=tls&name=pager
~~~~~   ~~~~~ ~~~~~~~~ ~~~~~~~~~~~~ ~~~~ ~~~~~~ ~~~ ~~~~~~~~ ~~~~~~~~~~
scheme  user  password host         port room   user mode    nick`},
		"labels that do not fit go a row down": {"xmpp://a:b@c.example/x/y?to=z&cto=2&rto=3", `
xmpp://a:••••••••@c.example/x/y?to=z&cto=2&rto=3
~~~~   ~ ~~~~~~~~ ~~~~~~~~~ ~ ~ ~~~~ ~~~~~ ~~~~~
scheme user       host      user     connect timeout
         password             user         answer timeout
                                targets`},
		"parameters that count for nothing": {"xmpps://a:b@c.example?mode=tls&nmae=x&mode=none", `
xmpps://a:••••••••@c.example?mode=tls&nmae=x&mode=none
~~~~~   ~ ~~~~~~~~ ~~~~~~~~~ ~~~~~~~~ ~~~~~~ ~~~~~~~~~
scheme  user       host      replaced unknown mode
          password`},
		"parameters without a value": {"xmpps://a:b@c.example?mode=&verify&=x", `
xmpps://a:••••••••@c.example?mode=&verify&=x
~~~~~   ~ ~~~~~~~~ ~~~~~~~~~ ~~~~~ ~~~~~~  ~
scheme  user       host      mode  verify  unknown
          password`},
		"targets of all kinds": {"xmpps://a:b@c.example/bob/%23ops/@/bob", `
xmpps://a:••••••••@c.example/bob/%23ops/@/bob
~~~~~   ~ ~~~~~~~~ ~~~~~~~~~ ~~~ ~~~~~~ ~ ~~~
scheme  user       host      user room  dropped
          password                        dropped`},
		"a password in a parameter": {"xmpps://alice@c.example?pass=secret&name=x", `
xmpps://alice@c.example?pass=••••••••&name=x
~~~~~   ~~~~~ ~~~~~~~~~ ~~~~~~~~~~~~~ ~~~~~~
scheme  user  host      password      nick`},
		"a password that falls apart": {"xmpps://alice@c.example?pass=sec&ret", `
xmpps://alice@c.example?pass=••••••••&••••••••
~~~~~   ~~~~~ ~~~~~~~~~ ~~~~~~~~~~~~~ ~~~~~~~~
scheme  user  host      password      password`},
		"a parameter's name in a password": {"xmpps://alice:p?foo&mode=tls@host/", `
xmpps://alice:••••••••@host/
~~~~~   ~~~~~ ~~~~~~~~~~~~~~
scheme  host  password
                      parameter`},
		"a parameter's value behind a password": {"xmpps://a:b@c.example?to=x://a:b&mode='tls", `
xmpps://a:••••••••@c.example?to=x://a:••••••••'tls
~~~~~   ~ ~~~~~~~~ ~~~~~~~~~ ~~~~~~~~~~~~~~~~~~~~~
scheme  user       host      targets          parameter
          password`},
		"half typed: scheme": {"xm", "\nxm\n~~\nscheme"},
		"half typed: user":   {"xmpps://al", "\nxmpps://al\n~~~~~   ~~\nscheme  user"},
		"half typed: password": {"xmpps://al:pw", `
xmpps://al:••••••••
~~~~~   ~~ ~~~~~~~~
scheme  user
           password`},
		"half typed: host": {"xmpps://al:pw@", `
xmpps://al:••••••••@
~~~~~   ~~ ~~~~~~~~
scheme  user
           password`},
		"refused for its port": {"xmpps://al:pw@c.example:5x/bob/@", `
xmpps://al:••••••••@c.example:5x/bob/@
~~~~~   ~~ ~~~~~~~~ ~~~~~~~~~ ~~ ~~~ ~
scheme  user        host      port   target
           password              target`},
		"no URL":         {"hello", "\nhello\n~~~~~\nnot read"},
		"another scheme": {"https://c.example", "\nhttps://c.example\n~~~~~   ~~~~~~~~~\nnot read host"},
		"nothing":        {"", "\n\n"},
		"wide characters": {"xmpps://日本:pw@h.example/本", `
xmpps://日本:••••••••@h.example/本
~~~~~   ~~~~ ~~~~~~~~ ~~~~~~~~~ ~~
scheme  user password host      user`},
		"marks that combine": {"xmpps://e\u0301:p@h.example/o\u0302\u0323", `
xmpps://` + "e\u0301" + `:••••••••@h.example/` + "o\u0302\u0323" + `
~~~~~   ~ ~~~~~~~~ ~~~~~~~~~ ~
scheme  user       host      user
          password`},
		"unsafe characters": {"xmpps://a\x1b:p@h.example/\u202eb\u2028\xff", `
xmpps://a\u001b:••••••••@h.example/\u202eb\u2028\xff
~~~~~   ~~~~~~~ ~~~~~~~~ ~~~~~~~~~ ~~~~~~~~~~~~~~~~~
scheme  user    password host      user`},
		"a no-break space": {"xmpps://a:p@h.example/b\u00a0c", `
xmpps://a:••••••••@h.example/b` + "\u00a0" + `c
~~~~~   ~ ~~~~~~~~ ~~~~~~~~~ ~~~
scheme  user       host      user
          password`},
		"blanks around it": {" xmpps://a:p@h.example ", "\n xmpps://a:••••••••@h.example \n" +
			" ~~~~~   ~ ~~~~~~~~ ~~~~~~~~~\n scheme  user       host\n           password"},
		"what is lost": {"xmpps://a:p@h.example/b#c", `
xmpps://a:••••••••@h.example/b#c
~~~~~   ~ ~~~~~~~~ ~~~~~~~~~ ~~~
scheme  user       host      user
          password            lost`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := drawn(New(urlspec.Parse(test.url), Secrecy{}), 80); got != test.want {
				t.Errorf("%q is drawn:%s\nwant:%s", test.url, got, test.want)
			}
		})
	}
}

// TestSecrecy: only the password that the cursor is in shows more than a mask.
func TestSecrecy(t *testing.T) {
	const url = "xmpp://a:sécret@h.example?pass=two" // the passwords are bytes 9 to 16 and 32 to 35
	const masked = "xmpp://a:••••••••@h.example?pass=••••••••"
	for name, test := range map[string]struct {
		secrecy Secrecy
		want    string
	}{
		"masked":                     {Secrecy{}, masked},
		"counted":                    {Counted(10), "xmpp://a:••••••@h.example?pass=••••••••"},
		"counted at its start":       {Counted(9), "xmpp://a:••••••@h.example?pass=••••••••"},
		"counted at its end":         {Counted(16), "xmpp://a:••••••@h.example?pass=••••••••"},
		"counted, the cursor beside": {Counted(17), masked},
		"counted in the parameter":   {Counted(35), "xmpp://a:••••••••@h.example?pass=•••"},
		"counted nowhere":            {Counted(-1), masked},
		"revealed":                   {Revealed(10), "xmpp://a:sécret@h.example?pass=••••••••"},
		"revealed in the parameter":  {Revealed(33), "xmpp://a:••••••••@h.example?pass=two"},
		"revealed elsewhere":         {Revealed(0), masked},
	} {
		t.Run(name, func(t *testing.T) {
			v := New(urlspec.Parse(url), test.secrecy)
			if got := v.Text(Row{0, len(v.Cells)}); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestRuns: what looks the same is one run, and a run knows the worst problem
// that points to it.
func TestRuns(t *testing.T) {
	for name, test := range map[string]struct {
		url  string
		want []Run
	}{
		"no problem": {"xmpps://alice:pw@h.example/bob?cto=8", []Run{
			{"xmpps", urlspec.Scheme, false, ""}, {"://", urlspec.Punct, false, ""},
			{"alice", urlspec.User, false, ""}, {":", urlspec.Punct, false, ""},
			{Mask, urlspec.Password, false, ""}, {"@", urlspec.Punct, false, ""},
			{"h.example", urlspec.Host, false, ""}, {"/", urlspec.Punct, false, ""},
			{"bob", urlspec.Target, false, ""}, {"?", urlspec.Punct, false, ""},
			{"cto", urlspec.ParamName, false, ""}, {"=", urlspec.Punct, false, ""},
			{"8", urlspec.ParamValue, false, ""}}},
		"an error in a password, a warning": {"xmpps://u:p@w@h.example/b?x=y", []Run{
			{"xmpps", urlspec.Scheme, false, ""}, {"://", urlspec.Punct, false, ""},
			{"u", urlspec.User, false, ""}, {":", urlspec.Punct, false, ""},
			{Mask, urlspec.Password, false, urlspec.Error},
			{"@h.example", urlspec.Lost, false, ""}, {"/", urlspec.Punct, false, ""},
			{"b", urlspec.Target, false, ""}, {"?", urlspec.Punct, false, ""},
			{"x", urlspec.ParamName, false, urlspec.Warning}, {"=", urlspec.Punct, false, ""},
			{"y", urlspec.ParamValue, true, ""}}},
	} {
		t.Run(name, func(t *testing.T) {
			v := New(urlspec.Parse(test.url), Secrecy{})
			var got []Run
			for run := range v.Runs(Row{0, len(v.Cells)}) {
				got = append(got, run)
			}
			if len(got) != len(test.want) {
				t.Fatalf("got %d runs, want %d: %+v", len(got), len(test.want), got)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Errorf("run %d: got %+v, want %+v", i, got[i], test.want[i])
				}
			}
		})
	}
}

// TestSeverity: of problems that overlap the worst counts, each as far as it
// goes, and those that point between two characters count for none.
func TestSeverity(t *testing.T) {
	problem := func(start, end int, severity urlspec.Severity) urlspec.Problem {
		return urlspec.Problem{Start: start, End: end, Severity: severity}
	}
	wrong := func(start, end int) urlspec.Problem { return problem(start, end, urlspec.Error) }
	doubtful := func(start, end int) urlspec.Problem { return problem(start, end, urlspec.Warning) }
	for name, test := range map[string]struct {
		problems []urlspec.Problem
		want     string // a letter for each byte of "xmpps://h"
	}{
		"none":                  {nil, "........."},
		"a warning":             {[]urlspec.Problem{doubtful(1, 3)}, ".ww......"},
		"a remark":              {[]urlspec.Problem{problem(1, 3, urlspec.Info)}, "........."},
		"an error in a warning": {[]urlspec.Problem{doubtful(0, 6), wrong(2, 4)}, "wweeww..."},
		"a warning in an error": {[]urlspec.Problem{wrong(0, 6), doubtful(2, 4)}, "eeeeee..."},
		"one behind another":    {[]urlspec.Problem{wrong(0, 2), wrong(1, 4)}, "eeee....."},
		"no bytes":              {[]urlspec.Problem{wrong(3, 3), wrong(9, 9)}, "........."},
		"the end":               {[]urlspec.Problem{wrong(8, 9)}, "........e"},
	} {
		t.Run(name, func(t *testing.T) {
			spec := urlspec.Parse("xmpps://h")
			spec.Problems = test.problems
			v := New(spec, Secrecy{})
			got := ""
			for i := range v.Cells {
				got += map[urlspec.Severity]string{"": ".", urlspec.Warning: "w", urlspec.Error: "e"}[v.run(i).Severity]
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
