package loopback_test

import (
	"context"
	"fmt"
	"log"
	"net"
	"strconv"

	"github.com/xmppo/go-xmpp"

	"xmppscope/xmppcore/loopback"
)

// A test starts a server, lets a client write to bob, and waits for what bob
// got: no sleeping, no fixed port, no file.
func Example() {
	server, err := loopback.Start(loopback.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	client, err := xmpp.Options{
		Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(server.PlainPort())),
		User: "alice@localhost", Password: "alice-pw", NoTLS: true, InsecureAllowUnencryptedAuth: true,
	}.NewClient()
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	if _, err := client.Send(xmpp.Chat{Remote: "bob@localhost", Type: "chat", Text: "Disk full"}); err != nil {
		log.Fatal(err)
	}

	message, err := server.WaitMessage(context.Background(), "bob@localhost")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(message.Body)
	// Output: Disk full
}

// Every world says what is wrong with it and which finding it leads to.
func ExampleWorlds() {
	for _, w := range loopback.Worlds() {
		if w.Name == "old-ejabberd" {
			fmt.Println(w.Summary)
			fmt.Println(w.Finding)
		}
	}
	// Output:
	// An ejabberd before 24.02 offers SCRAM-PLUS and computes the wrong channel binding on TLS 1.3.
	// channel-binding-rejected
}
