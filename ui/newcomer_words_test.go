package ui

import (
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// TestOneSignOneMeaning: with --ascii, no two signs of ours that say something are the
// same. Frames, arrows of a list and quotation marks only draw.
func TestOneSignOneMeaning(t *testing.T) {
	g := unicodeGlyphs()
	said := map[string]string{}
	for _, sign := range []string{g.ok, g.warn, g.fail, g.skip, g.waiting, g.changed, g.meant, g.bullet, cutSign} {
		shown := sign
		if ascii, ours := asciiSign[sign]; ours {
			shown = ascii
		}
		if other, taken := said[shown]; taken {
			t.Errorf("%q stands for %q and for %q", shown, sign, other)
		}
		said[shown] = sign
		if s := open(t, 80, 24, Options{}); !strings.Contains(s.legend(), sign+" ") {
			t.Errorf("the help does not say what %q is", sign)
		}
	}
}

// TestLongPasteAsksWhereItGoes: what no pane takes is not asked about, and the question
// names the pane that takes it.
func TestLongPasteAsksWhereItGoes(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL})
	s.press("3")
	s.paste(strings.Repeat("a", pasteAsks+1))
	s.mustShow("this pane takes no text")
	if len(s.dialogs) > 0 {
		t.Error("it asks about what nothing comes of")
	}
	s.paste("xmpps://bob:pw@example.test/carol\n" + strings.Repeat("b\n", pasteAsks))
	s.mustShow("pane 1, URL?")
}

// TestUnfinishedOffersNoFix: what is only begun is not mended, however Apprise reads
// what stands there.
func TestUnfinishedOffersNoFix(t *testing.T) {
	s := open(t, 80, 24, Options{})
	for _, r := range "xmpps://alice:" {
		s.press(string(r))
	}
	s.mustShow("unfinished")
	if strings.Contains(s.plain(), "alt+f") {
		t.Errorf("it offers a port for what is a password:\n%s", s.plain())
	}
}

// TestResendWhileTyping: a partial failure names the key that sends again, also while
// somebody types.
func TestResendWhileTyping(t *testing.T) {
	s := open(t, 80, 24, Options{URL: "xmpps://alice:pw@example.test/bob/ghost/%23ops@conference.example.test",
		Body: "hi", Run: partial})
	s.press("i", "ctrl+s", "enter")
	s.finish()
	s.mustShow("arrived", "alt+s resend", "alt+d details")
	s.press("alt+s")
	s.mustShow("Send", "of 1 recipient")
	s.press("esc", "esc", "alt+s") // it is the same where keys are commands
	s.mustShow("Send", "of 1 recipient")
}

// TestLegendOfWhatCame: after a send, only the evidence that came is explained, so that
// it is not cut, and not what stands above it already.
func TestLegendOfWhatCame(t *testing.T) {
	for evidence, want := range map[event.Evidence]string{event.Received: event.Received.Words(), event.Accepted: ""} {
		r := &model.Run{Deliveries: []event.Delivery{{To: "bob@example.test", Evidence: evidence}}}
		shown := "1 of 1: 1 received"
		if evidence == event.Accepted {
			shown = "1 of 1: 1 taken by the server"
		}
		if got := legendOf(r, shown); got != want {
			t.Errorf("the legend is %q, not %q", got, want)
		}
	}
}
