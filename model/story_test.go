package model_test

import "xmppscope/model/modeltest"

// What these tests tell their runs with, in short.
var (
	ok         = modeltest.OK
	failed     = modeltest.Failed
	item       = modeltest.Item
	because    = modeltest.Because
	silence    = modeltest.Silence
	upTo       = modeltest.UpTo
	then       = modeltest.Then
	inClear    = modeltest.InClear
	noLogin    = modeltest.NoLogin
	srv        = modeltest.SRV
	joined     = modeltest.Joined
	refused    = modeltest.Refused
	chat       = modeltest.Chat
	groupchat  = modeltest.Groupchat
	delivered  = modeltest.Delivered
	bounced    = modeltest.Bounced
	withCanary = modeltest.WithPassword
	told       = modeltest.Told
)

const (
	opsURL = modeltest.OpsURL
	ops    = modeltest.Ops
)
