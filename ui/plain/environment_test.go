package plain

import "testing"

func TestLook(t *testing.T) {
	tty := func(vars map[string]string) Environment {
		return Environment{In: true, Out: true, Err: true, Width: 100, Get: func(name string) string { return vars[name] }}
	}
	pipe := Environment{Get: func(name string) string { return map[string]string{"COLUMNS": "60"}[name] }}
	for name, test := range map[string]struct {
		env    Environment
		color  string
		labels bool
		want   Look
	}{
		"a terminal": {tty(map[string]string{"TERM": "xterm"}), "auto", false,
			Look{Color: true, Width: 100}},
		"a pipe":            {pipe, "auto", false, Look{Width: 60}},
		"a pipe, on demand": {pipe, "always", false, Look{Color: true, Width: 60}},
		"the zero value":    {Environment{}, "auto", false, Look{}},
		"never":             {tty(nil), "never", false, Look{Width: 100}},
		"NO_COLOR":          {tty(map[string]string{"NO_COLOR": "1"}), "auto", false, Look{Width: 100}},
		"an empty NO_COLOR": {tty(map[string]string{"NO_COLOR": "", "TERM": "xterm"}), "auto", false,
			Look{Color: true, Width: 100}},
		"NO_COLOR against a flag": {tty(map[string]string{"NO_COLOR": "1"}), "always", false,
			Look{Color: true, Width: 100}},
		"a terminal that does not say what it is": {Environment{In: true, Out: true, Err: true, Width: 100}, "auto", false,
			Look{Width: 100}},
		"an empty TERM":   {tty(map[string]string{"TERM": ""}), "auto", false, Look{Width: 100}},
		"a dumb terminal": {tty(map[string]string{"TERM": "dumb"}), "auto", false, Look{Width: 100}},
		"labels":          {tty(nil), "auto", true, Look{Labels: true, Width: 100}},
		"ACCESSIBLE": {tty(map[string]string{"ACCESSIBLE": "1"}), "auto", false,
			Look{Labels: true, Width: 100}},
		"ACCESSIBLE that says no": {tty(map[string]string{"ACCESSIBLE": "0", "TERM": "xterm"}), "auto", false,
			Look{Color: true, Width: 100}},
		"ACCESSIBLE without sense": {tty(map[string]string{"ACCESSIBLE": "?", "TERM": "xterm"}), "auto", false,
			Look{Color: true, Width: 100}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.env.Look(test.color, test.labels); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestProxy(t *testing.T) {
	for _, test := range []struct {
		env            map[string]string
		proxy, noProxy string
	}{
		{map[string]string{"all_proxy": "socks5://127.0.0.1:1080"}, "socks5://127.0.0.1:1080", ""},
		{map[string]string{"ALL_PROXY": "SOCKS5H://a:1", "all_proxy": "socks5://b:1", "no_proxy": "x"}, "SOCKS5H://a:1", "x"},
		{map[string]string{"ALL_PROXY": "socks4://a:1", "NO_PROXY": "*"}, "socks4://a:1", "*"},
		{nil, "", ""},
	} {
		env := Environment{Get: func(name string) string { return test.env[name] }}
		if env.Proxy() != test.proxy || env.NoProxy() != test.noProxy {
			t.Errorf("%v gives %q and %q", test.env, env.Proxy(), env.NoProxy())
		}
	}
}
