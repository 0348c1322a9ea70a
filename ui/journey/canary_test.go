package journey

import (
	"encoding/base64"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// TestCanary looks for a password in everything that every command prints: as
// it is, percent-encoded, and as SASL PLAIN would carry it.
func TestCanary(t *testing.T) {
	t.Parallel()
	const canary = "k4n:4ry/π?"
	encoded := url.QueryEscape(canary)
	secrets := map[string]string{
		"raw":             canary,
		"encoded":         encoded,
		"encoded, lower":  strings.ToLower(encoded),
		"base64":          base64.StdEncoding.EncodeToString([]byte(canary)),
		"base64 of PLAIN": base64.StdEncoding.EncodeToString([]byte("\x00alice\x00" + canary)),
	}
	passwordFile := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(passwordFile, []byte(canary+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"XMPPSCOPE_PASSWORD=" + canary}
	urls := []string{
		"xmpps://alice:" + encoded + "@127.0.0.1:1/bob",
		"xmpps://alice:" + strings.ToLower(encoded) + "@127.0.0.1:1/bob",
		"xmpp://alice:" + canary + "@127.0.0.1:1/bob",
		"xmpps://alice@127.0.0.1:1/bob?pass=" + encoded,
		"xmpps://alice@127.0.0.1:1/bob?password=" + encoded + "&pass=" + encoded,
		"xmpps://alice@127.0.0.1:1/bob?mode=tls&pass=" + encoded + "&nonsense=1",
		"xmpps://alice:" + encoded + "@",
		"xmpps://alice:" + encoded,
		"xmpps://alice:" + encoded + "@1.example/bob",
		"xmpps://alice:" + encoded + "@host.example:abc/bob",
		"xmpps://alice:" + encoded + "@host.example/bob?",
		"  xmpps://alice:" + encoded + "@host.example/bob?tz=Nowhere",
		"xmpps://alice:" + encoded + "@127.0.0.1:1/bob#" + "x",
		"apprise -b x xmpps://alice:" + encoded + "@127.0.0.1:1/bob",
		"xmpp:alice:" + encoded + "@host.example",
	}
	for _, command := range []string{
		"explain", "explain --json", "explain --fix", "explain --json --fix", "--plain explain",
		"--color always explain",
		"check", "check --json", "check -v", "--plain check", "check --apply-fixes",
		"check --password-file " + passwordFile,
		"send -b x", "send -b x --json", "send -b x --dry-run", "send -b x --dry-run --json",
		"matrix", "matrix --json", "cert", "cert --json",
		"", "--plain",
	} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			for _, u := range urls {
				lookForSecrets(t, env, secrets, append(strings.Fields(command), u)...)
			}
		})
	}
	t.Run("lint", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "urls")
		if err := os.WriteFile(file, []byte(strings.Join(urls, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		lookForSecrets(t, env, secrets, "lint", file)
		lookForSecrets(t, env, secrets, "lint", "--json", file)
		lookForSecrets(t, env, secrets, "lint", "--fix", file)
	})
	for _, mistake := range []string{
		"help", "demo", "chekc", "check --until", "check extra", "--color", "completion bash", "version",
		"check --url-file", "check --password-file", "explain --url-file", "--nonsense", "-x", "check --json x",
		"lint", "lint --fix",
	} {
		t.Run("mistake: "+mistake, func(t *testing.T) {
			t.Parallel()
			for _, u := range urls[:3] {
				lookForSecrets(t, env, secrets, append(strings.Fields(mistake), u)...)
				lookForSecrets(t, env, secrets, append([]string{u}, strings.Fields(mistake)...)...)
			}
		})
	}
}

// TestCanaryEcho: a server that repeats the password where it may write does
// not bring it into events, findings or the verdict. Each place has other forms
// of it; package xmppcore tries them all.
func TestCanaryEcho(t *testing.T) {
	t.Parallel()
	spellings := loopbacktest.Spellings(loopbacktest.Canary)
	for i, place := range loopbacktest.Places("") {
		for j, command := range []string{"check", "check --json", "check -v", "--plain check", "send -b x --json",
			"matrix --json"} {
			spelling := spellings[(i+j*len(spellings)/6)%len(spellings)]
			t.Run(place.Name+"/"+command+"/"+spelling.Name, func(t *testing.T) {
				t.Parallel()
				server := loopbacktest.Start(t, loopback.Config{
					Accounts: []loopback.Account{{Name: "alice", Password: loopbacktest.Canary}},
					Rooms:    []loopback.Room{{Name: "ops"}},
					Faults:   loopbacktest.Places(spelling.Text)[i].Faults,
				})
				url := server.URL(urlspec.ModeNone, "alice", "#ops@conference.localhost") + "?roster=yes&rto=1"
				stdout, stderr, _ := invoke(t, "", nil, append(strings.Fields(command), url)...)
				if loopbacktest.Leaks(stdout + stderr) {
					t.Errorf("%q shows the password:\n%s%s", command, stdout, stderr)
				}
				if !strings.Contains(stdout, "localhost") {
					t.Errorf("%q does not tell of the server:\n%s%s", command, stdout, stderr)
				}
			})
		}
	}
}

// lookForSecrets runs the program and looks for secrets in what it prints.
func lookForSecrets(t *testing.T, env []string, secrets map[string]string, args ...string) {
	t.Helper()
	stdout, stderr, code := invoke(t, "", env, args...)
	if strings.TrimSpace(stdout+stderr) == "" {
		t.Errorf("%q gave no output and exit code %d", args, code)
	}
	for what, secret := range secrets {
		if strings.Contains(stdout, secret) || strings.Contains(stderr, secret) {
			t.Errorf("the password (%s) is in the output of %q:\n%s%s", what, args, stdout, stderr)
		}
	}
}
