package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"xmppscope/model"
	"xmppscope/ui/ending"
	"xmppscope/urlspec/urltest"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

var update = flag.Bool("update", false, "rewrite the expected output of the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"xmppscope": main})
}

// TestScript runs the program as a person or a script would, in a process of
// its own: the files in testdata/script.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("TERM", "xterm-256color")
			env.Setenv("HOME", env.WorkDir)
			// With the race detector, every program would sleep for a second at its end.
			env.Setenv("GORACE", "atexit_sleep_ms=0")
			env.Values[demoKey{}] = &running{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"demo":      demo,
			"exits":     exits,
			"noescapes": noEscapes,
		},
	})
}

// exits runs a program that must end with the given exit code:
//
//	exits 2 xmppscope explain
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARGUMENT...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var failed *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &failed) {
		got = failed.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("%s ended with exit code %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// noEscapes checks that the last program printed nothing that a terminal could
// obey.
func noEscapes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: noescapes")
	}
	for _, name := range []string{"stdout", "stderr"} {
		for i, r := range ts.ReadFile(name) {
			if r != '\n' && (r < 0x20 || r >= 0x7f && r < 0xa0) {
				ts.Fatalf("%s has the control character %U at byte %d", name, r, i)
			}
		}
	}
}

// demo serves a world from a process of its own until the script ends, or says
// "demo stop":
//
//	demo [WORLD]
//
// It sets ALICE and BOB (URLs), ALICE_PASSWORD, ROOM (the first room's URL),
// URL (the world's), SSL_CERT_FILE, DOMAIN and the ports STARTTLS, TLS, PLAIN.
func demo(ts *testscript.TestScript, neg bool, args []string) {
	switch {
	case neg || len(args) > 1:
		ts.Fatalf("usage: demo [WORLD|stop]")
	case len(args) == 1 && args[0] == "stop":
		stopDemo(ts)
		return
	}
	r := ts.Value(demoKey{}).(*running)
	if r.cmd != nil {
		stopDemo(ts)
	}
	cmd := exec.Command("xmppscope", append([]string{"demo", "--no-ui"}, args...)...)
	for _, name := range []string{"PATH", "TMPDIR", "HOME", "GORACE"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	r.cmd = cmd
	ts.Defer(func() {
		if r.cmd == cmd { // the script did not stop it
			_ = cmd.Process.Signal(syscall.SIGINT)
			_ = cmd.Wait()
		}
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		ts.Fatalf("the demo printed no line: %v\n%s", err, errs.String())
	}
	var d struct {
		V        int
		Type     string
		Domain   string
		URL      string
		Accounts []struct{ JID, Password, URL string }
		Rooms    []struct{ JID, URL string }
		CAFile   string `json:"ca_file"`
		Ports    struct{ STARTTLS, TLS, Plain int }
	}
	ts.Check(json.Unmarshal(line, &d))
	if d.V != 1 || d.Type != "demo" || len(d.Accounts) < 2 || len(d.Rooms) == 0 {
		ts.Fatalf("the demo's line is not as documented: %s", line)
	}
	r.caFile = d.CAFile
	for name, value := range map[string]string{
		"ALICE": d.Accounts[0].URL, "ALICE_PASSWORD": d.Accounts[0].Password, "BOB": d.Accounts[1].URL,
		"BOB_JID": d.Accounts[1].JID, "ROOM": d.Rooms[0].URL, "ROOM_JID": d.Rooms[0].JID, "URL": d.URL,
		"SSL_CERT_FILE": d.CAFile, "DOMAIN": d.Domain, "STARTTLS": strconv.Itoa(d.Ports.STARTTLS),
		"TLS": strconv.Itoa(d.Ports.TLS), "PLAIN": strconv.Itoa(d.Ports.Plain),
	} {
		ts.Setenv(name, value)
	}
}

// demoKey is where a script keeps its demo.
type demoKey struct{}

type running struct {
	cmd    *exec.Cmd
	caFile string
}

// stopDemo ends the demo as Ctrl-C does: it must say that it is done, and
// leave nothing behind.
func stopDemo(ts *testscript.TestScript) {
	r := ts.Value(demoKey{}).(*running)
	if r.cmd == nil {
		ts.Fatalf("no demo is running")
	}
	cmd := r.cmd
	r.cmd = nil
	ts.Check(cmd.Process.Signal(syscall.SIGINT))
	if err := cmd.Wait(); err != nil {
		ts.Fatalf("the demo ended with %v, want exit code 0", err)
	}
	if _, err := os.Stat(r.caFile); !errors.Is(err, fs.ErrNotExist) {
		ts.Fatalf("the demo left its authority behind: %v", err)
	}
}

// TestCanary gives every text in which a person may have put a password to every
// command, in every place and with every kind of output. No output has a part of
// it, and no question to a name server.
func TestCanary(t *testing.T) {
	names := loopbacktest.NoNames(t)
	shapes := urltest.Shapes()
	t.Run("commands", func(t *testing.T) { tryShapes(t, shapes) })
	for _, name := range names() {
		if urltest.Leaks(name) {
			t.Errorf("a name server was asked for %s", name)
		}
	}
}

func tryShapes(t *testing.T, shapes []string) {
	t.Helper()
	for _, command := range [][]string{
		{"explain", "URL"}, {"explain", "--json", "--fix", "URL"}, {"explain", "--fix", "URL"},
		{"explain", "--json", "--as-one", "URL"}, {"--plain", "explain", "URL"}, {"--color", "always", "explain", "URL"},
		{"check", "-v", "URL"}, {"check", "--json", "URL"}, {"check", "--apply-fixes", "URL"}, {"--plain", "check", "URL"},
		{"send", "-b", "x", "--json", "URL"}, {"send", "-b", "x", "--dry-run", "--json", "URL"},
		{"send", "-b", "x", "--dry-run", "URL"}, {"matrix", "URL"}, {"matrix", "--json", "URL"}, {"cert", "URL"},
		{"cert", "--json", "URL"}, {"lint", "URL"}, {"URL"}, {"--plain", "URL"},
	} {
		t.Run(strings.Join(command, " "), func(t *testing.T) {
			t.Parallel()
			p := newProgram(t)
			for i, text := range shapes {
				if urltest.Raced && i%17 != 0 {
					continue // make test runs all of them without the race detector
				}
				args := make([]string, len(command))
				for k, arg := range command {
					args[k] = strings.Replace(arg, "URL", text, 1)
				}
				p.quiet(t, args, "")
			}
		})
	}
}

// TestCanaryMistakes puts such texts where something else is expected, and on
// standard input.
func TestCanaryMistakes(t *testing.T) {
	names := loopbacktest.NoNames(t)
	p := newProgram(t)
	for _, text := range urltest.Kinds() {
		for _, command := range [][]string{
			{"demo", "URL"}, {"demo", "--list", "URL"}, {"help", "URL"}, {"version", "URL"}, {"completion", "bash", "URL"},
			{"check", "--until", "URL"}, {"check", "URL", "URL"}, {"--color", "URL"}, {"--URL"}, {"-URL"}, {"check", "--URL"},
			{"check", "--url-file", "URL"}, {"check", "--password-file", "URL", "xmpps://alice@127.0.0.1:1"},
			{"explain", "--url-file", "URL"}, {"matrix", "--port", "URL", "xmpps://alice@127.0.0.1:1"},
			{"send", "--input-format", "URL", "-b", "x", "xmpps://alice:pw@127.0.0.1:1"}, {"lint", "--fix", "URL"},
			{"send", "-b", "URL", "--dry-run", "xmpps://alice:pw@127.0.0.1:1"},
			{"send", "-t", "URL", "-b", "URL", "--dry-run", "--json", "xmpps://alice:pw@127.0.0.1:1"},
		} {
			args := make([]string, len(command))
			for k, arg := range command {
				args[k] = strings.Replace(arg, "URL", text, 1)
			}
			word := !strings.ContainsAny(text, "@＠=") && !strings.Contains(text, "%40") || strings.Contains(text, "=a ")
			if command[0] == "send" && word {
				continue // to people, it is a word and another one
			}
			p.quiet(t, args, "")
		}
		p.quiet(t, []string{"explain", "--json", "-"}, text+"\n"+text)
		p.quiet(t, []string{"check", "-"}, text+"\n"+text)
		p.quiet(t, []string{"lint", "-"}, text+"\n")
		p.quiet(t, []string{"lint", "--json", "--fix", "-"}, text+"\n")
	}
	for _, name := range names() {
		if urltest.Leaks(name) {
			t.Errorf("a name server was asked for %s", name)
		}
	}
}

// program runs main in this process.
type program struct{ in, out, err *os.File }

func newProgram(t *testing.T) *program {
	t.Helper()
	p := &program{}
	for name, file := range map[string]**os.File{"in": &p.in, "out": &p.out, "err": &p.err} {
		f, err := os.Create(filepath.Join(t.TempDir(), name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		*file = f
	}
	return p
}

// run gives what the program prints.
func (p *program) run(t *testing.T, args []string, input string) (string, model.ExitCode) {
	t.Helper()
	for _, f := range []*os.File{p.in, p.out, p.err} {
		if err := f.Truncate(0); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.in.WriteAt([]byte(input), 0); err != nil {
		t.Fatal(err)
	}
	none := func(string) string { return "" }
	code := run(ending.New(t.Context()), args, p.in, p.out, p.err, none, nil)
	var all strings.Builder
	for _, f := range []*os.File{p.out, p.err} {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, f); err != nil {
			t.Fatal(err)
		}
	}
	return all.String(), code
}

// quiet fails when the program says a part of the canary, or nothing at all.
func (p *program) quiet(t *testing.T, args []string, input string) {
	t.Helper()
	out, code := p.run(t, args, input)
	if urltest.Leaks(out) {
		t.Errorf("%q < %q, exit code %d, shows\n%s", args, input, code, out)
	}
	if strings.TrimSpace(out) == "" && code != model.ExitDone {
		t.Errorf("%q < %q ends with %d and says nothing", args, input, code)
	}
}
