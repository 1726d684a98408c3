package igsim

import (
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"
)

// fromForm fills the fields of the struct that in points to from form fields with their JSON
// names. Structs within it share its names. Empty form fields and those of other names are
// ignored: a form also has fields for itself.
func fromForm(form url.Values, in any) error {
	return fillStruct(form, reflect.ValueOf(in).Elem())
}

func fillStruct(form url.Values, v reflect.Value) error {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if v.Field(i).Kind() == reflect.Struct && field.Type.PkgPath() != "time" {
			if err := fillStruct(form, v.Field(i)); err != nil {
				return err
			}
			continue
		}
		text := form.Get(name)
		if text == "" || name == "" || name == "-" {
			continue
		}
		if err := fill(v.Field(i), text); err != nil {
			return fmt.Errorf("%s: %q is not what it should be", name, text)
		}
	}
	return nil
}

func fill(v reflect.Value, text string) (err error) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(text == "on" || text == "true")
	case reflect.Int, reflect.Int64:
		var n int64
		n, err = strconv.ParseInt(text, 10, 64)
		v.SetInt(n)
	case reflect.Uint64:
		var n uint64
		n, err = strconv.ParseUint(text, 10, 64)
		v.SetUint(n)
	case reflect.Float64:
		var f float64
		f, err = strconv.ParseFloat(text, 64)
		v.SetFloat(f)
	default: // no order has a field of another kind that a form fills
	}
	return err
}
