package report_test

import "xmppscope/model/modeltest"

// What these tests tell their runs with, in short.
var (
	ok         = modeltest.OK
	failed     = modeltest.Failed
	item       = modeltest.Item
	because    = modeltest.Because
	upTo       = modeltest.UpTo
	then       = modeltest.Then
	plainFacts = modeltest.PlainFacts
	refused    = modeltest.Refused
	chat       = modeltest.Chat
	bounced    = modeltest.Bounced
	withCanary = modeltest.WithPassword
	told       = modeltest.Told
)

const (
	ops = modeltest.Ops
)
