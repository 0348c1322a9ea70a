// Package model is what is known of a notification: which messages it becomes,
// what happened when they were sent, why something failed and which edit of the
// URL mends it, and what Apprise would have made of it. It is pure: no clock, no
// network, no terminal.
//
// A run begins with a URL as package urlspec reads it. The network tells events,
// a [Run] takes them, and it can be asked at any moment what is known:
//
//	run := model.NewRun(1, model.Send, urlspec.Parse(url), messages)
//	run.Finish(xmppcore.Run(ctx, job, event.Trace{Event: run.Apply, XML: run.ApplyXML}))
//
//	fmt.Println(run.Sentence()) // failed at ack after 160 ms, 0 of 1 with evidence; 1 came back
//	for _, f := range run.Findings() {
//		fmt.Println(f.Title) // There is probably no user bob@example.org.
//	}
//
// # Rows
//
// What is known of a thing comes as rows, each a [Fact]: a label, a text, and
// how good that is. [Run.StageFacts], [Run.RoomFacts], [Run.DeliveryFacts],
// [Run.LoginFacts], [Run.ConnectionFacts], [CertificateReport.Facts],
// [PlaceFacts] and [Matrix.WayFacts] give them, [Run.Outcome] and [Verdict] the
// last two. The screen, the lines and the report paint rows and add signs,
// colours and columns, but no words: what one says of a run the others say too.
// For programs there are [Result], [EventLine] and the other JSON lines, whose
// fields the rows are made of.
//
// A new fact is a field of an event, a line here that makes a row of it, and
// nothing in the fronts.
//
// # Words
//
// One word means one thing, in all rows, events and findings:
//
//	login JID      the account that logs in, with its resource where the URL has one
//	JID domain     the domain of the login JID; the certificate must be valid for it
//	stream to      the domain that the stream is opened to: the JID domain
//	TCP host       the host that is connected to; xmpp= names another than the JID domain
//	target         who is to get the message: a user or a room
//	message        a part of the notification that goes into one stanza; as a row, one to one target
//	run, attempt   one check or send; one connection of it, of which retry= allows several
//	stage          a step of an attempt: dns, tcp, stream, starttls, tls, features, sasl, bind, …
//	place, way     an address and a port; a place with a mode, or the URL that leads there
//	finding        what went wrong and what helps; its fix is an edit of the URL
//	verdict        what Apprise would have reported and delivered
//
//	not reached    a stage or a room that the run did not come to
//	under way      a run that has not ended
//	ok             all was done that was asked for, and there is evidence for it
//	failed at S    the stage S failed, or some of what it was to do
//	cancelled      by the person or a signal; the exit code then means "interrupted"
//
//	joined as N    the room has us among its occupants, under the nick N
//	not joined: R  it has not, for the reason R
//
//	not sent       nothing of the message left this machine
//	written        the bytes left it
//	accepted       the server answered a ping sent after it, and had not returned it
//	reflected      the room sent our own message back to us
//	received       the other client sent a receipt
//	came back: R   it was returned with an error; only codes call that bounced
//	with evidence  a user's message is accepted or better, a room's is reflected
//
//	used           the mechanism of the login, predicted the one that was expected
//	not taken      offered and known, unknown: offered and not known, missing: known and not offered
//
//	valid          of a certificate: for the JID domain, now, by an authority that this machine trusts
//	ends soon      valid for less than two weeks more; afterwards it is expired
//
// What a server gives as its reason is written as its condition and, in quotes,
// its own text: conflict ("That nick is taken"). Times are those of [Duration],
// and since the beginning of a run those of [Clock].
//
// # Reading order
//
// Which messages a notification becomes is in package message. run.go (events
// to a run), outcome.go (whether it did what it should), fact.go and the rows:
// stage.go, connection.go, login.go, room.go, delivery.go; assembly.go (the
// table of how a URL is put together) and parameters.go (which parameters are
// not the default). Then the diagnosis: findings.go (what a finding is, and how
// a rule gives one), findings_failures.go (what counts as having failed, each
// thing once), the catalogue itself in the other findings_*.go, one file a
// stage, findings_advice.go (what is worth saying although nothing failed), and
// fixes.go (which edits of the URL mend what, and which of them are safe).
// apprise.go and apprise_session.go predict what Apprise would have reported.
// matrix.go ranks what an exploration found, with the shortest edits
// (matrix_edit.go), where TLS ends (matrix_channel.go) and its rows
// (matrix_facts.go); inspect.go judges a certificate, and inspect_facts.go gives
// the rows. result.go, line.go and report.go write a run up for programs and for
// people, history.go keeps the runs of a session.
package model
