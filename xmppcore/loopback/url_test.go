package loopback

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"xmppscope/urlspec"
)

// TestURL builds the URLs of all modes.
func TestURL(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Accounts: []Account{{Name: "alice", Password: "p@ss:/w?#%"}, {Name: "bob", Password: "x"}}})
	ports := strings.NewReplacer(
		strconv.Itoa(s.STARTTLSPort()), "S", strconv.Itoa(s.TLSPort()), "T", strconv.Itoa(s.PlainPort()), "N")
	toY := link{account: "bob", targets: []string{"y"}}
	direct, misled := toY, toY
	direct.mode, direct.params = urlspec.ModeTLS, []string{"a=1"}
	misled.port, misled.host = urlspec.ModeTLS, "127.0.0.1"
	for _, tt := range []struct{ got, want string }{
		{s.URL(urlspec.ModeSTARTTLS, "alice", "bob"), "xmpps://alice:p%40ss%3A%2Fw%3F%23%25@localhost:S/bob"},
		{s.URL(urlspec.ModeTLS, "bob"), "xmpps://bob:x@localhost:T?mode=tls"},
		{s.URL(urlspec.ModeNone, "bob", "#dev@conference.localhost", "a@b/c d"),
			"xmpp://bob:x@localhost:N/%23dev@conference.localhost/a@b%2Fc%20d"},
		{s.URL(urlspec.ModeSTARTTLS, "nobody"), "xmpps://nobody:@localhost:S"},
		{direct.with("b=2").url(s), "xmpps://bob:x@localhost:T/y?mode=tls&a=1&b=2"},
		{misled.with("b=2").url(s), "xmpps://bob:x@127.0.0.1:T/y?b=2"},
		{s.Domain() + " " + s.Service(), "localhost conference.localhost"},
	} {
		if got := ports.Replace(tt.got); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

// TestStandardPorts takes 5222 and 5223 when they are free, and others when not.
func TestStandardPorts(t *testing.T) {
	first, second := start(t, Config{StandardPorts: true}), start(t, Config{StandardPorts: true})
	for _, port := range []int{second.STARTTLSPort(), second.TLSPort()} {
		if port == 0 || port == first.STARTTLSPort() || port == first.TLSPort() || port == 5222 || port == 5223 {
			t.Errorf("port %d", port)
		}
	}
	if first.STARTTLSPort() == 5222 {
		if got, want := first.URL(urlspec.ModeSTARTTLS, "alice"), "xmpps://alice:alice-pw@localhost"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestResolver looks up what the DNS has, and what it has not.
func TestResolver(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Domain: "corp.test"})
	r := s.Resolver()
	for _, tt := range []struct{ network, host, want string }{
		{"ip", "localhost", "[127.0.0.1 ::1]"}, {"ip4", "LOCALHOST.", "[127.0.0.1]"}, {"ip6", "localhost", "[::1]"},
		{"ip4", "xmpp.corp.test", "[127.0.0.1]"},
		{"ip", "192.0.2.1", "[192.0.2.1]"}, {"ip", "corp.test", "not found"}, {"ip", "example.org", "not found"},
	} {
		addrs, err := r.LookupNetIP(t.Context(), tt.network, tt.host)
		if got := answer(addrs, err); got != tt.want {
			t.Errorf("%s %s: got %s, want %s", tt.network, tt.host, got, tt.want)
		}
	}
	for _, tt := range []struct{ service, name, want string }{
		{"xmpp-client", "corp.test", fmt.Sprintf("localhost. %d", s.STARTTLSPort())},
		{"xmpps-client", "Corp.Test.", fmt.Sprintf("localhost. %d", s.TLSPort())},
		{"xmpp-server", "corp.test", "not found"}, {"xmpp-client", "localhost", "not found"},
	} {
		_, records, err := r.LookupSRV(t.Context(), tt.service, "tcp", tt.name)
		got := answer(nil, err)
		if err == nil {
			got = fmt.Sprintf("%s %d", records[0].Target, records[0].Port)
		}
		if got != tt.want {
			t.Errorf("%s %s: got %s, want %s", tt.service, tt.name, got, tt.want)
		}
	}
	local := start(t, Config{}).Resolver()
	if _, _, err := local.LookupSRV(t.Context(), "xmpp-client", "tcp", "localhost"); err == nil {
		t.Error("localhost has SRV records")
	}
}

func answer(addrs []netip.Addr, err error) string {
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return "not found"
	}
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(addrs)
}
