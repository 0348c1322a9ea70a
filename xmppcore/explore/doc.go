// Package explore looks at every way to a server: each of the names and
// addresses that a URL or DNS gives, the ports that servers use, with STARTTLS,
// with direct TLS and without, with both versions of TLS. It says what each
// offers and which login would follow, and can try the best ones.
//
// [Run] does all of it, and reports an [event.Cell] for each way as soon as it is
// known. It looks through an [xmppcore.Prober], one connection a look, and sends
// no credentials unless [Job].Login asks for it.
//
// Where to look is in places.go, one place in all modes in visit.go, which logins
// are worth a try in login.go.
package explore
