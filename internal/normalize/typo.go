package normalize

import "strings"

// oneEdit reports whether a becomes b by one letter added, left out, changed, or two
// neighbors swapped.
func oneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || a == b {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	return a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// nearest finds the only known word within one edit; short words have too many neighbors.
func nearest[V any](w string, known map[string]V) (string, bool) {
	if len(w) < 5 {
		return "", false
	}
	best := ""
	for k := range known {
		if len(k) >= 4 && oneEdit(w, k) {
			if best != "" {
				return "", false
			}
			best = k
		}
	}
	return best, best != ""
}

// mendNumbers corrects words that are a number's word but for one edit.
func mendNumbers(s string) (string, bool) {
	changed := false
	for _, w := range words(s) {
		if numberWord[w] || countNouns[w] {
			continue
		}
		if known, ok := nearest(w, numberWord); ok && strings.Trim(w, "0123456789") == w {
			s, changed = strings.Replace(s, w, known, 1), true
		}
	}
	return s, changed
}

func residueHasNumberTypo(rest string) bool {
	for _, w := range words(rest) {
		if !numberWord[w] && !countNouns[w] {
			if _, ok := nearest(w, numberWord); ok {
				return true
			}
		}
	}
	return false
}

// countNouns are words that stand near a number's word and are none.
var countNouns = map[string]bool{"casos": true, "cases": true, "ninos": true, "meses": true, "mujeres": true, "tramite": true, "partes": true, "miller": true, "pares": true, "parte": true, "cuanto": true, "centro": true, "siempre": true, "costa": true, "menos": true, "viento": true, "tiene": true, "cuenta": true, "vientos": true, "cientos": true, "cuotas": true, "quatro": false}
