//go:build servers

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// program builds the program as a person has it. The one inside of the test
// binary may hold the race detector, and nobody waits for that at every key.
// It stays in the cache, so that the next build has little to do.
var program = sync.OnceValues(func() (string, error) {
	file, err := filepath.Abs(filepath.Join(".cache", "tmux", "xmppscope"))
	if err != nil {
		return "", err
	}
	if out, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return file, nil
})

// theProgram is the file of the built program.
func theProgram(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Fatal("this test needs tmux: install it with apt-get install tmux")
	}
	file, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// cleanEnv is the environment without whatever the one who runs the tests has
// set, and a folder for files of the program that must be empty in the end.
func cleanEnv(t *testing.T) []string {
	t.Helper()
	tmp := t.TempDir()
	t.Cleanup(func() {
		left, err := os.ReadDir(tmp)
		if err != nil {
			t.Error(err)
		}
		for _, file := range left {
			t.Errorf("the program left %s behind", file.Name())
		}
	})
	return []string{"TMPDIR=" + tmp, "XMPPSCOPE_URL=", "XMPPSCOPE_PASSWORD=", "ALL_PROXY=", "all_proxy=", "NO_COLOR=", "ACCESSIBLE=",
		"WAYLAND_DISPLAY=", "DISPLAY=", "EDITOR=", "VISUAL="}
}
