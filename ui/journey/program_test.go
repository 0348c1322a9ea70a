package journey

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/term"

	"xmppscope/model"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// root is the top of the module.
var root = filepath.Join("..", "..")

// folder is where the program is built.
var folder string

// asEditor names the environment variable that makes an editor of this test
// binary: one that takes the terminal for itself, as most do, and stays. Variables
// whose names begin as the program's would be kept from it.
const asEditor = "JOURNEY_TEST_EDITOR"

func TestMain(m *testing.M) {
	if os.Getenv(asEditor) != "" {
		_, _ = term.MakeRaw(int(os.Stdin.Fd()))
		_, _ = io.Copy(io.Discard, os.Stdin)
	}
	// Under nohup, which these tests may be run with, the program lets hang-ups pass.
	// What is caught here is not ignored there.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	os.Exit(withFolder(m))
}

// withFolder runs the tests with a folder for the program, and gives their exit
// code.
func withFolder(m *testing.M) int {
	var err error
	if folder, err = os.MkdirTemp("", "xmppscope-journey-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	return m.Run()
}

// program is the file of the program, which the first test that asks for it
// builds. It has no race detector, whatever the tests have: nobody waits for
// that at every key.
func program(t *testing.T) string {
	t.Helper()
	if err := build(); err != nil {
		t.Fatalf("there is no program to test: %v", err)
	}
	return filepath.Join(folder, "xmppscope")
}

// build builds the program. Before, it looks at all sources: what the tests
// have looked at is what go test compares before it takes an earlier result for
// this one, and they import nothing of the program's main package.
var build = sync.OnceValue(func() error {
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), ".") {
			return fs.SkipDir
		}
		return err
	})
	if err != nil {
		return err
	}
	cmd := exec.Command("go", "build", "-o", folder+string(filepath.Separator), ".")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("building it takes the go command: %w", err)
	} else if err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
})

// command makes a command of the program that ends with the test. It sees
// these environment variables and no others, and leaves no file behind.
func command(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program(t), args...)
	cmd.Env = append(env[:len(env):len(env)], "TMPDIR="+emptyFolder(t))
	return cmd
}

// invoke runs the program to its end, in pipes.
func invoke(t *testing.T, stdin string, env []string, args ...string) (stdout, stderr string, code model.ExitCode) {
	t.Helper()
	cmd := command(t, env, args...)
	var out, errs strings.Builder
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	code = exitCode(t, cmd.Run())
	return out.String(), errs.String(), code
}

// killed stands for the exit code of a program that a signal has ended.
const killed model.ExitCode = -1

// exitCode is how a program ended that was waited for.
func exitCode(t *testing.T, err error) model.ExitCode {
	t.Helper()
	var failed *exec.ExitError
	switch {
	case err == nil:
		return model.ExitDone
	case errors.As(err, &failed):
		return model.ExitCode(failed.ExitCode())
	}
	t.Fatal(err)
	return killed
}

// emptyFolder is a folder for the program's files that must be empty in the
// end.
func emptyFolder(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	t.Cleanup(func() {
		left, err := os.ReadDir(folder)
		if err != nil {
			t.Error(err)
		}
		for _, file := range left {
			t.Errorf("the program left %s behind", file.Name())
		}
	})
	return folder
}

// silentURL is the URL of a server that never says a word. Its deadlines are
// long: only the test can end a run.
func silentURL(t *testing.T) string {
	t.Helper()
	server := loopbacktest.Start(t, loopback.Config{Faults: loopback.Faults{Silent: loopback.StepHeader}})
	return login(server.STARTTLSPort(), "bob?cto=600&rto=600")
}

// login is the URL with which alice logs in at a port, for the given targets
// and parameters.
func login(port int, rest string) string {
	return fmt.Sprintf("xmpps://alice:alice-pw@localhost:%d/%s", port, rest)
}
