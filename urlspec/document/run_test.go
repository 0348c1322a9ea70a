package document

import (
	"strings"
	"testing"
)

// TestRunners: what a shell runs is read by its rules, wherever the command
// stands; what no shell sees is not.
func TestRunners(t *testing.T) {
	t.Parallel()
	urls := strings.NewReplacer("U", "xmpps://alice:secret@h.example/bob?mode=tls")
	for _, c := range []struct{ name, content, want, fixed string }{
		{"pod.yml", "command: [sh, -c]\nargs: [\"apprise U&to=x\"]", "2 shell-unquoted",
			"command: [sh, -c]\nargs: [\"apprise 'U&to=x'\"]"},
		{"pod.yml", "args:\n- |\n  set -e\n  apprise U&to=x\ncommand:\n- /bin/bash\n- -ec", "4 shell-unquoted",
			"args:\n- |\n  set -e\n  apprise 'U&to=x'\ncommand:\n- /bin/bash\n- -ec"},
		{"pod.yml", "exec: {command: [sh, -c, \"apprise U&to=x\"]}", "1 shell-unquoted",
			"exec: {command: [sh, -c, \"apprise 'U&to=x'\"]}"},
		{"pod.yml", "command: [apprise]\nargs: [-b, hi, \"U&to=x\"]", "", ""},
		{"pod.yml", "args: [\"apprise U&to=x\"]", "", ""},
		{"pod.yml", "command: [apprise, -c, \"U&to=x\"]", "", ""},
		{"compose.yml", "services:\n  a:\n    image: x\n    command: apprise U&to=x", "", ""},
		{"compose.yml", "services:\n  a:\n    image: x\n    command: sh -c \"apprise U&to=x\"", "4 shell-unquoted",
			"services:\n  a:\n    image: x\n    command: sh -c \"apprise 'U&to=x'\""},
		{"compose.yml", "services:\n  run:\n    image: x\n    command: apprise U&to=x", "", ""},
		{"compose.yml", "services:\n  a:\n    image: x\n    entrypoint: sh -c\n    command: [\"apprise U&to=x\"]",
			"5 shell-unquoted",
			"services:\n  a:\n    image: x\n    entrypoint: sh -c\n    command: [\"apprise 'U&to=x'\"]"},
		{"compose.yml", "services:\n  a:\n    image: x\n    command: [sh, -c, \"apprise $$A U&to=x\"]",
			"4 shell-unquoted",
			"services:\n  a:\n    image: x\n    command: [sh, -c, \"apprise $$A 'U&to=x'\"]"},
		{"compose.yml", "healthcheck:\n  test: [CMD-SHELL, \"apprise U&to=x\"]", "2 shell-unquoted",
			"healthcheck:\n  test: [CMD-SHELL, \"apprise 'U&to=x'\"]"},
		{"compose.yml", "healthcheck:\n  test: [CMD, apprise, \"U&to=x\"]", "", ""},
		{"compose.yml", "healthcheck:\n  test: apprise U&to=x || exit 1", "2 shell-unquoted",
			"healthcheck:\n  test: apprise 'U&to=x' || exit 1"},
		{"play.yml", "- ansible.builtin.shell: apprise U&to=x", "1 shell-unquoted",
			"- ansible.builtin.shell: apprise 'U&to=x'"},
		{"play.yml", "- shell:\n    cmd: apprise U&to=x", "2 shell-unquoted", "- shell:\n    cmd: apprise 'U&to=x'"},
		{"play.yml", "- command: apprise U&to=x", "", ""},
		{"play.yml", "- ansible.builtin.command:\n    cmd: apprise U&to=x", "", ""},
		{"play.yml", "- ansible.builtin.command:\n    argv: [apprise, \"U&to=x\"]", "", ""},
		{"play.yml", "- command: sh -c 'apprise U&to=x'", "1 shell-unquoted", "- command: sh -c 'apprise \"U&to=x\"'"},
		{"ci.yml", "- run:\n    command: apprise U&to=x", "2 shell-unquoted", "- run:\n    command: apprise 'U&to=x'"},
		{"ci.yml", "test:\n  rules:\n  - if: apprise U&to=x", "", ""},
		{"ci.yml", "test: {command: apprise U&to=x}", "", ""},
		{"hass.yml", "shell_command:\n  tell: apprise U&to=x", "2 shell-unquoted",
			"shell_command:\n  tell: apprise 'U&to=x'"},
		{"ci.yml", "script:\n  - apprise U&to=x", "2 shell-unquoted", "script:\n  - apprise 'U&to=x'"},
		{"cloud.yml", "runcmd:\n  - [apprise, \"U&to=x\"]\n  - apprise U&to=x", "3 shell-unquoted",
			"runcmd:\n  - [apprise, \"U&to=x\"]\n  - apprise 'U&to=x'"},
		{"ecs.json", `{"entryPoint":["sh","-c"],"command":["apprise U&to=x"]}`, "1 shell-unquoted",
			`{"entryPoint":["sh","-c"],"command":["apprise 'U&to=x'"]}`},
		{"task.json", `{"command":["sh","-c","apprise U&to=x"]}`, "1 shell-unquoted",
			`{"command":["sh","-c","apprise 'U&to=x'"]}`},
		{"task.json", `{"args":["-c","apprise U&to=x"],"command":"/bin/sh"}`, "1 shell-unquoted",
			`{"args":["-c","apprise 'U&to=x'"],"command":"/bin/sh"}`},
		{"task.json", `{"command":"apprise","args":["U&to=x"]}`, "", ""},
		{"devcontainer.json", `{"postCreateCommand":"apprise U&to=x"}`, "1 shell-unquoted",
			`{"postCreateCommand":"apprise 'U&to=x'"}`},
		{"devcontainer.json", `{"postCreateCommand":["apprise","U&to=x"]}`, "", ""},
		{"fly.toml", "command = [\"sh\", \"-c\", \"apprise U&to=x\"]", "1 shell-unquoted",
			"command = [\"sh\", \"-c\", \"apprise 'U&to=x'\"]"},
		{"fly.toml", "command = [\"apprise\", \"U&to=x\"]", "", ""},
	} {
		checkFix(t, urls, c.name, c.content, c.want, c.fixed)
	}
}
