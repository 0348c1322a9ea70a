package fact_test

import (
	"fmt"

	"xmppscope/model/fact"
	"xmppscope/xmppcore/event"
)

func ExampleRows() {
	var rows fact.Rows
	rows.Heading("room", "ops@conference.example.org")
	rows.Judged(event.OK, "join", "joined as pager")
	rows.Value("role", "participant")
	rows.Value("affiliation", "") // left out: nothing is known of it

	for _, f := range rows {
		fmt.Printf("%-4s %s: %s\n", f.State, f.Label, f.Text)
	}
	// Output:
	// room: ops@conference.example.org
	// ok   join: joined as pager
	//      role: participant
}
