package web

import "strconv"

// numberOf writes a number that Instagram gave; empty when it gave none, for unknown is not zero.
func numberOf(n *int64) string {
	if n == nil {
		return ""
	}
	return thousands(*n)
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
