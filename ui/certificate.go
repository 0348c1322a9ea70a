package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
)

// openCertificate shows the certificate of the run against every name that it
// could be asked for.
func (s *screen) openCertificate() tea.Cmd {
	r := s.run()
	s.open(&pages{title: "Certificate", text: func(s *screen, w int) []string {
		p := newSheet(s.st, w)
		p.label = stageLabel
		p.certificateFacts(model.Inspect(*r.TLS, r.Spec.Reading, s.opts.Clock()))
		return p.lines
	}, answers: func(*screen) []string { return []string{"c", "copy the chain (PEM)", "esc", "close"} }, extra: func(s *screen, name string) (tea.Cmd, bool) {
		if name != "c" {
			return nil, false
		}
		return s.copyChain(r), true
	}})
	return nil
}

func whyNoCertificate(s *screen) string {
	r := s.run()
	return unless(r != nil && r.TLS != nil && len(r.TLS.Chain) > 0, "no certificate has been seen yet; enter in the URL checks it")
}

func (s *screen) copyChain(r *model.Run) tea.Cmd {
	cmd := s.copyText("the certificates", model.PEM(r.TLS.Chain))
	s.notice = fmt.Sprintf("copied %s as PEM", count(len(r.TLS.Chain), "certificate"))
	return cmd
}

func (p *sheet) certificateFacts(c model.CertificateReport) {
	g := p.st.glyphs
	switch {
	case c.Valid && c.Validity.State != "valid":
		p.say(p.st.warn, g.warn, "valid for the JID domain, but it "+c.Validity.State+": "+daysLeft(c.Validity.Days))
	case c.Valid:
		p.say(p.st.ok, g.ok, "valid for the JID domain, "+daysLeft(c.Validity.Days))
	case c.Problem != "":
		p.say(p.st.fail, g.fail, "not valid: "+c.Problem)
	default:
		p.say(p.st.fail, g.fail, "not valid: "+c.Validity.State)
	}
	p.head("Names it could be asked for")
	for _, n := range c.Names {
		text := n.Name + ": "
		switch {
		case n.Match != "":
			p.marked(g.ok, p.st.ok, n.What, text+"yes, by "+n.Match+"; "+n.Note)
		case n.Required:
			p.marked(g.fail, p.st.fail, n.What, text+"no; "+n.Note)
		default:
			p.marked(g.skip, p.st.muted, n.What, text+"no; "+n.Note)
		}
	}
	p.fact("it names", orDash(strings.Join(c.Presented, ", ")))
	p.fact("valid from", c.Validity.NotBefore)
	p.fact("valid until", c.Validity.NotAfter)
	for i, l := range c.Chain {
		p.head(fmt.Sprintf("Certificate %d of %d as sent", i+1, len(c.Chain)))
		p.fact("subject", l.Subject)
		p.fact("issuer", l.Issuer)
		p.fact("key", l.Key+", signed with "+l.Signature+", until "+l.NotAfter)
		p.factIn(p.st.fail, "", l.Note)
		p.fingerprint("SHA-256", l.Fingerprint(), ":")
		p.fingerprint("of its key", l.SPKI, "")
	}
	p.head("Who trusts it")
	if c.Trust.System {
		p.marked(g.ok, p.st.ok, "here", "this machine trusts its authority")
	} else {
		p.marked(g.fail, p.st.fail, "here", "this machine does not trust its authority: "+c.Trust.Why)
	}
	if c.MissingIssuer != "" {
		p.factIn(p.st.warn, "missing", "the certificate of the issuer "+c.MissingIssuer+" was not sent")
		p.fact("", strings.Join(c.IssuerURLs, " "))
	}
	p.fact("Apprise", "that it trusts it is "+c.Trust.Certifi+": "+c.Trust.Because)
	p.fact("to know", c.Trust.Test)
}

// fingerprint breaks bytes in hex into lines of the same length.
func (p *sheet) fingerprint(label, text, between string) {
	size := 2 + len(between)
	for length := 16; text != ""; label = "" {
		if p.w-p.label-4 < length*size {
			length = 8
		}
		n := min(length*size, len(text))
		p.fact(label, strings.TrimSuffix(text[:n], between))
		text = text[n:]
	}
}

func daysLeft(days int) string {
	if days < 0 {
		return "over for " + count(-days, "day")
	}
	return count(days, "day") + " left"
}
