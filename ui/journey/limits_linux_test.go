package journey

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// TestFewDescriptors: a process that may open few files or connections says that it
// is that, wherever it meets the limit, and blames nobody else.
func TestFewDescriptors(t *testing.T) {
	t.Parallel()
	server := loopbacktest.Start(t, loopback.Config{})
	authority := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(authority, server.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	limited, whole := 0, 0
	for most := 7; most < 20; most++ { // with fewer, Go itself does not start
		shell := command(t, nil)
		shell.Path, shell.Args = "/bin/sh", []string{"sh", "-c", fmt.Sprintf("ulimit -n %d; exec \"$@\"", most), "sh",
			program(t), "check", login(server.STARTTLSPort(), "bob")}
		shell.Env = append(shell.Env, "SSL_CERT_FILE="+authority)
		out, err := shell.CombinedOutput()
		switch code := exitCode(t, err); {
		case code == model.ExitDone:
			whole++
		case code == model.ExitInternal && strings.Contains(string(out), "error: own-limit: "):
			limited++
		default:
			t.Errorf("with %d descriptors: exit code %d\n%s", most, code, out)
		}
	}
	if limited == 0 || whole == 0 {
		t.Errorf("%d were limited and %d were not", limited, whole)
	}
}
