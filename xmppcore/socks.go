package xmppcore

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strconv"
	"time"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// socksError is why a SOCKS5 proxy did not connect us.
type socksError struct {
	fault event.ProxyFault
	// cause is the target's own, where the proxy reports what it met there.
	cause  event.Cause
	detail string
}

func (e *socksError) Error() string { return e.detail }

// socksConnect asks the proxy at address for a connection (RFC 1928, and RFC 1929
// where there is a user). A name goes out as it is, for the proxy to look up.
func socksConnect(ctx context.Context, address, user, password, target string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		if ownLimit(err) || ctx.Err() != nil {
			return nil, err
		}
		return nil, &socksError{fault: event.ProxyDead, detail: wire.Safe(err.Error())}
	}
	if deadline, limited := ctx.Deadline(); limited {
		_ = conn.SetDeadline(deadline)
	}
	release := context.AfterFunc(ctx, func() { conn.Close() })
	err = socksRequest(conn, user, password, target)
	if !release() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		conn.Close()
		var told *socksError
		if ctx.Err() != nil && !errors.As(err, &told) {
			err = ctx.Err()
		}
		return nil, err
	}
	_ = conn.SetDeadline(time.Time{})
	return conn, nil
}

// SOCKS5's numbers.
const (
	socksVersion  = 5
	socksPassword = 2 // method
	socksNoMethod = 0xff
)

// socksRequest greets the proxy, logs in where it wants that, and asks for the target.
func socksRequest(conn net.Conn, user, password, target string) error {
	methods := []byte{0}
	if user != "" {
		methods = []byte{0, socksPassword}
	}
	answer, err := socksAsk(conn, append([]byte{socksVersion, byte(len(methods))}, methods...), 2)
	switch {
	case err != nil:
		return err
	case answer[0] != socksVersion:
		return &socksError{fault: event.ProxyNotSOCKS,
			detail: "it answered the greeting with \"" + wire.Safe(string(answer)) + "\""}
	case answer[1] == socksNoMethod && user == "":
		return &socksError{fault: event.ProxyPassword, detail: "it wants a user and a password, and its URL has none"}
	case answer[1] == socksNoMethod:
		return &socksError{fault: event.ProxyPassword, detail: "it accepts no login that we know"}
	case answer[1] == socksPassword:
		if err := socksLogIn(conn, user, password); err != nil {
			return err
		}
	}
	request, named, err := socksTarget(target)
	if err != nil {
		return err
	}
	return socksReply(conn, request, named)
}

func socksLogIn(conn net.Conn, user, password string) error {
	if len(user) > 255 || len(password) > 255 {
		return &socksError{fault: event.ProxyPassword, detail: "its user or password is longer than 255 bytes"}
	}
	login := append([]byte{1, byte(len(user))}, user...)
	login = append(append(login, byte(len(password))), password...)
	answer, err := socksAsk(conn, login, 2)
	if errors.Is(err, io.EOF) || err == nil && answer[1] != 0 {
		return &socksError{fault: event.ProxyPassword, detail: "it refused the user and password of its URL"}
	}
	return err
}

// socksTarget is the request to connect to a target; named is true when that is a
// name.
func socksTarget(target string) (request []byte, named bool, err error) {
	host, service, err := net.SplitHostPort(target)
	if err != nil {
		return nil, false, err
	}
	port, err := strconv.ParseUint(service, 10, 16)
	if err != nil {
		return nil, false, err
	}
	request = []byte{socksVersion, 1, 0}
	switch ip, err := netip.ParseAddr(host); {
	case err == nil && ip.Unmap().Is4():
		request = append(append(request, 1), ip.Unmap().AsSlice()...)
	case err == nil:
		request = append(append(request, 4), ip.AsSlice()...)
	case len(host) > 255:
		return nil, true, &socksError{fault: event.ProxyName, detail: "the name is longer than 255 bytes"}
	default:
		named = true
		request = append(append(request, 3, byte(len(host))), host...)
	}
	return binary.BigEndian.AppendUint16(request, uint16(port)), named, nil
}

// socksReply sends the request and reads the reply to it.
func socksReply(conn net.Conn, request []byte, named bool) error {
	reply, err := socksAsk(conn, request, 5)
	switch {
	case err == nil:
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, net.ErrClosed): // our time is over
		return &socksError{fault: event.ProxyTarget, detail: "it waits for the target"}
	default:
		return &socksError{detail: "it hung up when we asked for the connection"}
	}
	if reply[0] != socksVersion {
		return &socksError{fault: event.ProxyNotSOCKS, detail: "its reply is none of SOCKS5"}
	}
	if reply[1] != 0 {
		return socksRefusal(reply[1], named)
	}
	rest := map[byte]int{1: 3, 3: int(reply[4]), 4: 15}[reply[3]] + 2 // of the address that it uses, and its port
	_, err = io.ReadFull(conn, make([]byte, rest))
	return err
}

// socksRefusal reads the reply field (RFC 1928 section 6). What the proxy met at the
// target is the target's failure, not the proxy's.
func socksRefusal(code byte, named bool) error {
	switch {
	case code == 2:
		return &socksError{fault: event.ProxyRule, detail: "its rules do not allow the connection"}
	case code == 5:
		return &socksError{cause: event.CauseRefused, detail: "the proxy says: connection refused"}
	case named && (code == 1 || code == 4):
		return &socksError{fault: event.ProxyName,
			detail: map[byte]string{1: "the proxy says: general failure", 4: "the proxy says: host unreachable"}[code]}
	case code == 3, code == 4, code == 6:
		return &socksError{cause: event.CauseUnreachable, detail: "the proxy says: " +
			map[byte]string{3: "network unreachable", 4: "host unreachable", 6: "TTL expired"}[code]}
	}
	detail := fmt.Sprintf("the proxy answered with the code %d", code)
	switch code {
	case 7:
		detail += ", it does not make connections for its clients"
	case 8:
		detail += ", it does not take this kind of address: a name, IPv4 or IPv6"
	}
	return &socksError{detail: detail}
}

// socksAsk writes, and reads an answer of n bytes.
func socksAsk(conn net.Conn, question []byte, n int) ([]byte, error) {
	if _, err := conn.Write(question); err != nil {
		return nil, err
	}
	answer := make([]byte, n)
	_, err := io.ReadFull(conn, answer)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	if errors.Is(err, io.EOF) && len(question) > 2 && question[0] == socksVersion && question[1] <= 2 && n == 2 {
		return nil, &socksError{fault: event.ProxyNotSOCKS, detail: "it hung up on the greeting of SOCKS5"}
	}
	return answer, err
}
