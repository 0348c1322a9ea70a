//go:build unix

package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The editor and the other programs that the screen starts get the environment,
// without what is meant for us alone: it may hold the password.
func TestEditorEnvironment(t *testing.T) {
	folder := t.TempDir()
	script, seen := filepath.Join(folder, "editor"), filepath.Join(folder, "seen")
	if err := os.WriteFile(script, []byte("env >"+seen+"; echo written >\"$1\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	x := newSilent(t)
	env := map[string]string{"EDITOR": "/bin/sh " + script}
	done := x.show(Options{URL: goodURL, Env: func(name string) string { return env[name] }, Environ: []string{
		"PATH=" + os.Getenv("PATH"), "XMPPSCOPE_PASSWORD=c4nary-Pa55", "Xmppscope_Url=xmpps://a:c4nary-Pa55@h", "KEPT=yes"}})
	x.see(0, "Nothing has run yet.")
	x.press("\x1b7\x0f") // to the message, and to its editor
	x.see(0, "message taken from the editor")
	x.press("\x03")
	<-done
	text, err := os.ReadFile(seen)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.ToLower(string(text)); !strings.Contains(got, "kept=yes") || strings.Contains(got, "c4nary") ||
		strings.Contains(got, "xmppscope_") {
		t.Errorf("the editor got %q", text)
	}
	if none := (&screen{}).childEnvironment(); none == nil || len(none) != 0 {
		t.Errorf("of no environment, it gets %q", none)
	}
}
