//go:build paths

package pathtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// inside is set in the environment of the process that runs in the namespace.
const inside = "XMPPSCOPE_PATHS_INSIDE"

// TestMain runs the tests in namespaces of their own: of the network, and of the
// mounts, since resolv.conf is another one there.
func TestMain(m *testing.M) {
	if os.Getenv(inside) != "" {
		if err := prepare(); err != nil {
			fmt.Fprintln(os.Stderr, "The laboratory's network cannot be made:", err)
			os.Exit(1)
		}
		os.Exit(m.Run())
	}
	os.Exit(enter())
}

// enter starts the test binary once more, in the namespaces.
func enter() int {
	cmd := exec.Command("/proc/self/exe", os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), inside+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS,
		Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	if err := cmd.Start(); err != nil {
		fmt.Fprintf(os.Stderr, "The tests of names and paths need a network namespace of their own, "+
			"which this system does not give: %v.\n", err)
		return 1
	}
	err := cmd.Wait()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return max(1, exit.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// The addresses of the laboratory. 192.0.2.0/24 and 2001:db8:dead::/64 drop every
// packet: they lead to interfaces behind which nobody is. No other network has a
// route.
var addresses = []string{
	"198.51.100.9", "198.51.100.12", "198.51.100.13", "198.51.100.20", "198.51.100.26", "198.51.100.27",
	"198.51.100.44", "198.51.100.45", "198.51.100.46", "198.51.100.47", "198.51.100.48", "198.51.100.49", "198.51.100.50",
	"198.51.100.51", "198.51.100.52", "198.51.100.60", "198.51.100.70", "198.51.100.80", "198.51.100.81",
}

// prepare makes the network, from within.
func prepare() error {
	commands := []string{"link set lo up", "-6 addr add 2001:db8:1::9/128 dev lo nodad",
		"-6 addr add 2001:db8:1::12/128 dev lo nodad", "route add 192.0.2.0/24 dev lo",
		"link add out type veth peer name nowhere", "link set out up", "link set nowhere up",
		"-6 addr add 2001:db8:dead::ff/64 dev out nodad"}
	for _, a := range addresses {
		commands = append(commands, "addr add "+a+"/32 dev lo")
	}
	for _, dead := range []string{"2001:db8:dead::1", "2001:db8:dead::2"} {
		commands = append(commands, "-6 neigh add "+dead+" lladdr 02:00:00:00:00:01 dev out")
	}
	for _, c := range commands {
		if out, err := exec.Command("ip", strings.Fields(c)...).CombinedOutput(); err != nil {
			return fmt.Errorf("ip %s: %w: %s", c, err, out)
		}
	}
	if err := syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("mount: %w", err)
	}
	folder, err := os.MkdirTemp("", "paths")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) // what is mounted stays
	for name, text := range map[string]string{
		"resolv.conf":   "nameserver " + resolverAddress + "\nsearch search.lab\noptions timeout:2 attempts:2\n",
		"nsswitch.conf": "hosts: files dns\n",
		"hosts":         "127.0.0.1 localhost\n::1 localhost\n198.51.100.12 inhosts.lab inhosts\n",
	} {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return err
		}
		if err := syscall.Mount(file, "/etc/"+name, "", syscall.MS_BIND, ""); err != nil {
			return fmt.Errorf("mount of /etc/%s: %w", name, err)
		}
	}
	return nil
}
