//go:build servers

package servertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Prosody starts Debian's Prosody.
func Prosody(t testing.TB, options Options) *Server {
	t.Helper()
	binary := find(t, "prosody", "prosody")
	return start(t, func(ctx context.Context, ports [3]int) (*Server, error) {
		return startProsody(ctx, t, binary, options, ports)
	})
}

// startProsody is one attempt, with given ports.
func startProsody(ctx context.Context, t testing.TB, binary string, options Options, ports [3]int) (*Server, error) {
	t.Helper()
	folder := t.TempDir()
	authority := newAuthority(t, folder)
	authority.issue(t, folder, "server", options.Certificate)
	server := &Server{Name: "prosody", STARTTLS: ports[0], DirectTLS: ports[1], Plain: ports[2],
		CAFile: authority.file, Roots: authority.roots(), authority: authority}

	writeAccounts(t, folder)
	makeFolder(t, filepath.Join(folder, "certs")) // it looks there first
	makeFolder(t, filepath.Join(folder, "modules"))
	copyFile(t, "mod_testrooms.lua", filepath.Join(folder, "modules", "mod_testrooms.lua"))
	file := filepath.Join(folder, "prosody.cfg.lua")
	render(t, "prosody.cfg.lua", file, config{Dir: folder,
		Domain: Domain, PlainDomain: PlainDomain, Rooms: RoomService,
		STARTTLS: server.STARTTLS, DirectTLS: server.DirectTLS, Plain: server.Plain,
		TLS: versionName(options.TLS), Strict: options.Strict})

	cmd := exec.Command(binary, "--config", file, "-F")
	cmd.Dir = folder
	return server, beginServer(ctx, t, server.Name, cmd)
}

// writeAccounts writes one file for each user, which is how Prosody's internal
// storage keeps them: the dots of a domain are written as %2e.
func writeAccounts(t testing.TB, folder string) {
	t.Helper()
	for _, domain := range []string{Domain, PlainDomain} {
		accounts := filepath.Join(folder, "data", strings.ReplaceAll(domain, ".", "%2e"), "accounts")
		makeFolder(t, accounts)
		for _, user := range Users() {
			account := fmt.Sprintf("return { [%q] = %q };\n", "password", Password(user))
			if err := os.WriteFile(filepath.Join(accounts, user+".dat"), []byte(account), 0o600); err != nil {
				t.Fatal("servertest: ", err)
			}
		}
	}
}
