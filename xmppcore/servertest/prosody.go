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

// prosodyRelease is one of the Prosodys.
type prosodyRelease struct {
	name, binary string
	// modules are loaded beside the usual ones.
	modules []string
	// sealed is true where Debian has the module mod_require_otr.
	sealed bool
	// roomModules are loaded for rooms with Options.Policies.
	roomModules []string
}

func prosody012(t testing.TB) prosodyRelease {
	return prosodyRelease{name: "prosody", binary: find(t, "prosody", "prosody"), sealed: true}
}

func prosody13(t testing.TB) prosodyRelease {
	return prosodyRelease{name: "prosody-13", binary: newer(t, "prosody"), roomModules: []string{"muc_limits"}}
}

// Prosody starts Prosody 0.12, which is Debian 12's.
func Prosody(t testing.TB, options Options) *Server {
	t.Helper()
	return prosody012(t).start(t, options)
}

// Prosody13 starts Prosody 13 as Debian packages it, without SASL2.
func Prosody13(t testing.TB, options Options) *Server {
	t.Helper()
	return prosody13(t).start(t, options)
}

// Prosody13SASL2 starts Prosody 13 with the community modules for SASL2
// (XEP-0388) and bind2 (XEP-0386).
func Prosody13SASL2(t testing.TB, options Options) *Server {
	t.Helper()
	release := prosody13(t)
	release.name, release.modules = "prosody-13-sasl2", []string{"sasl2", "sasl2_bind2"}
	return release.start(t, options)
}

func (release prosodyRelease) start(t testing.TB, options Options) *Server {
	t.Helper()
	return start(t, func(ctx context.Context, ports ports) (*Server, error) {
		return release.attempt(ctx, t, options, ports)
	})
}

// attempt is one attempt to start, with given ports.
func (release prosodyRelease) attempt(ctx context.Context, t testing.TB, options Options,
	ports ports) (*Server, error) {
	t.Helper()
	folder := t.TempDir()
	authority := newAuthority(t, folder)
	authority.issue(t, folder, "server", options.Certificate, options.domains()...)
	server := &Server{Name: release.name, Software: "prosody", STARTTLS: ports[0], DirectTLS: ports[1], Plain: ports[2],
		Components: ports[3],
		CAFile:     authority.file, Roots: authority.roots(), authority: authority}

	writeAccounts(t, folder)
	makeFolder(t, filepath.Join(folder, "certs")) // it looks there first
	makeFolder(t, filepath.Join(folder, "modules"))
	copyFile(t, "mod_testrooms.lua", filepath.Join(folder, "modules", "mod_testrooms.lua"))
	file := filepath.Join(folder, "prosody.cfg.lua")
	settings := configure(folder, server, options)
	settings.Modules, settings.RoomModules = release.modules, release.roomModules
	if !release.sealed {
		settings.Sealed = ""
	}
	render(t, "prosody.cfg.lua", file, settings)
	copyFile(t, "users.pfw", filepath.Join(folder, "users.pfw"))
	copyFile(t, "rooms.pfw", filepath.Join(folder, "rooms.pfw"))

	server.command = func() *exec.Cmd {
		cmd := exec.Command(release.binary, "--config", file, "-F")
		cmd.Dir = folder
		return cmd
	}
	return server, server.launch(ctx, t)
}

// writeAccounts writes one file for each user, which is how Prosody's internal
// storage keeps them: the dots of a domain are written as %2e.
func writeAccounts(t testing.TB, folder string) {
	t.Helper()
	for _, domain := range []string{Domain, PlainDomain, Guarded, Sealed} {
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
