// Package model is what is known now: a notification becomes messages, events
// become a run with stages, rooms and deliveries, and a run becomes findings, a
// verdict on Apprise and a report. It is pure: no clock, no network, no
// terminal.
//
// Reading order: notification.go and overflow.go (title and body to messages),
// run.go (events to a run) and outcome.go (whether it did what it should),
// assembly.go (the table of how a URL is put together) and parameters.go (which
// parameters are not the default), then the diagnosis: findings.go (what a
// finding is, and how a rule gives one), findings_failures.go (what counts as
// having failed, each thing once), the catalogue itself in the other
// findings_*.go, one file a stage, and
// findings_advice.go (what is worth saying although nothing failed), and
// fixes.go (which edits of the URL mend what, and which of them are safe).
// apprise.go and apprise_session.go predict what Apprise would have reported,
// sasl.go explains a login. matrix.go ranks what an exploration found, with the
// shortest edits (matrix_edit.go) and where TLS ends (matrix_channel.go), and
// inspect.go judges a certificate. result.go and report.go write a run up for programs
// and for people, history.go keeps the runs of a session.
package model
