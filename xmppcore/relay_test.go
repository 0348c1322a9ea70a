package xmppcore

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
)

// pair is a TCP connection on loopback, both ends.
func pair(t *testing.T) (ours, theirs net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if ours, err = net.Dial("tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if theirs, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ours.Close(); theirs.Close() })
	return ours, theirs
}

// relayed is a relay with the library's end dialled.
func relayed(t *testing.T) (r *relay, library, server net.Conn, counted *counts) {
	t.Helper()
	ours, server := pair(t)
	counted = &counts{}
	r, err := newRelay(meter{ours, counted})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.close)
	if library, err = net.Dial("tcp", r.address()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { library.Close() })
	return r, library, server, counted
}

func TestRelayCopies(t *testing.T) {
	r, library, server, counted := relayed(t)
	big := strings.Repeat("0123456789", 50_000)
	go io.WriteString(library, big)
	got := make([]byte, len(big))
	if _, err := io.ReadFull(server, got); err != nil || string(got) != big {
		t.Fatalf("the server got %d other bytes, %v", len(got), err)
	}
	if _, err := io.WriteString(server, "answer"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(library, got[:6]); err != nil || string(got[:6]) != "answer" {
		t.Fatalf("the library got %q, %v", got[:6], err)
	}
	r.close() // what was written last may have arrived before it was counted
	if in, out := counted.in.Load(), counted.out.Load(); in != 6 || out != int64(len(big)) {
		t.Errorf("counted %d in, %d out", in, out)
	}
}

// TestRelayServerEnds: the library reads to the end, then sees it.
func TestRelayServerEnds(t *testing.T) {
	r, library, server, _ := relayed(t)
	io.WriteString(server, "last words")
	server.Close()
	if all, err := io.ReadAll(library); err != nil || string(all) != "last words" {
		t.Errorf("the library read %q, %v", all, err)
	}
	if !errors.Is(r.lost(), io.EOF) {
		t.Errorf("lost: %v", r.lost())
	}
}

// TestRelayHangUp ends both sides at once, and is not the server's doing.
func TestRelayHangUp(t *testing.T) {
	r, library, server, _ := relayed(t)
	io.WriteString(server, "x") // so that both ways are up
	if _, err := io.ReadFull(library, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	r.hangUp()
	r.hangUp()
	if _, err := library.Read(make([]byte, 1)); err == nil {
		t.Error("the library could read on")
	}
	if _, err := server.Read(make([]byte, 1)); err == nil {
		t.Error("the server could read on")
	}
	r.close()
	if r.lost() != nil {
		t.Errorf("lost: %v", r.lost())
	}
}

// TestRelayUnused: nobody dials.
func TestRelayUnused(t *testing.T) {
	ours, _ := pair(t)
	r, err := newRelay(ours)
	if err != nil {
		t.Fatal(err)
	}
	r.close()
	if conn, err := net.Dial("tcp", r.address()); err == nil {
		conn.Close()
		t.Error("it still listens")
	}
}

// TestRelayTakesOne: there is one library.
func TestRelayTakesOne(t *testing.T) {
	r, library, server, _ := relayed(t)
	io.WriteString(server, "x")
	if _, err := io.ReadFull(library, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if second, err := net.Dial("tcp", r.address()); err == nil {
		second.Close()
		t.Error("a second connection was taken")
	}
}
