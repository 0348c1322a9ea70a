//go:build paths

package pathtest

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/xmppcore/certificate/chaintest"
)

// reference is the name that every chain is to be valid for.
const reference = "tls.lab"

// Extensions of the certificates, as openssl's configuration has them.
const (
	keyIDs = "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
	noIDs  = "subjectKeyIdentifier=none\nauthorityKeyIdentifier=none\n"
	scts   = "1.3.6.1.4.1.11129.2.4.2=ASN1:FORMAT:HEX,OCT:00\n"
	caExt  = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n" + keyIDs
	bare   = "basicConstraints=CA:FALSE\n" + scts
	leaf   = bare + "extendedKeyUsage=serverAuth\nkeyUsage=critical,digitalSignature,keyEncipherment\n" + keyIDs
	named  = "subjectAltName=DNS:" + reference + "\n"
)

// made is one certificate to make. Its zero values are an elliptic key, the dates
// of everything that is valid, SHA-256, and the subject CN=name.
type made struct {
	name, issuer, key, ext, from, to, md, subject string
}

const (
	validFrom, validTo = "20200101000000Z", "20990101000000Z"
	pastTo             = "20210101000000Z"
	futureFrom         = "20980101000000Z"
)

// authorities are the issuers of the chains; root and the issuer's own come first.
// Only root is trusted.
func authorities() []made {
	list := []made{
		{name: "root", issuer: "self", ext: caExt},
		{name: "int", issuer: "root", ext: caExt},
		{name: "intrsa", issuer: "root", key: "rsa:2048", ext: caExt},
		{name: "private", issuer: "self", ext: caExt},
		{name: "expired-int", issuer: "root", ext: caExt, to: pastTo},
		{name: "future-int", issuer: "root", ext: caExt, from: futureFrom},
		{name: "sha1-int", issuer: "root", ext: caExt, md: "sha1"},
		{name: "root2", issuer: "self", ext: caExt},
		{name: "int2", issuer: "root2", ext: caExt},
		{name: "pathlen-int", issuer: "root", ext: strings.Replace(caExt, "CA:TRUE", "CA:TRUE,pathlen:0", 1)},
		{name: "pathlen-int2", issuer: "pathlen-int", ext: caExt},
		{name: "no-ca-int", issuer: "root", ext: "basicConstraints=critical,CA:FALSE\n" + keyIDs},
		{name: "uncritical-int", issuer: "root", ext: strings.Replace(caExt, "critical,CA:TRUE", "CA:TRUE", 1)},
		{name: "no-usage-int", issuer: "root", ext: "basicConstraints=critical,CA:TRUE\n" + keyIDs},
		{name: "weak-int", issuer: "root", key: "rsa:1024", ext: caExt},
	}
	for name, constraint := range map[string]string{"nc-inside": "permitted;DNS:lab",
		"nc-outside":  "permitted;DNS:example.com",
		"nc-excluded": "excluded;DNS:lab", "nc-dot": "permitted;DNS:.lab"} {
		list = append(list, made{name: name, issuer: "root", ext: caExt + "nameConstraints=critical," + constraint + "\n"})
	}
	for i := range 8 {
		issuer := "root"
		if i > 0 {
			issuer = fmt.Sprintf("deep%d", i)
		}
		list = append(list, made{name: fmt.Sprintf("deep%d", i+1), issuer: issuer, ext: caExt})
	}
	return list
}

// chain is a leaf, and what is sent behind it.
type chain struct {
	made
	with []string
}

func of(name, ext string, changes ...func(*chain)) chain {
	c := chain{made: made{name: name, issuer: "int", ext: ext}, with: []string{"int"}}
	for _, change := range changes {
		change(&c)
	}
	return c
}

func by(issuer string, with ...string) func(*chain) {
	return func(c *chain) { c.issuer, c.with = issuer, with }
}

func key(kind string) func(*chain) { return func(c *chain) { c.key = kind } }

func subject(text string) func(*chain) { return func(c *chain) { c.subject = text } }

// chains are all that are judged.
func chains() []chain {
	san := func(names string) string { return leaf + "subjectAltName=" + names + "\n" }
	list := []chain{
		of("good", leaf+named),
		of("upper case", san("DNS:TLS.LAB")),
		of("final dot", san("DNS:tls.lab.")),
		of("wildcard below one label", san("DNS:*.lab")),
		of("wildcard for what is below", san("DNS:*.tls.lab")),
		of("wildcard in part of a label", san("DNS:t*.lab")),
		of("common name alone", leaf, subject("/CN=tls.lab")),
		of("common name beside another name", san("DNS:other.lab"), subject("/CN=tls.lab")),
		of("common name beside an address", san("IP:198.51.100.60"), subject("/CN=tls.lab")),
		of("common name beside a mail address", san("email:a@tls.lab"), subject("/CN=tls.lab")),
		of("wildcard as common name", leaf, subject("/CN=*.lab")),
		of("SRV-ID", san("otherName:1.3.6.1.5.5.7.8.7;IA5STRING:_xmpp-client.tls.lab")),
		of("SRV-ID of servers", san("otherName:1.3.6.1.5.5.7.8.7;IA5STRING:_xmpp-server.tls.lab")),
		of("XmppAddr", san("otherName:1.3.6.1.5.5.7.8.5;UTF8:tls.lab")),
		of("XmppAddr beside another name", san("otherName:1.3.6.1.5.5.7.8.5;UTF8:TLS.Lab,DNS:other.lab")),
		of("URI", san("URI:xmpp:tls.lab")),
		of("mail address", san("email:a@tls.lab")),
		of("name of the server", san("DNS:host.tls.lab")),
		of("another name", san("DNS:other.lab")),
		of("no name at all", leaf, subject("/O=x")),
		of("many names", leaf+"subjectAltName="+strings.Repeat("DNS:other.lab,", 200)+"DNS:tls.lab\n"),
		of("critical SRV-ID", leaf+"subjectAltName=critical,otherName:1.3.6.1.5.5.7.8.7;IA5STRING:_xmpp-client.tls.lab\n",
			subject("/")),
		of("intermediate not sent", leaf+named, by("int")),
		of("intermediate not sent, with its address",
			leaf+named+"authorityInfoAccess=caIssuers;URI:http://x.lab/i.cer\n", by("int")),
		of("root sent too", leaf+named, by("int", "int", "root")),
		of("a foreign certificate between", leaf+named, by("int", "root2", "int")),
		of("wrong order", leaf+named, by("deep2", "deep1", "deep2")),
		of("wrong intermediate", leaf+named, by("int", "int2")),
		of("private authority", leaf+named, by("private")),
		of("private authority, root sent", leaf+named, by("private", "private")),
		of("private authority behind an intermediate", leaf+named, by("int2", "int2")),
		of("private root behind an intermediate, sent", leaf+named, by("int2", "int2", "root2")),
		of("self-signed", leaf+named, by("self"), subject("/CN=tls.lab")),
		of("self-signed authority", caExt+named, by("self"), subject("/CN=tls.lab")),
		of("expired", leaf+named, func(c *chain) { c.to = pastTo }),
		of("not yet valid", leaf+named, func(c *chain) { c.from = futureFrom }),
		of("expired intermediate", leaf+named, by("expired-int", "expired-int")),
		of("intermediate not yet valid", leaf+named, by("future-int", "future-int")),
		of("expired, with an expired intermediate", leaf+named, by("expired-int", "expired-int"),
			func(c *chain) { c.to = pastTo }),
		of("expired, another name", san("DNS:other.lab"), func(c *chain) { c.to = pastTo }),
		of("signed with SHA-1", leaf+named, func(c *chain) { c.md = "sha1" }),
		of("intermediate signed with SHA-1", leaf+named, by("sha1-int", "sha1-int")),
		of("signed with SHA-1 by RSA", leaf+named, by("intrsa", "intrsa"), func(c *chain) { c.md = "sha1" }),
		of("signed with MD5", leaf+named, by("intrsa", "intrsa"), func(c *chain) { c.md = "md5" }),
		of("signed with SHA-512", leaf+named, func(c *chain) { c.md = "sha512" }),
		of("RSA 1024", leaf+named, key("rsa:1024")),
		of("RSA 2048", leaf+named, key("rsa:2048")),
		of("RSA 4096", leaf+named, key("rsa:4096")),
		of("weak intermediate", leaf+named, by("weak-int", "weak-int")),
		of("P-384", leaf+named, key("ec:P-384")),
		of("P-521", leaf+named, key("ec:P-521")),
		of("P-224", leaf+named, key("ec:P-224")),
		of("secp256k1", leaf+named, key("ec:secp256k1")),
		of("Ed25519", leaf+named, key("ed25519")),
		of("Ed448", leaf+named, key("ed448")),
		of("RSA-PSS key", leaf+named, key("rsa-pss:2048")),
		of("for clients only", strings.Replace(leaf, "serverAuth", "clientAuth", 1)+named),
		of("no extended key usage", bare+keyIDs+named),
		of("no key identifiers", bare+noIDs+named),
		of("an authority as server", caExt+scts+named),
		of("an authority as server, with a server's usage",
			"basicConstraints=critical,CA:TRUE\nkeyUsage=critical,digitalSignature,keyCertSign\n"+keyIDs+scts+named),
		of("key usage of an authority", strings.Replace(leaf, "digitalSignature,keyEncipherment", "keyCertSign", 1)+named),
		of("unknown critical extension", leaf+named+"1.2.3.4.5.6=critical,ASN1:NULL\n"),
		of("must staple", leaf+named+"tlsfeature=status_request\n"),
		of("path too long", leaf+named, by("pathlen-int2", "pathlen-int2", "pathlen-int")),
		of("issuer is no authority", leaf+named, by("no-ca-int", "no-ca-int")),
		of("constraints of the issuer not critical", leaf+named, by("uncritical-int", "uncritical-int")),
		of("issuer without key usage", leaf+named, by("no-usage-int", "no-usage-int")),
		of("deep", leaf+named, by("deep8", "deep8", "deep7", "deep6", "deep5", "deep4", "deep3", "deep2", "deep1")),
	}
	past := func(c *chain) { c.to = pastTo }
	list = append(list,
		of("expired, of a private authority", leaf+named, by("private"), past),
		of("expired, self-signed", leaf+named, by("self"), past),
		of("expired, intermediate not sent", leaf+named, by("int"), past),
		of("expired intermediate, another name", san("DNS:other.lab"), by("expired-int", "expired-int")),
		of("not yet valid, with an expired intermediate", leaf+named, by("expired-int", "expired-int"),
			func(c *chain) { c.from = futureFrom }),
		of("expired intermediate, not sent", leaf+named, by("expired-int")),
		of("wildcard alone", san("DNS:*")),
		of("wildcard behind the first label", san("DNS:tls.*")),
		of("address alone", san("IP:198.51.100.60")),
		of("empty list of names, common name", leaf+"subjectAltName=DER:3000\n", subject("/CN=tls.lab")),
		of("upper case common name", leaf, subject("/CN=TLS.LAB")),
		of("common name with a final dot", leaf, subject("/CN=tls.lab.")),
		of("two common names", leaf, subject("/CN=other.lab/CN=tls.lab")),
		of("two common names, the other way round", leaf, subject("/CN=tls.lab/CN=other.lab")),
		of("common name of another", leaf, subject("/CN=other.lab")),
		of("intermediate twice", leaf+named, by("int", "int", "int")),
		of("RSA 2047", leaf+named, key("rsa:2047")),
		of("RSA 1962", leaf+named, key("rsa:1962")),
		of("RSA 1963", leaf+named, key("rsa:1963")),
		of("no subject, critical names", leaf+"subjectAltName=critical,DNS:tls.lab\n", subject("/")),
		of("no subject, names not critical", leaf+named, subject("/")),
		of("critical identifier of the issuer's key",
			strings.Replace(leaf, "authorityKeyIdentifier=", "authorityKeyIdentifier=critical,", 1)+named),
		of("critical identifier of its key",
			strings.Replace(leaf, "subjectKeyIdentifier=", "subjectKeyIdentifier=critical,", 1)+named),
		of("path length of a server", strings.Replace(leaf, "CA:FALSE", "CA:FALSE,pathlen:1", 1)+named),
		of("weak intermediate, another name", san("DNS:other.lab"), by("weak-int", "weak-int")))
	for _, name := range []string{"nc-inside", "nc-outside", "nc-excluded", "nc-dot"} {
		list = append(list, of("name constraints "+name, leaf+named, by(name, name)))
	}
	return list
}

// foundry makes certificates with openssl.
type foundry struct {
	t      *testing.T
	folder string
}

func (f foundry) openssl(args ...string) ([]byte, error) {
	cmd := exec.Command("openssl", args...)
	cmd.Dir = f.folder
	return cmd.CombinedOutput()
}

func (f foundry) must(args ...string) {
	f.t.Helper()
	if out, err := f.openssl(args...); err != nil {
		f.t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// make makes one certificate, in the file NAME.pem, with its key in NAME.key.
func (f foundry) make(m made) {
	f.t.Helper()
	file := fileName(m.name)
	kind, size, _ := strings.Cut(m.key, ":")
	switch kind {
	case "":
		f.must("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", file+".key")
	case "ec":
		f.must("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:"+size, "-out", file+".key")
	case "rsa", "rsa-pss":
		f.must("genpkey", "-algorithm", kind, "-pkeyopt", "rsa_keygen_bits:"+size, "-out", file+".key")
	default:
		f.must("genpkey", "-algorithm", kind, "-out", file+".key")
	}
	or := func(value, other string) string {
		if value == "" {
			return other
		}
		return value
	}
	f.must("req", "-new", "-key", file+".key", "-subj", or(m.subject, "/CN="+m.name), "-out", file+".csr")
	write(f.t, filepath.Join(f.folder, file+".ext"), []byte("[x]\n"+m.ext))
	args := []string{"ca", "-batch", "-config", "ca.cnf", "-in", file + ".csr", "-startdate", or(m.from, validFrom),
		"-enddate", or(m.to, validTo), "-md", or(m.md, "sha256"), "-extfile", file + ".ext", "-extensions", "x",
		"-out", file + ".pem", "-notext"}
	if m.issuer == "self" {
		args = append(args, "-selfsign", "-keyfile", file+".key")
	} else {
		args = append(args, "-cert", fileName(m.issuer)+".pem", "-keyfile", fileName(m.issuer)+".key")
	}
	f.must(args...)
}

func fileName(name string) string { return strings.NewReplacer(" ", "-", ",", "").Replace(name) }

func (f foundry) read(name string) []byte {
	f.t.Helper()
	data, err := os.ReadFile(filepath.Join(f.folder, fileName(name)+".pem"))
	if err != nil {
		f.t.Fatal(err)
	}
	return data
}

// TestChains makes every chain anew, has openssl and the Python of Apprise judge it,
// and compares what they say with what is recorded, by which the tests without
// openssl judge ours.
func TestChains(t *testing.T) {
	f := foundry{t, t.TempDir()}
	write(t, filepath.Join(f.folder, "index"), nil)
	write(t, filepath.Join(f.folder, "serial"), []byte("1000\n"))
	write(t, filepath.Join(f.folder, "ca.cnf"), []byte("[ca]\ndefault_ca=d\n[d]\ndatabase=index\nnew_certs_dir=.\n"+
		"default_md=sha256\npolicy=p\nserial=serial\nrand_serial=yes\nunique_subject=no\n[p]\n"+
		"commonName=optional\norganizationName=optional\n"))
	for _, m := range authorities() {
		f.make(m)
	}
	all := chains()
	var made []chaintest.Chain
	for _, c := range all {
		f.make(c.made)
		sent := f.read(c.name)
		for _, name := range c.with {
			sent = append(sent, f.read(name)...)
		}
		write(t, filepath.Join(f.folder, fileName(c.name)+"-chain.pem"), sent)
		one := chaintest.Chain{Name: c.name, Root: block(t, f.read("root"))[0], Sent: block(t, sent), OpenSSL: f.verify(c)}
		made = append(made, one)
	}
	f.handshakes(made)
	file := inModule("testdata", "paths", "chains.jsonl")
	if os.Getenv("XMPPSCOPE_RECORD") != "" {
		var out bytes.Buffer
		for _, c := range made {
			line, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			out.Write(append(line, '\n'))
		}
		write(t, file, out.Bytes())
	}
	for i, known := range chaintest.Load(t) {
		if i >= len(made) || made[i].Name != known.Name {
			t.Fatalf("the recording has other chains: record it anew with XMPPSCOPE_RECORD=1 make test-paths")
		}
		if made[i].OpenSSL != known.OpenSSL || made[i].Python != known.Python {
			t.Errorf("%s: openssl %q, Python %q; recorded %q, %q", known.Name, made[i].OpenSSL, made[i].Python,
				known.OpenSSL, known.Python)
		}
	}
}

// block gives the certificates of a PEM text.
func block(t *testing.T, text []byte) [][]byte {
	t.Helper()
	var out [][]byte
	for {
		b, rest := pem.Decode(text)
		if b == nil {
			return out
		}
		out, text = append(out, b.Bytes), rest
	}
}

// verify is what `openssl verify -verify_hostname` says, "" for a chain that it takes.
func (f foundry) verify(c chain) string {
	file := fileName(c.name)
	args := []string{"verify", "-verify_hostname", reference, "-purpose", "sslserver", "-CAfile", "root.pem",
		"-untrusted", file + "-chain.pem", file + ".pem"}
	out, err := f.openssl(args...)
	if err == nil {
		return ""
	}
	for line := range strings.Lines(string(out)) {
		if _, reason, found := strings.Cut(line, "lookup: "); found && strings.HasPrefix(line, "error ") {
			return strings.TrimSpace(reason)
		}
	}
	return strings.TrimSpace(string(out))
}

// handshakes has the Python of Apprise make a handshake with each chain, and notes
// why it refuses.
func (f foundry) handshakes(made []chaintest.Chain) {
	python, err := filepath.Abs(inModule(".cache", "apprise", "python"))
	if err != nil {
		f.t.Fatal(err)
	}
	var in bytes.Buffer
	for _, c := range made {
		fmt.Fprintln(&in, fileName(c.Name))
	}
	cmd := exec.Command(python, "-c", handshaker)
	cmd.Dir, cmd.Stdin = f.folder, &in
	out, err := cmd.Output()
	if err != nil {
		f.t.Fatalf("Python: %v\n%s", err, out)
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != len(made) {
		f.t.Fatalf("Python judged %d of %d chains:\n%s", len(lines), len(made), out)
	}
	for i := range made {
		made[i].Python = strings.TrimPrefix(lines[i], ": ")
	}
}

// handshaker makes the handshakes in memory: the client's side as Apprise sets it up,
// the server's without any security level.
const handshaker = `
import ssl, sys
for name in sys.stdin.read().split():
    try:
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.set_ciphers("ALL:@SECLEVEL=0")
        server.load_cert_chain(name + "-chain.pem", name + ".key")
    except ssl.SSLError as e:
        print(": cannot be served:", e.reason); continue
    client = ssl.create_default_context(cafile="root.pem")
    a, b = ssl.MemoryBIO(), ssl.MemoryBIO()
    c = client.wrap_bio(a, b, server_hostname="tls.lab")
    s = server.wrap_bio(b, a, server_side=True)
    said, done = None, set()
    for _ in range(20):
        for side in (c, s):
            if side in done: continue
            try:
                side.do_handshake(); done.add(side)
            except ssl.SSLWantReadError: pass
            except ssl.SSLCertVerificationError as e:
                said = e.verify_message; break
            except ssl.SSLError as e:
                said = e.reason; break
        if said or len(done) == 2: break
    if said is None and len(done) < 2: said = "no end"
    print(":", said or "")
`
