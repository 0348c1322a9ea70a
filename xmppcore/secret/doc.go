// Package secret finds secrets in texts that somebody else wrote: as they are,
// and in the forms in which a server repeats them by accident. Those are upper
// and lower case, XML, JSON and percent escapes (also one inside another),
// base64, what SASLprep and PRECIS make of a text, and a piece that a cut has
// left. Whoever wants to reveal a secret can always write it in a way that
// nobody recognises.
//
//	finder := secret.NewFinder([]string{"Zq7xKv2mPw9L"}, nil)
//	finder.In("wrong password: ZQ7XKV2MPW9L")                  // true
//	finder.Partly("the password was Zq7xKv")                   // true: a cut has left a piece
//	finder.Strike("there is no host called zq7xkv2mpw9l", "…") // "there is no host called …"
//
// A [Finder] is made once and then costs one pass over a text, which allocates
// nothing where a text is ASCII and has no escapes. It does no I/O.
package secret
