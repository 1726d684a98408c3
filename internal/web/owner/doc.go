// Package owner is what the owner of an account sees of her connection: her overview, the page of her connection with
// its history, mail, language and time zone, how she leaves, and the pages behind the links that she was sent.
//
// It owns those routes, the templates, and how a connection, its history and its troubles are put to her. It leaves
// logging in to signin, mail and links to notice, the end of a connection to vault, and how a page is made to page.
package owner
