package xmppcore

import (
	"slices"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// TestMatrixThroughProxy: behind a SOCKS5 proxy every place is a name that the
// proxy looks up; nothing is looked up here.
func TestMatrixThroughProxy(t *testing.T) {
	const connectionRefused = 5
	proxy := newSOCKS(t, "", connectionRefused)
	job := MatrixJob{Ports: []int{443}, Job: Job{Proxy: "socks5://" + proxy.address, Lookup: nameTable{},
		Reading: urlspec.Reading{Accepted: true, LoginJID: "alice@example.test", StreamTo: "example.test", Host: "example.test",
			TCPHost: "im.example.test", Port: 5222, Mode: urlspec.ModeSTARTTLS, CTO: 10, RTO: 10}}}
	cells, err := Matrix(t.Context(), job, nil)
	if err != nil {
		t.Fatal(err)
	}
	var places []string
	for _, c := range cells {
		if c.Mode != "" || c.Failure == nil || c.Failure.Cause != event.CauseProxy {
			t.Errorf("%s %s: %+v", c.Address, c.Mode, c.Failure)
		}
		places = append(places, c.Address)
	}
	want := []string{"im.example.test:5222", "im.example.test:443", "example.test:5222", "example.test:443"}
	if !slices.Equal(places, want) {
		t.Errorf("places %q, want %q", places, want)
	}
	proxy.mu.Lock()
	defer proxy.mu.Unlock()
	slices.Sort(proxy.asked)
	slices.Sort(want)
	if !slices.Equal(proxy.asked, want) {
		t.Errorf("the proxy was asked for %q, want %q", proxy.asked, want)
	}
}
