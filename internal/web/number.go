package web

import "strconv"

// numberView is one of the numbers that Instagram gave with the account.
type numberView struct {
	Title, Meaning string
	// Said is false when Instagram did not give the number; then Value is empty. Unknown is not zero.
	Said  bool
	Value string
}

func numberOf(title, meaning string, n *int64) numberView {
	v := numberView{Title: title, Meaning: meaning, Said: n != nil}
	if n != nil {
		v.Value = thousands(*n)
	}
	return v
}

// thousands writes a number with a comma between groups of three digits.
func thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	grouped := make([]byte, 0, len(digits)+len(digits)/3)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			grouped = append(grouped, ',')
		}
		grouped = append(grouped, digits[i])
	}
	return sign + string(grouped)
}
