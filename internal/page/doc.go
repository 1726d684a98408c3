// Package page is the kit that every page for people is made with: the layout around it, its words in the reader's
// language, its numbers and dates, the pages of errors, the cookies, the files that browsers load, and who is signed
// in.
//
// It owns how a page is rendered, found and styled, and what a failure looks like. It leaves to the rooms under web
// what stands on their pages and what their buttons do: each gives its templates, one struct a page.
//
// Every page is rendered whole before its first byte, works without a script, and says only what is built. Dates
// on pages follow the domain's clock; cookies and sessions the machine's.
package page
