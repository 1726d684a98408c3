// Package config makes one checked value of the flags, the environment and the settings file.
//
// It owns the table of settings: their names, defaults, sources and what a good value is. It
// leaves to others what a setting does, and to the command which settings it uses: what it does
// not use is not looked at.
//
// A setting NAME is a flag --name, an environment variable LATCHKEY_NAME or a key name of the TOML
// file, in this order. Secret ones are also read from the file that LATCHKEY_NAME_FILE names. An
// environment variable that is empty is not set. Every error is one line that names the setting as
// its variable and says what to write; no error repeats a secret. Load stops at the first fault, and
// Examine finds all.
package config
