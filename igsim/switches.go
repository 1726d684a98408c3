package igsim

import (
	"errors"
	"fmt"
	"slices"
)

// Switches choose between the ways in which the real platform has been seen to answer. The zero
// value is the usual way.
type Switches struct {
	// NoFragment leaves out the #_ behind the callback's address.
	NoFragment bool `json:"no_fragment"`

	// StrictMultipart refuses a code exchange that is not multipart/form-data.
	StrictMultipart bool `json:"strict_multipart"`
	// WrappedToken puts the answer of the code exchange into {"data": […]}.
	WrappedToken bool `json:"wrapped_token"`
	// TokenUserIDString makes user_id in that answer a string, not a number.
	TokenUserIDString bool `json:"token_user_id_string"`
	// Permissions is the shape of permissions there: "" or "array", "comma", "space", "encoded"
	// or "missing".
	Permissions string `json:"permissions"`
	// BlankToken gives answers of status 200 without a token, at all three token calls.
	BlankToken bool `json:"blank_token"`
	// LegacyUser gives the code exchange's answer of the API that ended in 2020: a token and a user object.
	LegacyUser bool `json:"legacy_user"`
	// MissingExpiresIn leaves out expires_in of long-lived tokens.
	MissingExpiresIn bool `json:"missing_expires_in"`
	// LongPermissions adds permissions to the answers of the long exchange and the refresh.
	LongPermissions bool `json:"long_permissions"`

	// SameToken lets a refresh prolong the token's life without changing its text.
	SameToken bool `json:"same_token"`
	// OldTokenDies ends the old token when a refresh gives a new one, after OldTokenMinutes.
	OldTokenDies bool `json:"old_token_dies"`
	// OldTokenMinutes is how long the old one still works then.
	OldTokenMinutes int `json:"old_token_minutes"`

	// WrappedMe puts the answer of /me into {"data": […]}.
	WrappedMe bool `json:"wrapped_me"`
	// MeWithoutUserID leaves out user_id even when it was asked for.
	MeWithoutUserID bool `json:"me_without_user_id"`
	// MeUserIDNumber makes user_id a number.
	MeUserIDNumber bool `json:"me_user_id_number"`
	// MeWithoutCounts leaves out followers, follows and posts.
	MeWithoutCounts bool `json:"me_without_counts"`
	// DocumentedTypes writes Business and Media_Creator as Meta's guide does, not in capitals.
	DocumentedTypes bool `json:"documented_types"`
	// PicturesExpire lets the addresses of pictures answer 403 six days after they were given.
	PicturesExpire bool `json:"pictures_expire"`

	// AppSecretProof is "" or "verify" for checked if present, "off", or "required".
	AppSecretProof string `json:"appsecret_proof"`
	// Usage is which usage headers graph answers carry: "" or "none", "app", "business", "both"
	// or "malformed". UsagePercent is the figure in them.
	Usage        string `json:"usage"`
	UsagePercent int    `json:"usage_percent"`

	// LargestPage refuses pages of lists that ask for more items than that with code 1, "reduce the amount
	// of data"; 0 refuses none.
	LargestPage int `json:"largest_page"`

	// MetricNotSupported refuses a metric that a post's kind does not have with "not supported for this media
	// type", which is the other text that was seen.
	MetricNotSupported bool `json:"metric_not_supported"`

	// Unpublished withholds comments without an error, as for an app that is not live.
	Unpublished bool `json:"unpublished"`
	// SecretRefused lets the code exchange and the long exchange say that the app secret is wrong, whatever
	// came: "" for no, or the code that the text was seen with, "1" (with the subcode 33) or "100".
	SecretRefused string `json:"secret_refused"`
	// AppUnknown answers every call, the code exchange too, with 101 "Error validating application." and one of
	// the three texts that go on from there: "" for no, "system_error", "deleted" or "invalid_id".
	AppUnknown string `json:"app_unknown"`
	// AppDeactivated answers every call, the code exchange too, with an error object of "API access
	// deactivated." and the HTTP status 200.
	AppDeactivated bool `json:"app_deactivated"`
	// Wait answers every call, the code exchange too, with "Please wait a few minutes before you try again.",
	// no code, and a status: "" for no, "400", "401" or "429".
	Wait string `json:"wait"`
	// ErrorsWith200 gives every error object the HTTP status 200.
	ErrorsWith200 bool `json:"errors_with_200"`
	// AppBlocked answers every graph call with 200 "API access blocked.".
	AppBlocked bool `json:"app_blocked"`
	// AppRestricted answers every graph call with 100 "Unsupported request".
	AppRestricted bool `json:"app_restricted"`
}

// choices are the values that the switches of text type may have.
var choices = map[string][]string{
	"permissions":     {"", "array", "comma", "space", "encoded", "missing"},
	"appsecret_proof": {"", "verify", "off", "required"},
	"usage":           {"", "none", "app", "business", "both", "malformed"},
	"secret_refused":  {"", "1", "100"},
	"app_unknown":     {"", "system_error", "deleted", "invalid_id"},
	"wait":            {"", "400", "401", "429"},
}

func (w Switches) validate() error {
	for name, value := range map[string]string{
		"permissions": w.Permissions, "appsecret_proof": w.AppSecretProof, "usage": w.Usage,
		"secret_refused": w.SecretRefused, "app_unknown": w.AppUnknown, "wait": w.Wait,
	} {
		if !slices.Contains(choices[name], value) {
			return fmt.Errorf("switch %s: %q is none of %q", name, value, choices[name])
		}
	}
	if w.OldTokenMinutes < 0 || w.UsagePercent < 0 || w.LargestPage < 0 {
		return errors.New("switches: a number is negative")
	}
	return nil
}

// Switches are how the simulator answers now.
func (s *Simulator) Switches() Switches {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.switches
}

// SetSwitches chooses how the simulator answers from now on. An unknown value is an error and
// changes nothing.
func (s *Simulator) SetSwitches(w Switches) error {
	if err := w.validate(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.switches = w
	return nil
}
