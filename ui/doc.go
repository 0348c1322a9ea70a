// Package ui is the screen of xmppscope. A person types an Apprise XMPP URL and
// sees on every key how it is read, checks it or sends with it, and sees what
// the server says while it says it.
//
// [Run] shows the screen until the person quits:
//
//	code, err := ui.Run(ctx, ui.Options{URL: "xmpps://alice@example.org/bob"})
//
// The zero [Options] work: an empty URL field, the real network, standard input
// and output. Tests replace the network by giving Options.Run and
// Options.Explore, and the terminal by giving Options.Input and Options.Output.
//
// # How a key becomes a frame
//
// Bubble Tea calls Update with each message and View after it. The one model is
// screen. It keeps what belongs to no pane: which pane has the keys, the
// layout, the dialogs, the runs. A key goes to the topmost dialog, else to the
// binding that it has in this place, else into the pane's text field. All
// bindings stand in one keymap, from which the key bar, the help, the palette
// of actions and README's table are made.
//
// # Panes and dialogs
//
// A pane is a type in a file pane_*.go that gives its name, its slot in the
// layout, its rows, its text field, what is copied, its keys, and its drawing.
// A new one is that file and a line in newPanes. A dialog lies on top of the
// panes and has all keys while it is open; most of them are a textDialog with
// lines of a page, into which the facts of package model are written. A new one
// is a file dialog_*.go, and the binding that opens it.
//
// # What goes on in the background
//
// A run and an exploration are tasks: goroutines that write into a feed (package
// feed), which takes everything at once, so that a slow terminal never holds up
// the network. Each message to Update is a batch of what the feed holds. A task
// has an end that is waited for when the program ends, and a panic in it becomes
// an error of the run. A panic in the screen itself ends the program in order,
// without printing what may be a secret.
//
// # What it does not do
//
// It does not connect, parse or explain: packages xmppcore, urlspec and model
// do, and what is shown here is what package plain prints. It keeps nothing on
// disk but the report that the person asks for. It does not read the
// environment or the arguments; package main hands in what is needed.
package ui
