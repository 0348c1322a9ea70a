// Package ui is the terminal program: it shows how an Apprise XMPP URL is put
// together while it is typed, runs checks and sends in the background, and
// draws what they see.
//
// There is one Bubble Tea model, [screen]. Panes are plain structs, one file
// each, that draw themselves into a rectangle and know nothing of each other;
// they draw package model, which knows nothing of them, and the URL as package
// urlview lays it out. Nothing in here talks to the network: a run is a
// goroutine that fills a buffer (bridge.go), and the program pulls batches of
// events out of it.
//
// Reading order: ui.go (what it needs, how it starts), guard.go (how it ends,
// whatever happens), screen.go (the state), update.go (what happens when),
// keys.go (every key, as data), actions.go, lists.go, mouse.go, request.go
// and keep.go (what they do), draw.go, layout.go, frame.go and view.go (where
// things go), styles.go and safe.go (how they look), then the panes: url.go with
// urlpaint.go, urlmeaning.go, editor.go, edit.go and choices.go, assembly.go,
// stages.go, params.go, events.go and xml.go with sieve.go, compose.go with
// recipients.go, and finding.go for the line below them. Dialogs lie on top:
// dialog.go, help.go, palette.go, compare.go; those that explain are written on
// a sheet.go, which paints the model's rows: details.go, facts.go,
// stagefacts.go, certificate.go; and explore.go looks for what matrix.go and
// matrix_places.go show. What leaves the screen: copy.go, export.go,
// external.go. What changes it as a whole: privacy.go, ascii.go.
package ui
