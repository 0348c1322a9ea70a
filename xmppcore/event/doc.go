// Package event is what can be told of a run: which stages it takes, how each
// went, what was found out on the way, and why something failed.
//
// xmppcore tells, model keeps, ui and its lines paint; they share these types
// and nothing else. So the package is a leaf: no network, no clock, no
// terminal. Whoever reads events from elsewhere, a recording or the log of
// another program, makes the same types and is understood.
//
// An [Event] belongs to a [Stage] and says in what [State] that is. Its [Data]
// are the facts, one type a stage; a [Failure] says why something did not
// work, by its [Cause]. A [Delivery] climbs a ladder of [Evidence]. A [Cell] is
// what one of the ways to a server offers. Nobody has to read a sentence to
// know what happened: what a program decides by has a type.
//
// Each of these is declared once, in a table: the stages with their order and
// when they apply (stage.go), the causes with their words and whether it is
// worth to try again (cause.go), what is waited for (wait.go), the rungs with
// their words (evidence.go), the login mechanisms with their order
// (mechanism.go), the grades of a way (grade.go). The facts are in facts.go
// and cell.go, the failure in failure.go, who is told in trace.go.
package event
