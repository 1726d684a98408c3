package seal

// Parse reads a keyring as Load does, without a file.
var Parse = parse
