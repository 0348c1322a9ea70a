// Package event has the types and tables for what can be told of a run: stages,
// states, facts, causes of failure, evidence, login mechanisms.
//
// An [Event] belongs to a [Stage] and says in what [State] that stage is. Its
// [Data] are the facts, one type a stage; a [Failure] says why something did not
// work, by its [Cause]. A [Delivery] climbs a ladder of [Evidence]. A [Cell] is
// what one of the ways to a server offers.
//
//	trace := event.Trace{Event: func(e event.Event) {
//		if tls, ok := e.Data.(event.TLS); ok {
//			fmt.Println(tls.Version) // TLS 1.3
//		}
//	}}
//
// Nobody has to read a sentence to know what happened: what a program decides by
// has a type. Stages, causes, rungs, grades and login mechanisms are declared
// once, each in one table with its order and its words; to add one, add its row.
//
// xmppcore tells, model keeps, ui and its lines paint; they share these types
// and nothing else. So the package is a leaf: no network, no clock, no terminal.
// Whoever reads events from elsewhere, a recording or the log of another
// program, makes the same types and is understood.
package event
