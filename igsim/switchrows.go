package igsim

import (
	"fmt"
	"reflect"
)

// switchRow is one switch on the control page.
type switchRow struct {
	Name, Words string
	// Of a switch that is on or off.
	Flag, On bool
	// Of one with a choice of texts.
	Choices []string
	// Value is the text or the number now.
	Value string
}

// switchWords are the switches in plain words, in the order of [Switches].
var switchWords = map[string]string{
	"no_fragment":          "No #_ behind the address that the browser is sent back to",
	"strict_multipart":     "The code exchange wants multipart/form-data",
	"wrapped_token":        "The code exchange answers in {\"data\": […]}",
	"token_user_id_string": "Its user_id is text, not a number",
	"permissions":          "The shape of its permissions",
	"blank_token":          "Token calls answer 200 without a token",
	"legacy_user":          "The code exchange answers as the API did that ended in 2020",
	"missing_expires_in":   "Long-lived tokens come without expires_in",
	"long_permissions":     "Long-lived tokens come with permissions",
	"same_token":           "A refresh gives the same token text",
	"old_token_dies":       "After a refresh the old token dies",
	"old_token_minutes":    "It lives on for so many minutes before",
	"wrapped_me":           "/me answers in {\"data\": […]}",
	"me_without_user_id":   "/me leaves out user_id",
	"me_user_id_number":    "/me gives user_id as a number",
	"me_without_counts":    "/me leaves out followers, follows and posts",
	"documented_types":     "Account types as in Meta's guide, Media_Creator",
	"pictures_expire":      "Addresses of pictures stop working after six days",
	"appsecret_proof":      "What happens to appsecret_proof",
	"usage":                "Usage headers",
	"usage_percent":        "The per cent in them",
	"largest_page":         "Pages of lists with more items than that are too much data",
	"metric_not_supported": "A metric that a kind of post does not have is “not supported for this media type”",
	"unpublished":          "The app is not live: comments are withheld",
	"secret_refused":       "The app secret is wrong: “Error validating client secret.” at the token calls, with this code",
	"app_unknown":          "The app is unknown or deleted: “Error validating application.” at every call, with this reason",
	"app_deactivated":      "The app is deactivated: every call has an error and HTTP status 200",
	"wait":                 "“Please wait a few minutes before you try again.” at every call, with this HTTP status",
	"errors_with_200":      "Every error comes with HTTP status 200",
	"app_blocked":          "The app is blocked: every call is refused with code 200",
	"app_restricted":       "The app is restricted: every call is an “Unsupported request”",
}

func switchRows(w Switches) []switchRow {
	v := reflect.ValueOf(w)
	rows := make([]switchRow, v.NumField())
	for i := range rows {
		name := v.Type().Field(i).Tag.Get("json")
		row := switchRow{Name: name, Words: switchWords[name], Choices: choices[name]}
		if v.Field(i).Kind() == reflect.Bool {
			row.Flag, row.On = true, v.Field(i).Bool()
		} else {
			row.Value = fmt.Sprint(v.Field(i).Interface())
		}
		rows[i] = row
	}
	return rows
}
