package plain

// AtMostOneURL judges the arguments of what takes a URL.
func AtMostOneURL(args []string) error {
	if len(args) > 1 {
		return Misuse("quote a URL that holds & or ; or #", "one URL is expected, %d arguments were given", len(args))
	}
	return nil
}

// AtMostOneWorld judges the arguments of demo.
func AtMostOneWorld(args []string) error {
	if len(args) > 1 {
		return Misuse("`xmppscope demo --list` names the worlds",
			"one demo world is expected, %d were given", len(args))
	}
	return nil
}

// NoArguments judges the arguments of what takes none.
func NoArguments(args []string) error {
	if len(args) > 0 {
		return Misuse("", "no arguments are expected, %d were given", len(args))
	}
	return nil
}
