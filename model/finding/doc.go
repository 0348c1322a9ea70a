// Package finding says why a run of package model did not do what it should, and
// which edit of the URL mends it; and what Apprise 2.1.0 would have made of the
// same situation.
//
//	for _, f := range finding.Of(run) {
//		fmt.Println(f.Title) // There is probably no user bob@example.org.
//	}
//	verdict, known := finding.Apprise(run)
//
// A finding is one row of the catalogue: its code, what it asks of the facts,
// its title and explanation, the edit that mends it with what that costs, and
// the advice for the server's operator. [Codes] lists all of them for help and
// README. For each thing that failed the first rule that fires gives the
// finding, so the special cases stand before the general ones.
//
// The catalogue is in one file a stage (names, connect, tls, certificate, login,
// binding, rooms, delivery, stream), the advice on what did not fail in
// advice.go; failures.go says what counts as having failed, each thing once.
// edits.go makes fixes, fixes.go holds them to what is safe. verdict.go and
// verdict_session.go are the forecast of Apprise.
//
// To add a finding, add its row to the file of its stage, and a story that shows
// it to package modeltest.
package finding
