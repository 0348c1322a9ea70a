// Package message works out what Apprise 2.1.0 makes of a notification before it
// sends it: the messages that every target gets, to the byte.
//
// [For] takes a title and a body through Apprise's own steps, in its order:
// interpret escapes, put in emojis, convert from the input format to format=,
// place the title, apply overflow=. What comes out is a [Batch]: the messages,
// their lengths and limits, and what a limit cut away; or the reason why Apprise
// would send nothing at all.
//
//	batch := message.For(message.Notification{Title: "Disk", Body: "It is full."}, spec.Reading)
//	batch.Messages[0].Body // "Disk\r\nIt is full."
//
// The steps are held against recordings of the real Apprise, its oddities
// included. The package is pure, and knows nothing of runs and servers.
package message
