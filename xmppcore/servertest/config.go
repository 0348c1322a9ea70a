//go:build servers

package servertest

import (
	"os"
	"path/filepath"
	"testing"
	"text/template"
)

// config is what the templates of testdata/servers may use.
type config struct {
	// Dir is the server's folder.
	Dir                        string
	Domain, PlainDomain, Rooms string
	STARTTLS, DirectTLS, Plain int
	Components                 int
	TLS                        string // "1.2", "1.3" or empty
	Strict                     bool
	Modules                    []string // Prosody's further ones
	Policies                   bool
	RoomModules                []string // Prosody's further ones for rooms, with Policies
	Bot                        string
	Guarded, Sealed, Hall      string
}

// configure is the configuration of a server in a folder.
func configure(folder string, server *Server, options Options) config {
	return config{Dir: folder, Domain: Domain, PlainDomain: PlainDomain, Rooms: RoomService,
		STARTTLS: server.STARTTLS, DirectTLS: server.DirectTLS, Plain: server.Plain, Components: server.Components,
		TLS: versionName(options.TLS), Strict: options.Strict, Policies: options.Policies,
		Bot: BotDomain, Guarded: Guarded, Sealed: Sealed, Hall: Hall}
}

// inModule is a path below the root of the module. A test runs in the folder of
// its package, so the root is that folder or above it.
func inModule(t testing.TB, elements ...string) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal("servertest: ", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return filepath.Join(folder, filepath.Join(elements...))
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			t.Fatal("servertest: no go.mod above the test's folder")
		}
		folder = parent
	}
}

// templates is the folder of the configurations.
func templates(t testing.TB) string {
	t.Helper()
	return inModule(t, "testdata", "servers")
}

// render writes the template NAME.tmpl, filled with data, to file.
func render(t testing.TB, name, file string, data any) {
	t.Helper()
	parsed, err := template.ParseFiles(filepath.Join(templates(t), name+".tmpl"))
	if err != nil {
		t.Fatal("servertest: ", err)
	}
	out, err := os.OpenFile(file, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal("servertest: ", err)
	}
	if err := parsed.Execute(out, data); err != nil {
		t.Fatal("servertest: ", err)
	}
	if err := out.Close(); err != nil {
		t.Fatal("servertest: ", err)
	}
}

// copyFile copies a configuration that needs no filling.
func copyFile(t testing.TB, name, file string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(templates(t), name))
	if err == nil {
		err = os.WriteFile(file, data, 0o600)
	}
	if err != nil {
		t.Fatal("servertest: ", err)
	}
}

// makeFolder makes a folder inside the server's.
func makeFolder(t testing.TB, path string) {
	t.Helper()
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal("servertest: ", err)
	}
}
