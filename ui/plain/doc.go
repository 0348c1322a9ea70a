// Package plain is the commands of xmppscope that need no screen: explain,
// check, send, matrix, cert, lint and the served demo. Their results are lines
// for people, logs and screen readers, or JSON for programs.
//
// Start with a [Shell], which holds all that a command may touch: the streams,
// the environment, and a way to ask for a password. Each command is one of its
// methods, with its flags in a struct of the same name:
//
//	shell := &plain.Shell{Out: os.Stdout, Err: os.Stderr}
//	code, err := shell.Explain(plain.Explain{Source: plain.Source{Args: urls}})
//
// A command returns the exit code that it ends with, and an error when there is
// a sentence to say about that; [Shell.Complain] says it. What is printed on Out
// is the result, and what is printed on Err is progress.
//
// A URL comes from the arguments, a file, standard input or the environment
// ([Source]); a password from a file, the URL, the environment, or the person at
// the terminal, in this order. Passwords are never printed, and neither are
// arguments of which one may be a password in the wrong place.
//
// How lines look follows from [Look]: with colour or without, in columns for the
// eye or with a label on each line for a screen reader. JSON lines do not depend
// on it. The facts are those of package model, which the screen shows too; this
// package only writes them into lines, as package ui draws them.
//
// It never opens or queries a terminal, except to turn the echo off while a
// password is typed, and it never reads the process's arguments or environment
// by itself.
package plain
