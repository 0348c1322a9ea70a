//go:build paths

package pathtest

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"text/template"
	"time"
)

// startTimeout is how long a server may take until its ports are open.
const startTimeout = 60 * time.Second

// run starts a program that ends with the test, and waits until all ports are
// open. Its log is shown when the test fails.
func run(t *testing.T, env []string, ports []string, command string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(command)
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/" + command)
	}
	if err != nil {
		t.Fatalf("%s is not installed: run .ci/packages", command)
	}
	cmd := exec.Command(path, args...)
	log := &logbook{}
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = append(os.Environ(), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		_ = cmd.Wait() // how it ended is told by its log
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // with its workers; an error means that all have ended
		<-exited
		if t.Failed() {
			t.Logf("log of %s:\n%s", command, log)
		}
	})
	deadline := time.Now().Add(startTimeout)
	for _, port := range ports {
		for {
			conn, err := net.DialTimeout("tcp", port, time.Second)
			if err == nil {
				conn.Close()
				break
			}
			select {
			case <-exited:
				t.Fatalf("%s ended at once:\n%s", command, log)
			case <-time.After(20 * time.Millisecond):
			}
			if time.Now().After(deadline) {
				t.Fatalf("%s does not open %s:\n%s", command, port, log)
			}
		}
	}
}

// logbook keeps the newest words of a program.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.text.Len() > 64<<10 {
		l.text.Next(32 << 10)
	}
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// inModule is a path below the root of the module, which is two folders up.
func inModule(elements ...string) string {
	return filepath.Join(append([]string{"..", ".."}, elements...)...)
}

// render fills a template of testdata/paths and gives the name of the file.
func render(t *testing.T, folder, name string, data any) string {
	t.Helper()
	parsed, err := template.ParseFiles(inModule("testdata", "paths", name+".tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, name)
	var out bytes.Buffer
	if err := parsed.Execute(&out, data); err != nil {
		t.Fatal(err)
	}
	write(t, file, out.Bytes())
	return file
}

func write(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
