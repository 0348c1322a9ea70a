package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"xmppscope/urlspec"
)

// preview shows every message as it will go out.
func (s *screen) preview() tea.Cmd {
	s.open(&textDialog{title: "What will be sent", text: (*screen).previewLines})
	return nil
}

// previewLines is every message as it will go out.
func (s *screen) previewLines(w int) []string {
	plan := s.send.plan(s.ctx, s.url.spec.Reading)
	if !plan.Accepted {
		return []string{"", " " + s.st.warn.Render(s.st.glyphs.warn) + " not sent: " + clean(plan.Reason), ""}
	}
	lines := []string{""}
	for i, m := range plan.Messages {
		length := plan.Lengths()[i]
		lines = append(lines, " "+s.st.titleFocus.Render(fmt.Sprintf("message %d of %d", i+1, len(plan.Messages)))+
			s.st.muted.Render(fmt.Sprintf("   %d code points", length.Body)))
		if m.Subject != "" {
			lines = append(lines, " "+s.st.muted.Render("subject ")+clean(urlspec.RedactProse(m.Subject)))
		}
		for _, text := range strings.Split(strings.ReplaceAll(urlspec.RedactProse(m.Body), "\r\n", "\n"), "\n") {
			for _, line := range wrap(clean(text), max(10, w-5)) {
				lines = append(lines, " "+s.st.border.Render(s.st.glyphs.rule)+" "+line)
			}
		}
		lines = append(lines, "")
	}
	return lines
}
