package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"xmppscope/urlspec/document"
	"xmppscope/xmppcore/event"
)

// pasteAsks is how many bytes are pasted without a question: what is longer is
// seldom meant, and fills a message that may be sent next.
const pasteAsks = 4 << 10

// paste puts pasted text where the keys go. Terminals send a line break as a
// carriage return.
func (s *screen) paste(text string) tea.Cmd {
	if len(text) > textLimit {
		s.notice = tooLong("what was pasted")
		return nil
	}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	if n := len(s.dialogs); n > 0 {
		s.dialogs[n-1].paste(text)
		return nil
	}
	to := s.takesPaste(text)
	if to == nil {
		s.notice = "this pane takes no text, and what was pasted holds no URL"
		return nil
	}
	if len(text) > pasteAsks {
		s.open(confirm("Paste", []string{fmt.Sprintf("%.1f kB of text, in %s. Put it into pane %d, %s?",
			float64(len(text))/1000, event.Count(strings.Count(text, "\n")+1, "line"), s.number(to), to.name())},
			"paste it", func(s *screen) tea.Cmd { return s.pasteHere(text) }))
		return nil
	}
	return s.pasteHere(text)
}

// takesPaste is the pane that pasted text goes to: the one that has the keys where it
// takes text, else the URL where the text holds one, else none.
func (s *screen) takesPaste(text string) pane {
	if s.typing || s.focus.writes() {
		return s.focus
	}
	if _, _, found := document.Extract(text); found || several(text) != nil {
		return &s.url
	}
	return nil
}

// pasteHere puts text into the pane that has the keys; into the URL where that pane
// takes no text and the text holds one. A URL inside the text replaces what the URL
// field held.
func (s *screen) pasteHere(text string) tea.Cmd {
	url, left, found := document.Extract(text)
	parts := several(text)
	if !s.typing {
		if s.focus.writes() {
			s.typing = true
		} else {
			s.toURL()
		}
	}
	if !s.typingURL() {
		if field := s.focus.field(); field != nil {
			before := snapshot{field.text, field.cursor}
			field.insert(text)
			s.focus.typed(s, before)
		}
		return nil
	}
	switch {
	case parts != nil:
		s.chooseURL(parts, func(*screen) tea.Cmd { return nil })
	case !found:
		s.url.insert(text)
		s.edited()
	default:
		s.url.replace(url, len(url))
		s.edited()
		if left != "" {
			s.notice = "found the URL; alt+u undoes it; left out of what was pasted: " + clean(left)
		}
	}
	return nil
}
