package igsim

import (
	"crypto/rand"
	"encoding/base64"
)

// mix turns three numbers into one that looks random: the same three, the same one, in every run.
func mix(a, b, c uint64) uint64 {
	return scramble(scramble(scramble(a)^b) ^ c)
}

// scramble is the output step of SplitMix64.
func scramble(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// between is a number from low to high, both included, made from mix.
func between(low, high int, a, b, c uint64) int {
	return low + int(mix(a, b, c)%uint64(high-low+1))
}

// unguessable is a text of n random bytes that may stand in an address.
func unguessable(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}
