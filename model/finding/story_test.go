package finding

import "xmppscope/model/modeltest"

// What these tests tell their runs with, in short.
var (
	failed      = modeltest.Failed
	because     = modeltest.Because
	silence     = modeltest.Silence
	upTo        = modeltest.UpTo
	then        = modeltest.Then
	without     = modeltest.Without
	plainTLS    = modeltest.PlainTLS
	noLogin     = modeltest.NoLogin
	streamError = modeltest.StreamError
	portClosed  = modeltest.PortClosed
	refused     = modeltest.Refused
	chat        = modeltest.Chat
	delivered   = modeltest.Delivered
	bounced     = modeltest.Bounced
	withCanary  = modeltest.WithPassword
	told        = modeltest.Told
)

const (
	opsURL = modeltest.OpsURL
	ops    = modeltest.Ops
)
