// Package journey tests the built program, in pipes, on a terminal and in tmux.
// There is no other code in here. The tests see of the program only what a
// person or a script would: what it writes, what stands on the screen, and how
// it ends.
//
// The program is built once, as a person has it (program_test.go). Then three
// kinds of tests use it:
//
//   - In a pipe: README.md tells what the program does (readme_test.go), and no
//     password is in anything that it writes (canary_test.go).
//   - On a terminal that answers nothing: what goes there (terminal_test.go),
//     and that every interrupt gives it back (interrupt_test.go).
//   - In tmux, keys in and a screen out: the way through the program that the
//     README tells (screen_test.go), a newcomer who presses only the keys that
//     the screen names (newcomer_test.go), through every world of the demo
//     (worlds_test.go), and a server or a terminal that goes away
//     (trouble_test.go). tmux_test.go is the terminal of all of them. They need
//     the build tag servers, as everything does that needs more than Go.
//
// What the commands say in full, word by word, is in testdata/script, which
// main_test.go plays.
package journey
