// Package explain says to an operator what a failure means and what to do about it: the causes that errors of the client
// have, and whatever text of Instagram's somebody pasted.
//
// It owns the catalogue of what Instagram is known to show, how a pasted text is read, and what is likely when nothing
// fits. It leaves to instagram which cause an error has, and to doctor the texts that are our own. Nothing of a pasted
// text is in what it returns but Instagram's numbers: it may hold a token.
package explain
