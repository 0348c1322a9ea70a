//go:build !linux

package xmppcore

import "net"

// acknowledge does nothing here: only Linux has TCP_QUICKACK.
func acknowledge(net.Conn) {}
