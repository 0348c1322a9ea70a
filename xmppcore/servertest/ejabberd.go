//go:build servers

package servertest

import (
	"context"
	"crypto/tls"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// EJabberd starts Debian's ejabberd. It runs in a plain Erlang machine without
// ejabberdctl, because that insists on a system user of its own and starts a
// port mapper on all interfaces.
func EJabberd(t testing.TB, options Options) *Server {
	t.Helper()
	binary := find(t, "erl", "ejabberd")
	libraries, err := filepath.Glob("/usr/lib/*/ejabberd-*")
	if err != nil || len(libraries) == 0 {
		t.Fatal("servertest: ejabberd is not installed: install the Debian package ejabberd")
	}
	return start(t, func(ctx context.Context, ports [3]int) (*Server, error) {
		return startEJabberd(ctx, t, binary, filepath.Dir(libraries[0]), options, ports)
	})
}

// startEJabberd is one attempt, with given ports. Libraries is the folder of
// Erlang's packages.
func startEJabberd(ctx context.Context, t testing.TB, binary, libraries string, options Options, ports [3]int) (*Server, error) {
	t.Helper()
	folder := t.TempDir()
	authority := newAuthority(t, folder)
	authority.issue(t, folder, "server", options.Certificate)
	server := &Server{Name: "ejabberd", STARTTLS: ports[0], DirectTLS: ports[1], Plain: ports[2],
		CAFile: authority.file, Roots: authority.roots(), authority: authority}

	settings := config{Dir: folder, Domain: Domain, PlainDomain: PlainDomain, Rooms: RoomService,
		STARTTLS: server.STARTTLS, DirectTLS: server.DirectTLS, Plain: server.Plain,
		ProtocolOptions: protocolOptions(options.TLS), Strict: options.Strict}
	file := filepath.Join(folder, "ejabberd.yml")
	render(t, "ejabberd.yml", file, settings)
	script := filepath.Join(folder, "setup.erl")
	render(t, "ejabberd.erl", script, settings)
	expressions, err := os.ReadFile(script)
	if err != nil {
		t.Fatal("servertest: ", err)
	}
	copyFile(t, "inetrc", filepath.Join(folder, "inetrc"))
	makeFolder(t, filepath.Join(folder, "logs"))

	cmd := exec.Command(binary, "-noinput", "+K", "true", "+P", "50000",
		"-mnesia", "dir", fmt.Sprintf("%q", filepath.Join(folder, "spool")),
		"-s", "ejabberd", "-eval", string(expressions))
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "HOME="+folder,
		"ERL_LIBS="+libraries,
		"ERL_INETRC="+filepath.Join(folder, "inetrc"),
		"ERL_CRASH_DUMP="+filepath.Join(folder, "erl_crash.dump"),
		"EJABBERD_CONFIG_PATH="+file,
		"EJABBERD_LOG_PATH="+filepath.Join(folder, "logs", "ejabberd.log"))
	return server, beginServer(ctx, t, server.Name, cmd)
}

// protocolOptions switches off all versions of TLS but the wanted one.
func protocolOptions(version uint16) string {
	const old = "no_sslv2, no_sslv3, no_tlsv1, no_tlsv1_1"
	switch version {
	case tls.VersionTLS12:
		return old + ", no_tlsv1_3"
	case tls.VersionTLS13:
		return old + ", no_tlsv1_2"
	}
	return old
}
