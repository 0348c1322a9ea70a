// Package explore looks at every way to a server: each of the names and
// addresses that a URL or DNS gives, the ports that servers use, with STARTTLS,
// with direct TLS and without, with both versions of TLS. It says what each
// offers and which login would follow, and can try the best ones.
//
//	job := explore.Job{Job: xmppcore.Job{Reading: urlspec.Parse(url).Reading}}
//	cells, err := explore.Run(ctx, job, func(c event.Cell) { fmt.Println(c.Address, c.Mode) })
//
// [Run] does all of it, and reports an [event.Cell] for each way as soon as it is
// known. It looks through an [xmppcore.Prober], with one connection for each way.
//
// It sends no credentials unless [Job].Login asks for it, and then tries three
// logins at most. Which of the ways is the best is for package matrix to say.
package explore
