package urlview_test

import (
	"fmt"
	"strings"

	"xmppscope/ui/urlview"
	"xmppscope/urlspec"
)

// A URL with its labels, and its first problem below the row it is in.
func Example() {
	spec := urlspec.Parse("xmpps://alice:wonderland@example.org:52x2/bob?name=pager")
	v := urlview.New(spec, urlview.Secrecy{})
	problem := spec.Problems[0]
	for _, row := range v.Rows(44) {
		fmt.Println(v.Text(row))
		for _, line := range v.Labels(row, 44) {
			fmt.Println(join(line))
		}
		if mark, ok := v.Pointer(row, problem.Start, problem.End, -1); ok {
			fmt.Println(strings.Repeat(" ", mark.Column) + mark.Text + " " + problem.Code)
		}
	}
	// Output:
	// xmpps://alice:••••••••@example.org:52x2/bob?
	// scheme  user  password host        port
	//                                       target
	//                                    ~~^~ port-invalid
	// name=pager
	// nick
}

// Counted shows the length of the password that the cursor is in, and
// LabelLine names the part with the cursor before all others.
func ExampleCounted() {
	const cursor = 10 // behind the password
	v := urlview.New(urlspec.Parse("xmpp://u:p@h.example"), urlview.Counted(cursor))
	for _, row := range v.Rows(80) {
		fmt.Println(v.Text(row))
		fmt.Println(join(v.LabelLine(row, 80, v.PartAt(cursor-1))))
	}
	// Output:
	// xmpp://u:•@h.example
	// scheme   password
}

// An excerpt that is no wider than 24 columns quotes a problem of a long URL.
func ExampleView_Around() {
	spec := urlspec.Parse("xmpps://alice:wonderland@example.org/%23ops@muc.example.org?mode=tls&scram=no&name=pager")
	v := urlview.New(spec, urlview.Secrecy{})
	for _, problem := range spec.Problems {
		row := v.Around(problem.Start, problem.End, 24)
		mark, _ := v.Pointer(row, problem.Start, problem.End, -1)
		fmt.Println("…" + v.Text(row) + "…")
		fmt.Println(strings.Repeat(" ", 1+mark.Column) + mark.Text)
	}
	// Output:
	// …mode=tls&scram=no&name…
	//           ~~^~~
}

func join(labels []urlview.Label) string {
	var b strings.Builder
	for _, label := range labels {
		b.WriteString(strings.Repeat(" ", label.Column-b.Len()) + label.Text)
	}
	return b.String()
}
