package seal

// Parse reads a keyring as Load does, without a file.
var Parse = parse

// WriteSynced writes a keyring to a file that is open, and closes it.
var WriteSynced = writeSynced

// MaxFile is the size, in bytes, up to which a keyring file is read.
const MaxFile = maxFile
