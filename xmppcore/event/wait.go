package event

// Wait is what was waited for when nothing came, in words that follow "we
// waited for".
type Wait string

// What is waited for, in the order of a run.
const (
	WaitNames     Wait = "the name server's answer"
	WaitTCP       Wait = "the TCP connection"
	WaitProxy     Wait = "the SOCKS proxy to connect us"
	WaitHeader    Wait = "the stream header"
	WaitFeatures  Wait = "the stream features"
	WaitConsent   Wait = "the consent to STARTTLS"
	WaitHandshake Wait = "the TLS handshake"
	WaitChallenge Wait = "the server's challenge"
	WaitLogin     Wait = "the end of the login"
	WaitRestart   Wait = "the stream after the login"
	WaitResource  Wait = "a resource"
	WaitSession   Wait = "the session (RFC 3921)"
	WaitRoster    Wait = "the roster"
	WaitJoin      Wait = "the room's answer to our presence"
	// WaitReader is for the server to take what we write. A server that does
	// not is gone, whatever the message is.
	WaitReader     Wait = "the server to read on"
	WaitPing       Wait = "the server's answer to a ping"
	WaitAfter      Wait = "the server's answer to a ping after the message"
	WaitReflection Wait = "the room to reflect the message"
	WaitReceipt    Wait = "the other client's receipt"
	WaitGoodbye    Wait = "the server to read"
	WaitTurn       Wait = "its turn"
)

// WaitMechanism is for the server's answer to the start of a login.
func WaitMechanism(mechanism string) Wait { return Wait("the answer to " + mechanism) }
