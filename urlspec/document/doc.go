// Package document finds the XMPP URLs in files of every kind, and mends them
// there.
package document
