// Minimal is the shortest program that sends over go-xmpp: it logs in with
// STARTTLS, writes, and closes. It has no evidence that anything arrived. With
// LINES it writes each line of standard input as a message, and reads the answer to
// one ping before it closes.
//
//	minimal ADDRESS JID TARGET [LINES]
//
// The password is in PASSWORD.
package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"html"
	"log"
	"os"
	"strings"

	"github.com/xmppo/go-xmpp"
)

func main() {
	_, domain, _ := strings.Cut(os.Args[2], "@")
	options := xmpp.Options{Host: os.Args[1], User: os.Args[2], Password: os.Getenv("PASSWORD"), NoTLS: true,
		StartTLS: true, TLSConfig: &tls.Config{ServerName: domain}}
	client, err := options.NewClient()
	if err != nil {
		log.Fatal(err)
	}
	if len(os.Args) > 4 {
		err = sendLines(client, domain)
	} else {
		_, err = client.Send(xmpp.Chat{Remote: os.Args[3], Type: "chat", Text: "Disk 91% full"})
	}
	if err != nil {
		log.Fatal(err)
	}
	if err := client.Close(); err != nil {
		log.Fatal(err)
	}
}

func sendLines(client *xmpp.Client, domain string) error {
	input := bufio.NewScanner(os.Stdin)
	for n := 0; input.Scan(); n++ {
		stanza := fmt.Sprintf("<message to='%s' type='chat' id='m%d'><body>%s</body><origin-id xmlns='urn:xmpp:sid:0' "+
			"id='m%d'/><request xmlns='urn:xmpp:receipts'/></message>", os.Args[3], n, html.EscapeString(input.Text()), n)
		if _, err := client.SendOrg(stanza); err != nil {
			return err
		}
	}
	if _, err := client.SendOrg("<iq type='get' id='last' to='" + domain + "'><ping xmlns='urn:xmpp:ping'/></iq>"); err != nil {
		return err
	}
	for {
		stanza, err := client.Recv()
		if err != nil {
			return err
		}
		if iq, ok := stanza.(xmpp.IQ); ok && iq.ID == "last" {
			return nil
		}
	}
}
