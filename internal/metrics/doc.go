// Package metrics is what Latchkey shows to Prometheus.
//
// It owns the names of the metrics, their labels, and what each of them means while the store is
// away. It leaves to its callers what is worth counting, and to deploy/ when somebody is to be
// woken.
//
// Every series is there from the first scrape, so that a rate over one that has not happened yet is
// zero and not absent. No label holds anything of an owner.
//
// A nil *Metrics counts nothing, so that a command or a test can do without.
package metrics
