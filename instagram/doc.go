// Package instagram is a client of the Instagram API with Instagram Login.
package instagram
