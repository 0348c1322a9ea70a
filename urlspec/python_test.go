package urlspec

import (
	"math"
	"testing"
)

// The answers are CPython's.
func TestParseInt(t *testing.T) {
	for s, want := range map[string]int{
		"5222": 5222, " 5222\n": 5222, "+5": 5, "-5": -5, "5_222": 5222, "٥٢": 52, "5\u0660": 50, " 5\u0085": 5,
		"0": 0, "-0": 0, "007": 7, "99999999999999999999": math.MaxInt, "-99999999999999999999": math.MinInt,
	} {
		if n, ok := parseInt(s); !ok || n.value != want {
			t.Errorf("parseInt(%q) = %d, %v, want %d", s, n.value, ok, want)
		}
	}
	for _, s := range []string{"", " ", "x", "1__0", "_1", "1_", "+ 5", "0x10", "1e5", "4.2", "5\x1c", "½", "+-1"} {
		if n, ok := parseInt(s); ok {
			t.Errorf("parseInt(%q) = %d", s, n.value)
		}
	}
}

func TestParseFloat(t *testing.T) {
	for s, want := range map[string]float64{
		"4": 4, ".5": 0.5, "5.": 5, "1e3": 1000, "1E-2": 0.01, "1_0.5_0": 10.5, "1e1_0": 1e10, "inf": math.Inf(1),
		"-Infinity": math.Inf(-1), " 3 ": 3, "٣": 3, "1e999": math.Inf(1),
	} {
		if f, ok := parseFloat(s); !ok || f != want {
			t.Errorf("parseFloat(%q) = %v, %v, want %v", s, f, ok, want)
		}
	}
	if f, ok := parseFloat("-NaN"); !ok || !math.IsNaN(f) {
		t.Errorf("parseFloat(-NaN) = %v, %v", f, ok)
	}
	for _, s := range []string{"", ".", "x", "0x10", "4,5", "5s", "1._5", "1_.5", "--1", "infinit", "0x1p3", "5\x1f"} {
		if f, ok := parseFloat(s); ok {
			t.Errorf("parseFloat(%q) = %v", s, f)
		}
	}
}

func TestFloatText(t *testing.T) {
	for want, f := range map[string]float64{
		"4.0": 4, "0.5": 0.5, "1e+22": 1e22, "1e+16": 1e16, "1000000000000000.0": 1e15, "1e-05": 1e-5, "0.0001": 1e-4,
		"1.2345678901234568e+17": 123456789012345680, "nan": math.NaN(), "inf": math.Inf(1), "-inf": math.Inf(-1),
		"-0.0": math.Copysign(0, -1),
	} {
		if got := floatText(f); got != want {
			t.Errorf("floatText(%v) = %s, want %s", f, got, want)
		}
	}
}

func TestUnquote(t *testing.T) {
	for s, want := range map[string]string{
		"a%20b": "a b", "%C3%A9": "é", "%C3é": "\ufffdé", "é%C3": "é\ufffd", "%E2%82": "\ufffd", "%E2%82x": "\ufffdx",
		"%F0%9F%98": "\ufffd",
		"%ED%A0%80": "\ufffd\ufffd\ufffd", "%C0%80": "\ufffd\ufffd", "%F5": "\ufffd", "%": "%", "%2": "%2", "%zz": "%zz",
		"%%41": "%A", "%C3A%A9": "\ufffdA\ufffd",
	} {
		if got := unquote(s); got != want {
			t.Errorf("unquote(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestPunycode(t *testing.T) {
	for host, want := range map[string]string{
		"müller.example": "xn--mller-kva.example", "BÜCHER.example": "xn--bcher-kva.example",
		"例え.テスト":    "xn--r8jz45g.xn--zckzah",
		"пример.рф": "xn--e1afmkfd.xn--p1ai", "a．b": "a.b",
	} {
		if got, ok := toASCII(host); !ok || got != want {
			t.Errorf("toASCII(%q) = %q, %v, want %q", host, got, ok, want)
		}
	}
	if got, ok := toASCII("ü ü"); ok {
		t.Errorf("toASCII takes a blank: %q", got)
	}
}

func TestZone(t *testing.T) {
	for v, want := range map[string]string{
		"utc": "UTC", "Z": "UTC", "UCT": "UCT", "europe/berlin": "Europe/Berlin", "berlin": "Europe/Berlin",
		"indiana/knox": "America/Indiana/Knox", "EST": "EST", "est": "EST", "etc/gmt+5": "Etc/GMT+5",
	} {
		if got, ok := zone(v); !ok || got != want {
			t.Errorf("zone(%q) = %q, %v, want %q", v, got, ok, want)
		}
	}
	for _, v := range []string{"", "Mars", "America", "new york", "Europe/Berlin/", "erlin"} {
		if got, ok := zone(v); ok {
			t.Errorf("zone(%q) = %q", v, got)
		}
	}
}
