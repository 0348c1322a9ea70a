// Package model is what is known now: a notification becomes messages, events
// become a run with stages, rooms and deliveries, and a run becomes findings
// and a report. It is pure: no clock, no network, no terminal.
//
// Reading order: notification.go and overflow.go (title and body to messages),
// run.go (events to a run), assembly.go (the table of how a URL is put
// together), findings.go, history.go, report.go.
package model
