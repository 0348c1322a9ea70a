package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
	"xmppscope/model/inspect"
	"xmppscope/xmppcore/event"
)

// openCertificate shows the certificate of the run against every name that it
// could be asked for.
func (s *screen) openCertificate() tea.Cmd {
	r := s.run()
	s.open(&textDialog{
		title: "Certificate",
		text: func(s *screen, w int) []string {
			p := newFactPage(s.st, w)
			p.paint(inspect.Certificate(*r.TLS, r.Spec.Reading, s.opts.Clock()).Facts())
			return p.lines
		},
		answers: func(*screen) []string { return []string{"c", "copy the chain (PEM)", "esc", "close"} },
		extra: func(s *screen, name string) (tea.Cmd, bool) {
			if name != "c" {
				return nil, false
			}
			return s.copyChain(r), true
		},
	})
	return nil
}

func whyNoCertificate(s *screen) string {
	r := s.run()
	seen := r != nil && r.TLS != nil && len(r.TLS.Chain) > 0
	return unless(seen, "no certificate has been seen yet; enter in the URL checks it")
}

func (s *screen) copyChain(r *model.Run) tea.Cmd {
	cmd := s.copyText("the certificates", inspect.PEM(r.TLS.Chain))
	s.notice = fmt.Sprintf("copied %s as PEM", event.Count(len(r.TLS.Chain), "certificate"))
	return cmd
}
