//go:build servers

package servertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// ejabberdRelease is one of the ejabberds.
type ejabberdRelease struct {
	name string
	// binary is Erlang's command, libraries the folder of Erlang's packages.
	binary, libraries string
}

func ejabberd2301(t testing.TB) ejabberdRelease {
	libraries, err := filepath.Glob("/usr/lib/*/ejabberd-*")
	if err != nil || len(libraries) == 0 {
		t.Fatal("servertest: ejabberd is not installed: install the Debian package ejabberd")
	}
	return ejabberdRelease{name: "ejabberd", binary: find(t, "erl", "ejabberd"), libraries: filepath.Dir(libraries[0])}
}

func ejabberd26(t testing.TB) ejabberdRelease {
	return ejabberdRelease{name: "ejabberd-26", binary: newer(t, "erl"), libraries: newer(t, "lib")}
}

// EJabberd starts ejabberd 23.01, which is Debian 12's.
func EJabberd(t testing.TB, options Options) *Server {
	t.Helper()
	return ejabberd2301(t).start(t, options)
}

// EJabberd26 starts ejabberd 26.
func EJabberd26(t testing.TB, options Options) *Server {
	t.Helper()
	return ejabberd26(t).start(t, options)
}

func (release ejabberdRelease) start(t testing.TB, options Options) *Server {
	t.Helper()
	return start(t, func(ctx context.Context, ports ports) (*Server, error) {
		return release.attempt(ctx, t, options, ports)
	})
}

// attempt is one attempt to start, with given ports. ejabberd runs in a plain
// Erlang machine without ejabberdctl, because that insists on a system user of
// its own and starts a port mapper on all interfaces.
func (release ejabberdRelease) attempt(ctx context.Context, t testing.TB, options Options,
	ports ports) (*Server, error) {
	t.Helper()
	folder := t.TempDir()
	authority := newAuthority(t, folder)
	authority.issue(t, folder, "server", options.Certificate, options.domains()...)
	server := &Server{Name: release.name, Software: "ejabberd", STARTTLS: ports[0], DirectTLS: ports[1], Plain: ports[2],
		Components: ports[3],
		CAFile:     authority.file, Roots: authority.roots(), authority: authority}

	settings := configure(folder, server, options)
	file := filepath.Join(folder, "ejabberd.yml")
	render(t, "ejabberd.yml", file, settings)
	script := filepath.Join(folder, "setup.erl")
	render(t, "ejabberd.erl", script, settings)
	expressions, err := os.ReadFile(script)
	if err != nil {
		t.Fatal("servertest: ", err)
	}
	copyFile(t, "inetrc", filepath.Join(folder, "inetrc"))
	captcha := filepath.Join(folder, "captcha.sh")
	copyFile(t, "captcha.sh", captcha)
	if err := os.Chmod(captcha, 0o700); err != nil {
		t.Fatal("servertest: ", err)
	}
	// ejabberd 26 ignores protocol_options, so its OpenSSL is told the versions.
	render(t, "openssl.cnf", filepath.Join(folder, "openssl.cnf"), settings)
	makeFolder(t, filepath.Join(folder, "logs"))

	cmd := exec.Command(release.binary, "-noinput", "+K", "true", "+P", "50000",
		"-mnesia", "dir", fmt.Sprintf("%q", filepath.Join(folder, "spool")),
		"-s", "ejabberd", "-eval", string(expressions))
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "HOME="+folder,
		"ERL_LIBS="+release.libraries,
		"ERL_INETRC="+filepath.Join(folder, "inetrc"),
		"OPENSSL_CONF="+filepath.Join(folder, "openssl.cnf"),
		"ERL_CRASH_DUMP="+filepath.Join(folder, "erl_crash.dump"),
		"EJABBERD_CONFIG_PATH="+file,
		"EJABBERD_LOG_PATH="+filepath.Join(folder, "logs", "ejabberd.log"))
	server.process, err = begin(t, server.Name, cmd)
	if err != nil {
		return server, err
	}
	return server, server.process.await(ctx, t)
}
