package xmppcore

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xmppscope/xmppcore/event"
)

func srvTable() nameTable {
	return nameTable{
		ips: map[string][]string{"example.test": {"127.0.0.1"}},
		srv: map[string][]*net.SRV{
			"xmpp-client": {{Target: "b.example.test.", Port: 5222, Priority: 20}, {Target: "a.example.test.", Port: 5269,
				Priority: 10, Weight: 5}, {Target: "c.example.test.", Port: 443, Priority: 10, Weight: 90}},
			"xmpps-client": {{Target: ".", Port: 0}},
		},
	}
}

func TestSRVAdvice(t *testing.T) {
	var log told
	a := adviseSRV(t.Context(), Job{Lookup: srvTable()}, destination{Host: "example.test", Reference: "example.test"},
		log.recorder())
	want := []event.SRVRecord{
		{Service: "_xmpp-client", Target: "c.example.test", Port: 443, Priority: 10, Weight: 90},
		{Service: "_xmpp-client", Target: "a.example.test", Port: 5269, Priority: 10, Weight: 5},
		{Service: "_xmpp-client", Target: "b.example.test", Port: 5222, Priority: 20},
		{Service: "_xmpps-client", Target: "."},
	}
	if d := cmp.Diff(want, a.wait(t.Context()).SRV); d != "" {
		t.Errorf("records (-want +got):\n%s", d)
	}
	a.stop()
	var texts []string
	for _, e := range log.events {
		texts = append(texts, e.Item+" "+string(e.State)+" "+e.Text)
	}
	all := strings.Join(texts, "\n")
	for _, part := range []string{
		"_xmpp-client._tcp.example.test ok SRV, as advice: c.example.test:443, a.example.test:5269, b.example.test:5222",
		"_xmpps-client._tcp.example.test ok the domain says that it has no such service"} {
		if !strings.Contains(all, part) {
			t.Errorf("events lack %q:\n%s", part, all)
		}
	}
}

// TestSRVAdviceIsBeside: a look-up that never ends neither delays nor outlives
// the connection.
func TestSRVAdviceIsBeside(t *testing.T) {
	port := listen(t)
	table := srvTable()
	table.hang = true
	job, p := Job{Lookup: table}, destination{Host: "example.test", Reference: "example.test", Port: port}
	var log told
	rec := log.recorder()
	a := adviseSRV(t.Context(), job, p, rec)
	conn, _, failure := dial(t.Context(), job, p, a, rec)
	if failure != nil {
		t.Fatal(failure)
	}
	conn.Close()
	before := len(log.lines())
	a.stop()
	if after := len(log.lines()); after != before {
		t.Errorf("stop told %d events", after-before)
	}
}

// TestSRVAdviceOnFailure: when the name has no address, the records are in the
// answer: they say where the server is.
func TestSRVAdviceOnFailure(t *testing.T) {
	table := srvTable()
	table.ips = nil
	job, p := Job{Lookup: table}, destination{Host: "example.test", Reference: "example.test", Port: 5222}
	var log told
	rec := log.recorder()
	a := adviseSRV(t.Context(), job, p, rec)
	_, _, failure := dial(t.Context(), job, p, a, rec)
	a.stop()
	if failure == nil || failure.Cause != event.CauseNoSuchHost {
		t.Fatal(failure)
	}
	if data, ok := log.last(event.StageDNS).Data.(event.DNS); !ok || len(data.SRV) != 4 || data.Host != "example.test" {
		t.Errorf("data %+v", log.last(event.StageDNS).Data)
	}
}

func TestSRVAdviceNowhere(t *testing.T) {
	for _, p := range []destination{
		{Host: "127.0.0.1", Reference: "example.test"},
		{Host: "localhost", Reference: "example.test"},
		{Host: "192.0.2.1", Reference: "192.0.2.1"},
		{Host: "x.example", Reference: "::1"},
		{Host: "x.example", Reference: "x.localhost"},
		{Host: "x.example"},
	} {
		a := adviseSRV(t.Context(), Job{Lookup: nameTable{hang: true}}, p, new(told).recorder())
		if a != nil || a.known().SRV != nil || a.wait(t.Context()).SRV != nil {
			t.Errorf("%+v: look-ups were begun", p)
		}
		a.stop()
	}
}

// aliases is a resolver that knows what each name leads to, and no SRV records.
type aliases map[string]string

func (a aliases) LookupCNAME(_ context.Context, host string) (string, error) {
	if to, known := a[host]; known {
		return to, nil
	}
	return "", &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (aliases) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) { return nil, nil }

func (aliases) LookupSRV(context.Context, string, string, string) (string, []*net.SRV, error) {
	return "", nil, nil
}

// TestCompleted: a name is completed by a search domain only where the name alone,
// with a dot at its end, does not lead to the same.
func TestCompleted(t *testing.T) {
	names := aliases{
		"short":         "short.corp.test.", // completed
		"www":           "www.corp.test.",   // completed, although there is another one at the top
		"www.":          "www.",
		"cdn.test":      "cdn.test.edge.test.", // an alias, as of networks that keep copies
		"cdn.test.":     "cdn.test.edge.test.",
		"whole.test":    "whole.test.",
		"whole.test.":   "whole.test.",
		"another.test":  "server.test.",
		"another.test.": "server.test.",
	}
	for host, want := range map[string]string{"short": "short.corp.test", "www": "www.corp.test", "cdn.test": "",
		"whole.test": "", "another.test": "", "missing.test": "", "192.0.2.1": ""} {
		var log told
		a := newAside(t.Context(), log.recorder())
		a.askCompleted(t.Context(), Job{Lookup: names}, host)
		a.stop()
		got := ""
		for _, e := range log.events {
			if data, ok := e.Data.(event.DNS); ok {
				got += data.Completed
			}
		}
		if got != want {
			t.Errorf("%s: completed to %q, want %q", host, got, want)
		}
	}
}
