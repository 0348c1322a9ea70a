package ui

import (
	"slices"
	"testing"
)

// TestChildEnvironment: the editor and the clipboard's program get the
// environment, without what is meant for us alone: it may hold the password.
func TestChildEnvironment(t *testing.T) {
	environ := []string{"PATH=/bin", "XMPPSCOPE_PASSWORD=c4nary-Pa55", "Xmppscope_Url=xmpps://a:c4nary-Pa55@h", "KEPT=yes",
		"XMPPSCOPE", ""}
	s := &screen{opts: Options{Environ: environ}}
	want := []string{"PATH=/bin", "KEPT=yes", "XMPPSCOPE", ""}
	if got := s.child(t.Context(), []string{"editor", "file"}); !slices.Equal(got.Env, want) ||
		!slices.Equal(got.Args, []string{"editor", "file"}) {
		t.Errorf("%q gets %q, want %q", got.Args, got.Env, want)
	}
	if environ[1] != "XMPPSCOPE_PASSWORD=c4nary-Pa55" {
		t.Error("the original was changed")
	}
	if got := (&screen{}).child(t.Context(), []string{"editor"}).Env; got == nil || len(got) != 0 {
		t.Errorf("of no environment, it gets %q", got)
	}
}
