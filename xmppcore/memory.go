package xmppcore

// MemoryLimit is what a program that does runs should give debug.SetMemoryLimit,
// in bytes. With it no peer makes the process have more than 64 MiB. Without
// it the garbage of a flood of stanzas, each as large as we read them, grows to
// the size of what is in use before it is collected, and comes close to that.
const MemoryLimit = 40 << 20
