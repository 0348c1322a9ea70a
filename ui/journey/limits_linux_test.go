package journey

import (
	"fmt"
	"os"
	"os/exec"
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
	for most := 7; most < 20; most++ {
		shell := withDescriptors(t, most, "check", login(server.STARTTLSPort(), "bob"))
		shell.Env = append(shell.Env, "SSL_CERT_FILE="+authority)
		out, err := shell.CombinedOutput()
		switch code := exitCode(t, err); {
		case code == model.ExitDone:
			whole++
		case code == model.ExitInternal && strings.Contains(string(out), "error: own-limit: "):
			limited++
		case code == model.ExitInternal && strings.HasPrefix(string(out), "xmppscope: this machine lets us open nothing more"):
			// Go could not even wait for one.
		default:
			t.Errorf("with %d descriptors: exit code %d\n%s", most, code, out)
		}
	}
	if limited == 0 || whole == 0 {
		t.Errorf("%d were limited and %d were not", limited, whole)
	}
}

// TestTooFewDescriptors: where there are not even those that Go needs, or only those,
// every command says so in a sentence: Go itself would end it with a stack trace.
func TestTooFewDescriptors(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "apprise.txt")
	if err := os.WriteFile(file, []byte("xmpps://alice:alice-pw@localhost:1/bob\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for most := 4; most < 9; most++ { // with fewer, the system does not even start it
		for _, args := range [][]string{{"lint", file}, {"lint", "--fix", file}, {"explain", "--url-file", file},
			{"check", "--url-file", file}, {"cert", "--url-file", file}, {"demo", "--no-ui"}} {
			out, err := withDescriptors(t, most, args...).CombinedOutput()
			code, told := exitCode(t, err), strings.Contains(string(out), "too many open files")
			if strings.Contains(string(out), "goroutine ") || most < 6 && (code != model.ExitInternal || !told) {
				t.Errorf("%s with %d descriptors: exit code %d\n%s", args[0], most, code, out)
			}
		}
	}
}

// withDescriptors is a command line of the program that may open so few files.
func withDescriptors(t *testing.T, most int, args ...string) *exec.Cmd {
	t.Helper()
	shell := command(t, nil)
	shell.Path = "/bin/sh"
	shell.Args = append([]string{"sh", "-c", fmt.Sprintf("ulimit -n %d; exec \"$@\"", most), "sh",
		program(t)}, args...)
	return shell
}
