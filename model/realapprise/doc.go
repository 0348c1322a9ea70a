// Package realapprise compares xmppscope with the program that it speaks for:
// Apprise 2.1.0 with slixmpp 1.17.0, run on the same URLs, notifications and
// servers. `make test-apprise` fetches that program and runs these tests, which
// have the build tag "apprise" and need the servers of the tags "servers" and
// "newservers" too.
//
//   - Generated URLs are read by both, and generated notifications planned by both.
//   - Situations, as people run into them, are played on five servers by both side
//     by side, while another client looks at what arrives. The verdict on our run
//     must be what Apprise reported and delivered.
//   - The demo's server takes what the real Apprise sends.
//
// With RECORD=1 the situations are written into testdata/forecasts, where the
// tests of model/finding replay them without any of these programs.
//
// Where the fetched versions are others than those that xmppscope speaks for, the
// tables are printed with a warning, and differences are no failure.
package realapprise
