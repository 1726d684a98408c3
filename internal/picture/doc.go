// Package picture fetches an owner's profile picture, so that her browser need not: Instagram's CDN
// never learns who looks at a page of ours.
//
// It owns where a picture may come from, what it may cost to fetch and to decode, the small square
// that is made of it, and how long that is kept. It leaves to its caller whose picture it is and who
// may see it.
//
// An address of Instagram's CDN is signed, and stops working after days (docs/instagram.md, Picture),
// so no error here repeats one, and a picture is kept by what its address was, not by whose it is.
//
// Everything here is on the machine's own time.
package picture
