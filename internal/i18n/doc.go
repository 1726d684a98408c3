// Package i18n has the texts that people read, in each of the languages that are spoken here, with their plurals,
// numbers and dates.
//
// It owns the catalogue, one file a language under texts, and how a language is found for a reader. It leaves
// to its users where a text goes: what has to be escaped there, they escape.
//
// English is the reference: a test holds that every other language has the same texts with the same arguments.
// Commands, logs and what is written for the operator speak English alone and have their words in place.
package i18n
