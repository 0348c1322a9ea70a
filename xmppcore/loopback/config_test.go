package loopback

import (
	"crypto/tls"
	"strings"
	"testing"
	"time"
)

// TestConfig refuses what cannot work, and says what is wrong.
func TestConfig(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		config Config
		want   string
	}{
		{Config{Domain: "Example.ORG"}, `"Example.ORG" is not a domain as JIDs have it`},
		{Config{Domain: "a@example.org"}, `"a@example.org" is not a domain as JIDs have it`},
		{Config{Service: "rooms/x"}, `"rooms/x" is not a domain as JIDs have it`},
		{Config{Service: "localhost"}, `the room service "localhost" is the domain of the accounts`},
		{Config{Accounts: []Account{{Name: "a@b"}}}, `account "a@b": the name is not the localpart of a JID`},
		{Config{Accounts: []Account{{}}}, `account "": the name is not the localpart of a JID`},
		{Config{Accounts: []Account{{Name: "bob"}, {Name: "Bob"}}}, `account "Bob": there are two of this name`},
		{Config{Accounts: []Account{{Name: "bob", Contacts: []string{"@"}}}}, `account "bob": contact: JID "@"`},
		{Config{Rooms: []Room{{Name: "x/y"}}}, `room "x/y": the name is not the localpart of a JID`},
		{Config{Rooms: []Room{{Name: "dev"}, {Name: "dev"}}}, `room "dev": there are two of this name`},
		{Config{Rooms: []Room{{Name: "dev", Members: []string{"@"}}}}, `room "dev": member: JID "@"`},
		{Config{Rooms: []Room{{Name: "dev", Banned: []string{"@"}}}}, `room "dev": outcast: JID "@"`},
		{Config{Rooms: []Room{{Name: "dev", Occupants: []string{""}}}},
			`room "dev": the nick "" is not the resourcepart of a JID`},
		{Config{Mechanisms: []string{"DIGEST-MD5"}}, `mechanism "DIGEST-MD5": we know PLAIN and SCRAM`},
		{Config{Bindings: []string{"bogus"}}, `channel binding "bogus": we know tls-exporter`},
		{Config{MinTLS: tls.VersionTLS13, MaxTLS: tls.VersionTLS12}, "TLS from TLS 1.3 to TLS 1.2: no version is left"},
		{Config{Certificate: 99}, "certificate kind 99: there is none"},
		{Config{MaxBytes: 100}, "largest element of 100 bytes: RFC 6120 13.12 asks for 10000"},
		{Config{LoginTimeout: -time.Second}, "login timeout of -1s"},
		{Config{Faults: Faults{Iterations: -1}}, "SCRAM iterations below 0"},
		{Config{Faults: Faults{Silent: "bogus"}}, `fault at the step "bogus": there are ["connect" "header"`},
		{Config{Faults: Faults{Reply: map[Step]string{"": "x"}}}, `fault at the step "": there are`},
		{Config{STARTTLS: 70000}, "port for mode=starttls: "},
	} {
		s, err := Start(tt.config)
		if err == nil {
			_ = s.Close()
			t.Errorf("started, want %s", tt.want)
			continue
		}
		if !strings.HasPrefix(err.Error(), "loopback server: "+tt.want) {
			t.Errorf("got %v\nwant %s", err, tt.want)
		}
	}
}
