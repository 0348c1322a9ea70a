package xmppcore

import (
	"net"
	"sync/atomic"
)

// meter is a connection that counts its bytes, and acknowledges what it reads
// without delay.
type meter struct {
	net.Conn
	counts *counts
}

// counts are the bytes of all connections of a run.
type counts struct{ in, out atomic.Int64 }

func (m meter) Read(p []byte) (int, error) {
	n, err := m.Conn.Read(p)
	m.counts.in.Add(int64(n))
	acknowledge(m.Conn)
	return n, err
}

func (m meter) Write(p []byte) (int, error) {
	n, err := m.Conn.Write(p)
	m.counts.out.Add(int64(n))
	return n, err
}
