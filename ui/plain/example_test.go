package plain_test

import (
	"fmt"
	"os"

	"xmppscope/ui/plain"
)

// A URL that Apprise does not accept, with its safe fixes made.
func Example() {
	shell := &plain.Shell{Out: os.Stdout, Err: os.Stderr}
	code, err := shell.Explain(plain.Explain{
		Source: plain.Source{Args: []string{"xmpps://alice:secret@example.org/bob?mode=tsl"}},
		Fix:    true,
	})
	if err != nil {
		code = shell.Complain(err)
	}
	fmt.Println("exit code", code)
	// Output:
	// xmpps://alice:••••••••@example.org/bob?mode=tls
	// exit code 2
}
