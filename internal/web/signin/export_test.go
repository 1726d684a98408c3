package signin

// SameHost is the pure part of how a browser is brought to the public host.
var SameHost = sameHost
