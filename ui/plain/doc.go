// Package plain is the commands without a screen: explain, check, send, lint
// and the served demo, as lines of text for people, logs and screen readers,
// or as JSON for programs. It draws the same model as the terminal UI, and it
// never opens or queries a terminal.
//
// A command is a method of [Shell], which holds all of the world that the
// command may touch: streams, environment, and a way to ask for a password. It
// returns the exit code it ends with, and an error when there is a sentence to
// say about that. What is printed on Out is the result, what is printed on Err
// is progress.
//
// Reading order: shell.go (streams and errors), source.go (where the URL, the
// password and the body come from), environment.go and look.go (colour, width,
// labels), drawing.go (a URL of package urlview, painted), explain.go, params.go,
// fixed.go and reference.go (what is known of a URL, and of a code), lint.go,
// facts.go (how the model's rows are painted), run.go and lines.go (events to
// lines), send.go (check and send), matrix.go and cert.go (what the server
// offers, without a login), demo.go, json.go.
package plain
