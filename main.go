// Xmppscope is an interactive XMPP notifier and Apprise-URL debugger for the
// terminal.
//
// This file holds the command line: flags, subcommands and exit codes. It is
// the only one that reads arguments, environment and standard input. What the
// commands do is in the packages below it: urlspec reads a URL as Apprise does,
// xmppcore connects, model keeps what is known, ui draws it on a terminal and
// ui/plain in lines and JSON.
package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"xmppscope/model"
	"xmppscope/ui"
	"xmppscope/ui/ending"
	"xmppscope/ui/plain"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

func main() {
	debug.SetMemoryLimit(xmppcore.MemoryLimit)
	environ, env := takeEnvironment()
	if noProxy, needed := xmppcore.LoopbackDirect(os.Getenv); needed {
		os.Setenv("NO_PROXY", noProxy)
	}
	end := ending.New(context.Background())
	end.Listen()
	os.Exit(int(run(end, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, env, environ)))
}

// takeEnvironment gives the environment as it was, which is what children get,
// and a look-up in it. What may hold a password then leaves this process's own
// environment: libraries start programs with that.
func takeEnvironment() (environ []string, get func(string) string) {
	environ = os.Environ()
	secret := map[string]string{}
	for _, line := range environ {
		if name, value, _ := strings.Cut(line, "="); strings.HasPrefix(name, "XMPPSCOPE_") {
			secret[name] = value
			os.Unsetenv(name)
		}
	}
	return environ, func(name string) string {
		if value, taken := secret[name]; taken {
			return value
		}
		return os.Getenv(name)
	}
}

// run is the program without its globals.
func run(end *ending.Ending, args []string, in, out, err *os.File,
	env func(string) string, environ []string) model.ExitCode {
	a := &app{
		end:    end,
		screen: ui.Options{Environ: environ},
		env:    plain.Environment{Get: env, In: isTerminal(in), Out: isTerminal(out), Err: isTerminal(err)},
		shell: &plain.Shell{In: plain.Interruptible(end.Context(), in), Open: plain.Opener(end.Context()),
			Out: end.Outlet(out, "standard output"), Err: end.Outlet(err, ""), Hold: end.Hold,
			InTerminal: isTerminal(in), OutTerminal: isTerminal(out), ErrTerminal: isTerminal(err), Env: env},
	}
	if info, err := in.Stat(); err == nil && info.Mode().IsRegular() {
		a.shell.InSize = info.Size()
	}
	if a.env.Out {
		if width, _, err := term.GetSize(int(out.Fd())); err == nil {
			a.env.Width = width
		}
	}
	if a.env.In && a.env.Err {
		a.shell.AskPassword = func(ctx context.Context, prompt string) (string, error) {
			defer end.Hold()() // the terminal's echo
			return plain.AskPassword(ctx, prompt, in, err)
		}
	}
	code, problem := end.Run(in, func(ctx context.Context) (model.ExitCode, error) { return a.execute(ctx, args) })
	if failed := end.FailedOutput(); failed != nil {
		failed.AsPipe()
		problem = failed
	}
	if problem != nil {
		return a.shell.Complain(problem)
	}
	return code
}

// execute takes the command line apart and does what it says.
func (a *app) execute(ctx context.Context, args []string) (model.ExitCode, error) {
	root := a.root()
	root.SetArgs(args)
	root.SetOut(a.shell.Out)
	root.SetErr(a.shell.Err)
	if err := root.ExecuteContext(ctx); err != nil {
		var fault *plain.Fault
		if !errors.As(err, &fault) { // cobra's own words repeat the arguments, and those may hold a password
			err = plain.Misuse(plain.SeeHelp, "the command line cannot be understood")
		}
		return model.ExitUsage, err
	}
	return a.code, a.err
}

// app is the command line while it is taken apart.
type app struct {
	end   *ending.Ending
	env   plain.Environment
	shell *plain.Shell
	// code and err are what the command that ran ended with.
	code model.ExitCode
	err  error

	color   string
	plain   bool
	version bool
	connect plain.Connect
	screen  ui.Options
}

// command is what a subcommand does, as cobra wants it.
type command func(cmd *cobra.Command, args []string) (model.ExitCode, error)

func (a *app) do(c command) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		a.shell.Look = a.env.Look(a.color, a.plain)
		a.connect.Source.Args = args
		a.connect.Job.Proxy, a.connect.Job.NoProxy = a.env.Proxy(), a.env.NoProxy()
		a.code, a.err = c(cmd, args)
		return nil
	}
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "xmppscope [URL]",
		Short: "See how Apprise reads an XMPP URL, and what the server says to it",
		Long: "xmppscope takes an Apprise URL (xmpp:// or xmpps://), shows how it is put together,\n" +
			"connects, and shows every step up to the message that arrives or does not.\n\n" +
			"Without a subcommand it opens the terminal UI.",
		Args:              cobra.ArbitraryArgs, // judged by open: cobra would echo them, and they may hold a password
		SilenceErrors:     true,
		SilenceUsage:      true,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              a.do(a.open),

		SuggestionsMinimumDistance: 2,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return plain.FlagMisuse(err) })
	persistent := root.PersistentFlags()
	a.choice(root, persistent, &a.color, "color", "auto", "colour: auto, always or never", "auto", "always", "never")
	persistent.BoolVar(&a.plain, "plain", false, "print append-only labelled lines, for screen readers and logs")
	// Cobra's own flag prints by a template, and a program that may run templates keeps
	// every method of every type: a sixth of its size.
	root.Flags().BoolVarP(&a.version, "version", "v", false, "print the version")
	a.urlFlags(root)
	a.loginFlags(root)
	a.connectFlags(root)
	a.trustFlag(root)
	a.screenFlags(root)
	root.SetHelpCommand(helpCommand(root))
	root.AddCommand(a.explain(), a.check(), a.send(), a.matrix(), a.cert(), a.lint(), a.demo(), a.versionCommand())
	return root
}

// open is the program without a subcommand: the terminal UI.
func (a *app) open(cmd *cobra.Command, args []string) (model.ExitCode, error) {
	if a.version {
		return a.printVersion(cmd, nil)
	}
	if len(args) > 0 && !strings.Contains(args[0], ":") {
		if names := cmd.SuggestionsFor(args[0]); len(names) > 0 {
			return model.ExitUsage, plain.Misuse("did you mean `xmppscope "+names[0]+"`?", "unknown command")
		}
	}
	if err := plain.AtMostOneURL(args); err != nil {
		return model.ExitUsage, err
	}
	if a.plain || a.env.Accessible() {
		return a.shell.ExplainAndCheck(cmd.Context(), a.connect)
	}
	if !a.env.Screen() && len(args) > 0 && !strings.ContainsAny(args[0], ":@-") {
		return model.ExitUsage, plain.Misuse(plain.SeeHelp, "that is neither a command nor a URL")
	}
	if !a.env.Screen() {
		return model.ExitUsage, plain.Misuse("",
			"the terminal UI needs a terminal: use `xmppscope explain`, `check` or `send` here")
	}
	opening, err := a.shell.Opening(a.connect)
	if err != nil {
		return model.ExitUsage, err
	}
	a.screen.URL, a.screen.Password = opening.URL, opening.Password
	return a.show(cmd.Context())
}

// show opens the terminal UI.
func (a *app) show(ctx context.Context) (model.ExitCode, error) {
	a.screen.Proxy, a.screen.NoProxy = a.connect.Job.Proxy, a.connect.Job.NoProxy
	a.screen.AllowCleartextPassword = a.connect.Job.AllowCleartextPassword
	a.screen.AsRead, a.screen.Trust = a.connect.AsRead, a.connect.Trust
	a.screen.NoColor = !a.shell.Look.Color
	a.screen.Env, a.screen.Program = a.env.Get, "xmppscope "+plain.Version()
	defer a.end.Hold()() // the terminal, and what runs
	return ui.Run(ctx, a.screen)
}

func (a *app) screenFlags(cmd *cobra.Command) {
	var themes []string
	for _, t := range ui.Themes() {
		themes = append(themes, string(t))
	}
	a.choice(cmd, cmd.Flags(), (*string)(&a.screen.Theme), "theme", themes[0],
		"colours of the screen: "+strings.Join(themes, ", "), themes...)
	cmd.Flags().BoolVar(&a.screen.ASCII, "ascii", false, "draw the screen without any sign beyond ASCII")
}

func (a *app) lint() *cobra.Command {
	var command plain.Lint
	cmd := &cobra.Command{
		Use:   "lint FILE|DIR...",
		Short: "Find the XMPP URLs in files and say what is wrong with them",
		Args:  cobra.ArbitraryArgs,
		RunE: a.do(func(cmd *cobra.Command, args []string) (model.ExitCode, error) {
			command.Files = args
			debug.SetMemoryLimit(math.MaxInt64) // the limit is for runs; a file of 16 MB takes more than that
			return a.shell.Lint(cmd.Context(), command)
		}),
	}
	cmd.Flags().BoolVar(&command.JSON, "json", false, "print one JSON object a problem")
	cmd.Flags().BoolVar(&command.Fix, "fix", false, "make every safe fix in the files, and report what remains")
	cmd.Flags().BoolVar(&command.Comments, "comments", false, "look at comments and examples too")
	return cmd
}

func (a *app) demo() *cobra.Command {
	var list, noUI bool
	cmd := &cobra.Command{
		Use:   "demo [WORLD]",
		Short: "Start the built-in server on loopback and open the UI on it",
		Long: "demo starts a small XMPP server on this machine, healthy or with something wrong\n" +
			"on purpose, and opens the UI on a URL for it. Without a terminal it runs check\n" +
			"and then send against it.",
		Args: judged(plain.AtMostOneWorld),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return plain.DemoNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: a.do(func(cmd *cobra.Command, args []string) (code model.ExitCode, err error) {
			if list {
				a.shell.ListDemos()
				return model.ExitDone, nil
			}
			defer a.end.Hold()() // the server, and its file
			d, err := plain.StartDemo(strings.Join(args, ""))
			if err != nil {
				return model.ExitInternal, err
			}
			defer func() { err = errors.Join(err, d.Close()) }()
			switch {
			case noUI:
				return a.shell.ServeDemo(cmd.Context(), d)
			case a.plain || a.env.Accessible() || !a.env.Screen():
				return a.shell.PlayDemo(cmd.Context(), d)
			}
			world := d.Job()
			a.screen.URL, a.screen.World = d.URL(), d.World.Summary
			a.screen.Roots, a.screen.Lookup, a.screen.Dial = world.Roots, world.Lookup, world.Dial
			a.connect.Trust = model.TrustDemo
			a.screen.Title, a.screen.Body = "xmppscope", plain.DemoBody
			return a.show(cmd.Context())
		}),
	}
	cmd.Flags().BoolVar(&list, "list", false, "list the worlds")
	cmd.Flags().BoolVar(&noUI, "no-ui", false, "print one JSON line with URLs that work, and serve until interrupted")
	a.screenFlags(cmd)
	return cmd
}

func (a *app) explain() *cobra.Command {
	var command plain.Explain
	cmd := &cobra.Command{
		Use:   "explain [URL...|CODE...|-]",
		Short: "Say how Apprise reads a URL, and what is wrong with it, offline",
		Args:  cobra.ArbitraryArgs,
		RunE: a.do(func(_ *cobra.Command, args []string) (model.ExitCode, error) {
			command.Source = a.connect.Source
			return a.shell.Explain(command)
		}),
	}
	cmd.Flags().BoolVar(&command.JSON, "json", false, "print one JSON object a URL")
	cmd.Flags().BoolVar(&command.Fix, "fix", false, "print the URL with every safe fix made, its password hidden")
	cmd.Flags().BoolVar(&command.AsOne, "as-one", false,
		"read a text that holds several URLs as one, as Apprise.instantiate() does")
	cmd.Flags().BoolVar(&command.Reveal, "reveal", false,
		"with --json, show in the reading what may be a part of the password")
	a.urlFlags(cmd)
	return cmd
}

func (a *app) check() *cobra.Command {
	var until string
	cmd := &cobra.Command{
		Use:   "check [URL|-]",
		Short: "Connect, log in and join the rooms, and send nothing",
		Args:  judged(plain.AtMostOneURL),
		RunE: a.do(func(cmd *cobra.Command, _ []string) (model.ExitCode, error) {
			a.connect.Job.Until = event.Stage(until)
			return a.shell.Check(cmd.Context(), a.connect)
		}),
	}
	var stages []string
	for _, s := range model.CheckStages() {
		stages = append(stages, string(s))
	}
	a.choice(cmd, cmd.Flags(), &until, "until", "", "end after this stage: "+strings.Join(stages, ", "), stages...)
	cmd.Flags().BoolVar(&a.connect.Job.NoLogin, "no-login", false, "end before the login")
	cmd.Flags().BoolVar(&a.connect.Fix, "apply-fixes", false, "make every safe fix of the URL, and check again")
	a.runFlags(cmd)
	return cmd
}

func (a *app) send() *cobra.Command {
	var command plain.Send
	var need string
	var receipts time.Duration
	cmd := &cobra.Command{
		Use:   "send [URL|-]",
		Short: "Send one notification, and say for each target what shows that it arrived",
		Args:  judged(plain.AtMostOneURL),
		RunE: a.do(func(cmd *cobra.Command, _ []string) (model.ExitCode, error) {
			command.Connect = a.connect
			command.BodyGiven = cmd.Flags().Changed("body")
			command.Job.Need = event.Evidence(need)
			if cmd.Flags().Changed("receipts") {
				command.Job.Receipts = &receipts
			}
			if receipts < 0 {
				return model.ExitUsage, plain.Misuse("such as 2s; 0 waits for none", "--receipts is how long to wait")
			}
			return a.shell.Send(cmd.Context(), command)
		}),
	}
	flags := cmd.Flags()
	flags.StringVarP(&command.Title, "title", "t", "", "`TITLE` of the notification")
	flags.StringVarP(&command.Body, "body", "b", "", "`BODY` of the notification; - or none reads standard input")
	a.choice(cmd, flags, &command.InputFormat, "input-format", "text",
		"how title and body are written: text, html or markdown",
		"text", "html", "markdown")
	flags.BoolVar(&command.InterpretEscapes, "interpret-escapes", false,
		`turn \n, \t and the like into what they stand for`)
	flags.BoolVar(&command.Lines, "lines", false,
		"send each line of standard input as a notification of its own, as it comes; "+
			"with keepalive=yes over one session")
	var rungs []string
	for _, e := range event.Needs() {
		rungs = append(rungs, string(e))
	}
	a.choice(cmd, flags, &need, "need", "",
		"fail where a target shows less than this, as far as its kind can: "+strings.Join(rungs, ", "), rungs...)
	flags.DurationVar(&receipts, "receipts", 0,
		"wait for receipts that are not needed for `DUR`, such as 2s or 0, in place of one more round trip")
	flags.BoolVar(&command.DryRun, "dry-run", false, "show the messages and touch no network")
	a.runFlags(cmd)
	return cmd
}

func (a *app) matrix() *cobra.Command {
	var command plain.Explore
	cmd := &cobra.Command{
		Use:   "matrix [URL|-]",
		Short: "Try every host, port, mode and TLS version, and rank the URLs that would work",
		Args:  judged(plain.AtMostOneURL),
		RunE: a.do(func(cmd *cobra.Command, _ []string) (model.ExitCode, error) {
			command.Connect = a.connect
			return a.shell.Explore(cmd.Context(), command)
		}),
	}
	cmd.Flags().BoolVar(&command.Login, "login", false, "log in where it looks best, three times at most")
	cmd.Flags().IntSliceVar(&command.Ports, "port", nil,
		"try this `PORT` too, beside the URL's, SRV's, 5222, 5223 and 443")
	a.runFlags(cmd)
	return cmd
}

func (a *app) cert() *cobra.Command {
	var command plain.Certificate
	cmd := &cobra.Command{
		Use:   "cert [URL|-]",
		Short: "Show the server's certificate, and whom it is valid for",
		Args:  judged(plain.AtMostOneURL),
		RunE: a.do(func(cmd *cobra.Command, _ []string) (model.ExitCode, error) {
			command.Connect = a.connect
			return a.shell.Certificate(cmd.Context(), command)
		}),
	}
	cmd.Flags().BoolVar(&command.PEM, "pem", false, "print the certificates in PEM form")
	a.urlFlags(cmd)
	a.connectFlags(cmd)
	a.reportFlags(cmd)
	return cmd
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  judged(plain.NoArguments),
		RunE:  a.do(a.printVersion),
	}
}

func (a *app) printVersion(cmd *cobra.Command, _ []string) (model.ExitCode, error) {
	fmt.Fprintf(cmd.OutOrStdout(), "xmppscope %s\n", plain.Version())
	return model.ExitDone, nil
}

// runFlags are those of what connects, logs in and gives a verdict on Apprise.
func (a *app) runFlags(cmd *cobra.Command) {
	a.urlFlags(cmd)
	a.loginFlags(cmd)
	a.connectFlags(cmd)
	a.trustFlag(cmd)
	a.reportFlags(cmd)
}

func (a *app) urlFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.connect.Source.File, "url-file", "", "read the URL from `FILE`; - is standard input")
}

func (a *app) loginFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.connect.PasswordFile, "password-file", "", "read the password from the first line of `FILE`")
	cmd.Flags().BoolVar(&a.connect.Job.AllowCleartextPassword, "allow-cleartext-password", false,
		"send a password without TLS to a server that is not on this machine")
}

func (a *app) connectFlags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&a.connect.AsRead, "as-read", false,
		"connect to the host as Apprise reads it, also where it may be a part of the password")
}

func (a *app) trustFlag(cmd *cobra.Command) {
	a.choice(cmd, cmd.Flags(), (*string)(&a.connect.Trust), "apprise-trust", model.Trusts()[0],
		"what Apprise's certifi is taken to be: mozilla as pip and Docker install it, system as on Debian", model.Trusts()...)
}

func (a *app) reportFlags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&a.connect.JSON, "json", false, "print every event and the result as JSON lines")
	cmd.Flags().BoolVarP(&a.connect.Verbose, "verbose", "v", false, "tell every event on standard error")
}

// choice adds a flag that takes one of a few words.
func (a *app) choice(cmd *cobra.Command, flags *pflag.FlagSet, target *string,
	name, value, help string, words ...string) {
	*target = value
	flags.Var(plain.NewChoice(target, words...), name, help)
	err := cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic(err) // the flag was added one line above
	}
}

// judged makes a judge of the arguments one as cobra wants it.
func judged(judge func(args []string) error) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error { return judge(args) }
}

// helpCommand replaces cobra's, which repeats what it does not know.
func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:               "help [COMMAND]",
		Short:             "Explain a command",
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(_ *cobra.Command, args []string) error {
			found, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return plain.Misuse(plain.SeeHelp, "there is no such command to explain")
			}
			return found.Help()
		},
	}
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }
