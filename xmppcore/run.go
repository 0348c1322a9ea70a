package xmppcore

import "context"

// Run does the job and returns when everything it started has ended: no
// goroutine, socket or timer is left. ctx ends it at any moment.
//
// It returns nil when every target reached the evidence that counts as success
// (accepted for a user, reflected for a room), or, for a check, when every
// stage passed. Otherwise it returns the first *Failure; the events hold the
// rest.
func Run(ctx context.Context, job Job, trace Trace) error {
	panic("to be written")
}
