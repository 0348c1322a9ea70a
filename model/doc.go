// Package model holds what is known of a run, a check of a URL or a notification
// on its way: what happened, and how far each message came. It is pure, and so are
// the packages below it: no clock, no network, no terminal.
//
// A run begins with a URL as package urlspec reads it. The network tells events,
// a [Run] takes them, and it can be asked at any moment what is known:
//
//	run := model.NewRun(1, model.Send, urlspec.Parse(url), messages)
//	run.Finish(xmppcore.Run(ctx, job, event.Trace{Event: run.Apply, XML: run.ApplyXML}))
//
//	fmt.Println(run.Sentence()) // failed at ack after 160 ms, 0 of 1; 1 failed: came back
//	for _, f := range finding.Of(ctx, run) {
//		fmt.Println(f.Title) // There is probably no user bob@example.org.
//	}
//
// # Rows
//
// What is known of a thing comes as rows, each a [fact.Fact]: a label, a text,
// and how good that is. [Run.StageFacts], [Run.RoomFacts], [Run.DeliveryFacts],
// [Run.LoginFacts] and [Run.ConnectionFacts] give them, [Run.Outcome] the sum;
// certificates, explorations and verdicts have theirs in the packages below. The
// screen, the lines and the report paint rows and add signs, colours and columns,
// but no words: what one says of a run the others say too. For programs there
// are JSON lines, whose fields the rows are made of.
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
//	accepted       taken by the server: it answered a ping sent after it, and had not returned it
//	reflected      the room sent our own message back to us
//	received       the other client sent a receipt
//	came back: R   it was returned with an error; only codes call that bounced
//	2 of 3         so many have evidence: a user's message is accepted or better, a room's reflected
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
// # Around it
//
// Package message works out which messages a notification becomes, finding why a
// run failed and what Apprise would have reported, inspect judges a certificate,
// matrix ranks what an exploration found, report writes a run up. Package fact
// is the form of their rows.
//
// The package connects nowhere and stores nothing: it knows what it was told.
package model
