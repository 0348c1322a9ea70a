//go:build apprise

package realapprise

import (
	"bufio"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// demo is a running `xmppscope demo --no-ui`, as it says how to reach it.
type demo struct {
	CAFile   string `json:"ca_file"`
	Accounts []struct{ JID, URL string }
	Rooms    []struct{ JID, URL string }

	program string
}

// startDemo builds the program and starts its demo, which ends with the test.
func startDemo(t *testing.T) *demo {
	t.Helper()
	d := &demo{program: filepath.Join(t.TempDir(), "xmppscope")}
	if out, err := exec.Command("go", "build", "-o", d.program, root(t)).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	cmd := exec.Command(d.program, "demo", "--no-ui")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // an error means that it has ended
		_ = cmd.Wait()                          // by that signal
	})
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, d)
	}
	if err != nil || len(d.Accounts) < 2 || len(d.Rooms) == 0 {
		t.Fatalf("%v: the demo said %s", err, line)
	}
	return d
}

// TestDemo: the real Apprise delivers at the demo's server, to a user and to a room,
// as our own program does, which says so of Apprise too.
func TestDemo(t *testing.T) {
	judge, d := newJudge(t), startDemo(t)
	bob, _, _ := strings.Cut(d.Accounts[1].JID, "@")
	for name, url := range map[string]string{
		"a user": d.Accounts[0].URL + "/" + bob, "a room": d.Rooms[0].URL, "both": d.Rooms[0].URL + "/" + bob,
		"a room that is closed to us": strings.Replace(d.Rooms[0].URL, "/%23", "/%23nobody@nowhere.localhost/%23", 1),
	} {
		var said sent
		judge.ask(t, question{Do: "send", URL: url, Body: "hello", Trust: d.CAFile}, &said)
		ours := exec.Command(d.program, "send", "--json", "--apprise-trust", "system", "-b", "hello", url)
		ours.Env = append(ours.Environ(), "SSL_CERT_FILE="+d.CAFile)
		out, err := ours.Output()
		if _, exited := err.(*exec.ExitError); err != nil && !exited {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		var result struct {
			OK      bool
			Apprise struct {
				Report  string `json:"would_report"`
				Deliver bool   `json:"would_deliver"`
				Because string
			}
		}
		decode(t, []byte(lines[len(lines)-1]), &result)
		healthy := name != "a room that is closed to us"
		t.Logf("%-30s Apprise %-5v ours %-5v forecast %s, all arrives %v", name, said.Success, result.OK,
			result.Apprise.Report, result.Apprise.Deliver)
		if (result.Apprise.Report == "success") != said.Success || result.OK != healthy || result.Apprise.Deliver != healthy {
			judge.differ(t, "%s: Apprise %+v, ours %+v", name, said, result)
		}
		if healthy && !said.Success {
			judge.differ(t, "%s: the real Apprise does not send to the demo: %+v", name, said)
		}
	}
}
