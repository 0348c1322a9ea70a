package ui_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"xmppscope/ui"
)

// The screen needs no terminal: here it reads one key, ctrl+c, and quits.
func Example() {
	var drawn bytes.Buffer
	code, err := ui.Run(context.Background(), ui.Options{
		URL:    "xmpps://alice:secret@example.org/bob",
		Input:  strings.NewReader("\x03"),
		Output: &drawn,
	})
	fmt.Println("exit code", code, err)
	fmt.Println("shows the password:", strings.Contains(drawn.String(), "secret"))
	// Output:
	// exit code 0 <nil>
	// shows the password: false
}
