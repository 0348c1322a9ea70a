package loopback_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
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

// A Config names all that is not as usual, and a mistake in it is an error.
func ExampleConfig() {
	server, err := loopback.Start(loopback.Config{
		Domain: "corp.test",
		Accounts: []loopback.Account{
			{Name: "alice", Password: "secret"},
			{Name: "bob", Resident: true, Receipts: true},
		},
		Rooms:       []loopback.Room{{Name: "ops", MembersOnly: true, Members: []string{"bob"}}},
		Mechanisms:  []string{"SCRAM-SHA-1", "PLAIN"},
		MaxTLS:      tls.VersionTLS12,
		Certificate: loopback.ExpiredCertificate,
		Faults:      loopback.Faults{MaxFailedLogins: 3},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	fmt.Println("rooms are at", server.Service())

	config := &tls.Config{ServerName: server.Domain(), RootCAs: server.Roots()}
	_, err = tls.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(server.TLSPort())), config)
	var invalid x509.CertificateInvalidError
	fmt.Println("expired:", errors.As(err, &invalid) && invalid.Reason == x509.Expired)

	_, err = loopback.Start(loopback.Config{Rooms: []loopback.Room{{Name: "ops@corp.test"}}})
	fmt.Println(err)
	// Output:
	// rooms are at conference.corp.test
	// expired: true
	// loopback server: room "ops@corp.test": the name is not the localpart of a JID
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
