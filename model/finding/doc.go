// Package finding says why a run of package model did not do what it should,
// and which edit of the URL mends it; and what Apprise 2.1.0 would have made of
// the same situation.
//
// Begin with [Of] for the findings, [Apprise] for the verdict:
//
//	for _, f := range finding.Of(ctx, run) {
//		fmt.Println(f.Title) // There is probably no user bob@example.org.
//	}
//	verdict := finding.Apprise(run)
//
// A finding is one row of the catalogue: its code, what it asks of the facts,
// its title and explanation, the edit that mends it and what that edit costs,
// and the advice for the server's operator. [Codes] lists them all for help and
// README. For each thing that failed, the first rule that fires gives the
// finding, so the special cases stand before the general ones; on what did not
// fail there may be advice. [SafeFixes] are the edits that a program may make
// without asking.
//
// To add a finding, add its row to the table of its stage, and to package
// modeltest a story that shows it.
//
// The package connects nowhere and changes nothing: it judges the events of a
// run, and a fix is a text.
package finding
