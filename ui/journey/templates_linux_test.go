package journey

import (
	"debug/elf"
	"strings"
	"testing"
)

// TestNoTemplates: nothing in the program calls methods by names that are known only
// when it runs. Templates do, and then the linker keeps every method of every type,
// which is a sixth of the file.
func TestNoTemplates(t *testing.T) {
	file, err := elf.Open(program(t))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	symbols, err := file.Symbols()
	if err != nil || len(symbols) < 1000 {
		t.Fatalf("%d symbols: %v", len(symbols), err)
	}
	for _, s := range symbols {
		if strings.HasPrefix(s.Name, "text/template.(*state)") {
			t.Fatalf("the program has %s", s.Name)
		}
	}
}
