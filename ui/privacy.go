package ui

import (
	"net/netip"
	"sort"
	"strings"

	"charm.land/lipgloss/v2"
)

// conceal covers names and addresses on the drawn screen, for a screenshot:
// the JIDs, hosts, nick and IP addresses of the URL and of the run.
func (s *screen) conceal(canvas *lipgloss.Canvas) {
	secrets := s.names()
	for y := range s.h {
		var row strings.Builder
		var at []int // the column of every byte of the row
		for x := range s.w {
			if c := canvas.CellAt(x, y); c != nil {
				for range len(c.Content) {
					at = append(at, x)
				}
				row.WriteString(c.Content)
			}
		}
		text := row.String()
		for _, secret := range secrets {
			for from := 0; ; {
				i := strings.Index(text[from:], secret)
				if i < 0 {
					break
				}
				i += from
				for x := at[i]; x <= at[i+len(secret)-1]; x++ {
					if c := canvas.CellAt(x, y); c != nil {
						c = c.Clone()
						c.Content, c.Width = "x", 1
						canvas.SetCell(x, y, c)
					}
				}
				from = i + len(secret)
			}
		}
	}
}

// names are the texts that tell who and where, longest first.
func (s *screen) names() []string {
	set := map[string]bool{}
	add := func(text string) {
		if text = clean(text); len(text) > 1 {
			set[text] = true
		}
	}
	jid := func(text string) {
		local, rest, _ := strings.Cut(text, "@")
		domain, resource, _ := strings.Cut(rest, "/")
		add(local)
		add(domain)
		add(resource)
	}
	r := s.url.spec.Reading
	jid(r.LoginJID)
	add(r.User)
	add(r.Host)
	add(r.TCPHost)
	add(r.Nick)
	for _, t := range r.Targets {
		jid(t.JID)
	}
	if run := s.run(); run != nil {
		jid(run.Spec.Reading.LoginJID)
		add(run.Spec.Reading.TCPHost)
		for _, t := range run.Spec.Reading.Targets {
			jid(t.JID)
		}
		if run.DNS != nil {
			for _, a := range run.DNS.Addresses {
				add(a)
			}
		}
		for _, d := range run.Deliveries {
			add(d.ID)
		}
		if run.TCP != nil {
			for _, endpoint := range []string{run.TCP.Address, run.TCP.Local} {
				if a, err := netip.ParseAddrPort(endpoint); err == nil {
					add(a.Addr().String())
				}
			}
		}
		if run.TLS != nil {
			for _, name := range run.TLS.Names {
				add(name)
			}
		}
	}
	all := make([]string, 0, len(set))
	for name := range set {
		all = append(all, name)
	}
	sort.Slice(all, func(i, j int) bool { return len(all[i]) > len(all[j]) })
	return all
}
