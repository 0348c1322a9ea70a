package document

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// runner is how a program runs the command that a setting holds.
type runner int

// The ways to run a command.
const (
	noRunner    runner = iota // it is no command
	shellRunner               // a shell reads it
	wordsRunner               // it is only taken apart into words
)

// runners are the settings that hold commands, by their names in lower case.
// Docker compose and Ansible only take the words apart of what stands under
// command, and what other programs do with it is not known.
var runners = map[string]runner{
	"run": shellRunner, "script": shellRunner, "scripts": shellRunner, "before_script": shellRunner,
	"after_script": shellRunner, "commands": shellRunner, "cmds": shellRunner, "shell": shellRunner,
	"runcmd": shellRunner, "bootcmd": shellRunner, "test": shellRunner, "local-exec": shellRunner,
	"ansible.builtin.shell": shellRunner, "ansible.builtin.raw": shellRunner, "command_line": shellRunner,
	"before_backup": shellRunner, "after_backup": shellRunner, "on_error": shellRunner,
	"command": wordsRunner, "cmd": wordsRunner, "args": wordsRunner, "argv": wordsRunner, "exec": wordsRunner,
	"entrypoint": wordsRunner, "ansible.builtin.command": wordsRunner,
}

// runnerOf is how the setting of a name is run by itself. A name may be that of
// a file, as in the data of a ConfigMap.
func runnerOf(name string) runner {
	low := strings.ToLower(name)
	if r := runners[low]; r != noRunner {
		return r
	}
	for _, ending := range []string{".sh", "_command", "_cmd"} {
		if strings.HasSuffix(low, ending) {
			return shellRunner
		}
	}
	if strings.HasSuffix(name, "Command") {
		return shellRunner
	}
	return noRunner
}

// runner is how the command that a value is will be run, by its name. A shell
// that stands around command or cmd runs that, too, as in run: {command: …} and
// shell: {cmd: …}; scripts and shell_command are full of commands with names.
func (l *leaf) runner() runner {
	last := len(l.names) - 1
	if last < 0 {
		return noRunner
	}
	around := ""
	if last > 0 && (last == 1 || l.names[last-2] != "services") {
		around = strings.ToLower(l.names[last-1])
	}
	switch runnerOf(l.names[last]) {
	case shellRunner:
		return shellRunner
	case wordsRunner:
		if around != "test" && runnerOf(around) == shellRunner {
			return shellRunner
		}
		return wordsRunner
	}
	if around == "scripts" || around == "shell_command" || around == "commands" {
		return shellRunner
	}
	return noRunner
}

// isCommandLine says whether a text begins as a command does, and is not a list
// of some language.
func isCommandLine(s string) bool {
	s = strings.TrimLeft(s, " \t\r\n")
	return s != "" && strings.IndexByte("([{<", s[0]) < 0 && !startsWithScheme(s)
}

// isVector says whether the list under a name is one command, word by word,
// rather than one command a line. nested is set for a list in a list, which is
// one to cloud-init.
func isVector(names []string, nested bool) bool {
	if len(names) == 0 {
		return false
	}
	name := names[len(names)-1]
	switch r := runnerOf(name); {
	case r == noRunner:
		return false
	case nested:
		return name == "runcmd" || name == "bootcmd"
	case r == wordsRunner, name == "test":
		return true
	}
	return runners[strings.ToLower(name)] == noRunner // postCreateCommand and their like
}

// vectors are the commands of one mapping, by their settings in lower case.
type vectors map[string]*command

// text notes a command that is a text.
func (v vectors) text(name, text string) {
	if runnerOf(name) == wordsRunner {
		v.list(name, &command{args: strings.Fields(text)})
	}
}

// list notes a command that is a list of words.
func (v vectors) list(name string, c *command) { v[strings.ToLower(name)] = c }

// link puts the words together that stand in two settings: Kubernetes has the
// first ones under command and the others under args, docker compose under
// entrypoint and command.
func (v vectors) link() {
	for _, pair := range [][2]string{{"entrypoint", "command"}, {"command", "args"}} {
		if first, then := v[pair[0]], v[pair[1]]; first != nil && then != nil {
			then.first = first.args
		}
	}
}

// maxWords is how many words of a command are looked at for what it does with those
// that follow.
const maxWords = 100

// before are the words before an argument: those that the command begins with, and the
// last one.
func (a argument) before() []string {
	if a.command == nil || a.index >= len(a.args) {
		return nil
	}
	words := append(slices.Clone(a.first), a.args[:min(a.index, maxWords)]...)
	if a.index > maxWords {
		words = append(words, a.args[a.index-1])
	}
	return words
}

// shells run the word behind -c.
var shells = []string{"sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "su", "runuser", "flock", "script"}

// isCommand says whether a word is a shell command itself, as after `sh -c`.
func (a argument) isCommand() bool {
	before := a.before()
	if len(before) == 0 {
		return false
	}
	switch last := before[len(before)-1]; {
	case last == "CMD-SHELL", before[0] == "ssh", before[0] == "eval":
		return true
	case last != "--command" && (!strings.HasPrefix(last, "-") || strings.HasPrefix(last, "--") ||
		!strings.HasSuffix(last, "c")):
		return false
	}
	return slices.ContainsFunc(before, func(word string) bool {
		return slices.Contains(shells, word[strings.LastIndexByte(word, '/')+1:])
	})
}

// wordLeaves are the words of a command that no shell runs.
func wordLeaves(v *view, names []string) []*leaf {
	c := &command{noShell: true, below: v}
	var leaves []*leaf
	for _, w := range splitWords(v) {
		leaves = append(leaves, &leaf{view: w, role: word, names: names, argument: argument{c, len(c.args)}})
		c.add(w.text)
	}
	return leaves
}

// splitWords takes a text apart at blanks, as programs do that know quotation marks
// and backslashes, and nothing else of a shell: Python's shlex, Docker's ENV.
func splitWords(v *view) []*view {
	var out []*view
	for at := 0; at < len(v.text); at++ {
		if !isBlank(v.text[at]) {
			b := &builder{below: v}
			at = splitWord(b, at)
			out = append(out, b.view(encodeBare))
		}
	}
	return out
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// splitWord decodes one word and gives its end. A placeholder is a part of it,
// whatever it holds.
func splitWord(b *builder, at int) int {
	s := b.below.text
	quote, from := byte(0), at
	end := func(encode encoder) { b.quotes = append(b.quotes, quoting{span{from, at}, encode}) }
	for at < len(s) {
		c := s[at]
		next := at + 1
		switch {
		case len(b.below.holesIn(span{at, next})) > 0:
			next = b.below.holesIn(span{at, next})[0].end
			b.copy(at, next)
		case quote == 0 && isBlank(c):
			end(encodeBare)
			return at
		case quote == 0 && (c == '"' || c == '\''):
			end(encodeBare)
			quote, from = c, next
		case quote != 0 && c == quote:
			end(without(map[byte]string{'"': "\"\\$`", '\'': "'"}[c]))
			quote, from = 0, next
		case c == '\\' && quote != '\'' && next < len(s) && (quote == 0 || strings.IndexByte("\"\\$", s[next]) >= 0):
			b.put(s[next:next+1], at, next+1)
			next++
		default:
			_, size := utf8.DecodeRuneInString(s[at:])
			next = at + size
			b.copy(at, next)
		}
		at = next
	}
	end(encodeBare)
	return at
}
