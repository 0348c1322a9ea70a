package plain

import (
	"context"
	"errors"
	"fmt"
	"os"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/loopback"
)

// Demo is a running world: the built-in server on loopback, and a file with
// its authority for other programs. Close it.
type Demo struct {
	World  loopback.World
	Server *loopback.Server
	// CAFile is the server's authority in PEM form.
	CAFile string
}

// StartDemo starts a world by its name; the first one when name is empty.
func StartDemo(name string) (*Demo, error) {
	world, err := findWorld(name)
	if err != nil {
		return nil, err
	}
	server, err := loopback.Start(world.Config)
	if err != nil {
		return nil, fmt.Errorf("starting the demo: %w", err)
	}
	d := &Demo{World: world, Server: server}
	if d.CAFile, err = writeCA(server.CAPEM()); err != nil {
		return nil, errors.Join(fmt.Errorf("starting the demo: %w", err), server.Close())
	}
	return d, nil
}

func findWorld(name string) (loopback.World, error) {
	worlds := loopback.Worlds()
	if name == "" {
		return worlds[0], nil
	}
	for _, w := range worlds {
		if w.Name == name {
			return w, nil
		}
	}
	return loopback.World{}, Misuse("`xmppscope demo --list` names them", "there is no demo world of that name")
}

func writeCA(pem []byte) (string, error) {
	file, err := os.CreateTemp("", "xmppscope-demo-ca-*.pem")
	if err != nil {
		return "", err
	}
	_, err = file.Write(pem)
	if err = errors.Join(err, file.Close()); err != nil {
		return "", errors.Join(err, os.Remove(file.Name()))
	}
	return file.Name(), nil
}

// Close stops the server and removes the file.
func (d *Demo) Close() error {
	return errors.Join(d.Server.Close(), os.Remove(d.CAFile))
}

// URL is the URL that the world is about.
func (d *Demo) URL() string { return d.World.URL(d.Server) }

// Job is what a run in the world needs: its authority and its names.
func (d *Demo) Job() xmppcore.Job {
	return xmppcore.Job{Roots: d.Server.Roots(), Lookup: d.Server.Resolver(), Dial: d.Server.Dial}
}

// demoJSON is the line of demo --no-ui. Its passwords are those of a server
// that nobody else can reach and that ends with the program.
type demoJSON struct {
	V        int           `json:"v"`
	Type     fact.LineType `json:"type"`
	World    string        `json:"world"`
	Domain   string        `json:"domain"`
	Accounts []demoAccount `json:"accounts"`
	Rooms    []demoRoom    `json:"rooms"`
	CAFile   string        `json:"ca_file"`
	Ports    demoPorts     `json:"ports"`
	// URL is the one that shows what the world is about.
	URL string `json:"url"`
}

type demoAccount struct {
	JID      string `json:"jid"`
	Password string `json:"password"`
	URL      string `json:"url"`
}

type demoRoom struct {
	JID string `json:"jid"`
	URL string `json:"url"`
}

type demoPorts struct {
	STARTTLS int `json:"starttls"`
	TLS      int `json:"tls"`
	Plain    int `json:"plain"`
}

func (d *Demo) line() demoJSON {
	server := d.Server
	line := demoJSON{V: 1, Type: fact.LineDemo, World: d.World.Name, Domain: server.Domain(), CAFile: d.CAFile,
		URL: d.URL(), Ports: demoPorts{server.STARTTLSPort(), server.TLSPort(), server.PlainPort()}}
	for _, a := range d.World.Config.Accounts {
		line.Accounts = append(line.Accounts, demoAccount{JID: a.Name + "@" + server.Domain(), Password: a.Password,
			URL: server.URL(urlspec.ModeSTARTTLS, a.Name)})
	}
	for _, r := range d.World.Config.Rooms {
		jid := r.Name + "@" + server.Service()
		url := server.URL(urlspec.ModeSTARTTLS, d.World.Config.Accounts[0].Name, "#"+jid)
		line.Rooms = append(line.Rooms, demoRoom{JID: jid, URL: url})
	}
	return line
}

// DemoBody is what the demo sends.
const DemoBody = "Hello from the demo."

// DemoNames are the worlds there are.
func DemoNames() []string {
	var names []string
	for _, w := range loopback.Worlds() {
		names = append(names, w.Name)
	}
	return names
}

// ListDemos prints the worlds there are.
func (s *Shell) ListDemos() {
	width := 0
	for _, w := range loopback.Worlds() {
		width = max(width, len(w.Name))
	}
	for _, w := range loopback.Worlds() {
		if s.Look.Labels {
			s.print(w.Name + ": " + w.Summary)
		} else {
			s.print(pad(w.Name, width) + "  " + w.Summary)
		}
	}
}

// ServeDemo prints one JSON line that says how to reach the world, and serves
// it until ctx ends. That is how it is meant to end, so it counts as done.
func (s *Shell) ServeDemo(ctx context.Context, d *Demo) (model.ExitCode, error) {
	if err := s.printJSON(d.line()); err != nil {
		return model.ExitInternal, err
	}
	<-ctx.Done()
	return model.ExitDone, nil
}

// PlayDemo checks the world's URL and, when that is done, sends to it, in lines. It
// ends with the first exit code that is not done.
func (s *Shell) PlayDemo(ctx context.Context, d *Demo) (model.ExitCode, error) {
	connect := Connect{Source: Source{Args: []string{d.URL()}}, Job: d.Job(), Trust: model.TrustDemo}
	checked, err := s.Check(ctx, connect)
	if err != nil || ctx.Err() != nil || checked != model.ExitDone {
		return checked, err // what cannot be checked is not sent into
	}
	s.print("")
	return s.Send(ctx, Send{Connect: connect, Title: "xmppscope", Body: DemoBody, BodyGiven: true})
}
