package urlview

import (
	"testing"

	"xmppscope/urlspec"
)

// TestLabels: each label is below its part, or as far to the left as the edge
// pushes it, and no two touch.
func TestLabels(t *testing.T) {
	const url = "xmpps://alice:secret@corp.example/bob?mode=tls"
	for name, test := range map[string]struct {
		url   string
		width int
		want  string
	}{
		"rows, each with its labels": {url, 24, `
xmpps://alice:••••••••@c
~~~~~   ~~~~~ ~~~~~~~~ ~
scheme  user  password
                    host
orp.example/bob?mode=tls
~~~~~~~~~~~ ~~~ ~~~~~~~~
            user mode

`},
		"the edge": {url, 23, `
xmpps://alice:••••••••@
~~~~~   ~~~~~ ~~~~~~~~
scheme  user  password
corp.example/bob?mode=t
~~~~~~~~~~~~ ~~~ ~~~~~~
host         user mode
ls
~~`},
		"a label wider than the row": {"xmpps://h", 5, `
xmpps
~~~~~
://h
   ~
 user`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := drawn(New(urlspec.Parse(test.url), Secrecy{}), test.width); got != test.want {
				t.Errorf("got:%s\nwant:%s", got, test.want)
			}
		})
	}
}

func TestLabelLine(t *testing.T) {
	const url = "xmpp://a:b@c.example/x/y?to=z&cto=2&rto=3"
	part := func(offset int) int { return New(urlspec.Parse(url), Secrecy{}).PartAt(offset) }
	for name, test := range map[string]struct {
		width, row, current int
		want                string
	}{
		"what fits":                       {80, 0, -1, "scheme user       host      user     connect timeout"},
		"the current one first":           {80, 0, part(9), "scheme   password host      user     connect timeout"},
		"its neighbours give way":         {80, 0, part(25), "scheme user       host          targets    answer timeout"},
		"the current one at the edge":     {48, 0, part(38), "scheme user       host      user  answer timeout"},
		"current in another row":          {24, 0, part(31), "scheme user       host"},
		"one that began in the row above": {24, 1, -1, "host  user"},
		"the current one began above":     {12, 1, part(9), "password"},
		"none fits":                       {3, 0, -1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			v := New(urlspec.Parse(url), Secrecy{})
			labels := v.LabelLine(v.Rows(test.width)[test.row], test.width, test.current)
			if got := lineOf(labels); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}
