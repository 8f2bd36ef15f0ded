package normalize

import "math"

// quantity is one number of a text, in words, digits or both.
type quantity struct {
	v       float64
	scale   float64 // last scale that was written out, 1 without
	words   bool    // written in words
	assumed bool    // see literal
	decimal bool
	rounded bool // a fraction of a scale: "2.7 million"
	about   bool // a collective that is never exact: "centenar"
	start   int  // tokens [start, next)
	next    int
}

// numberReader reads quantities from tokens.
type numberReader struct {
	toks     []token
	country  string
	decimals bool // one mark before three digits is decimal
}

// at reads the quantity that begins at token i.
func (n numberReader) at(i int) (quantity, bool) {
	q := quantity{scale: 1, start: i}
	var high, thousands, current float64 // parts of at least a million, of thousands, below
	seen, fresh := false, true           // fresh: current may take a number in digits
	for i < len(n.toks) {
		t := n.toks[i]
		if t.kind == 'n' {
			if !fresh {
				break
			}
			next := n.word(i + 1)
			l, ok := readLiteral(t.text, n.country, n.decimals || scales[next] >= 1e3)
			if !ok || seen && (l.decimal || l.v >= q.scale) {
				if !seen {
					return q, false
				}
				break
			}
			current, seen, fresh = current+l.v, true, false
			q.assumed = q.assumed || l.assumed
			q.decimal = l.decimal
			i++
			q.next = i
			continue
		}
		if t.kind != 'w' {
			if t.text == "-" && seen && q.words && n.wordNumber(i+1) && n.adds(current, i+1) {
				i++ // vingt-deux, thirty-one
				continue
			}
			break
		}
		w := t.text
		if halves[w] {
			c, size := n.halved(i)
			if size == 0 || seen {
				break
			}
			q.words, q.about, q.scale, q.next = true, collectives[n.toks[c-1].text].about, 1, c
			q.v = size / 2
			return q, true
		}
		if c, ok := collectives[w]; ok {
			if !seen && vague[w] {
				break
			}
			q.v, q.about, q.words = max(current+thousands+high, 1)*c.size, c.about, true
			q.next = i + 1
			return q, true
		}
		if s := scales[w]; s > 0 {
			if !seen && (vague[w] || w == "k" || w == "mm" || w == "mill" || w == "bn") {
				break
			}
			if q.decimal {
				q.rounded = true
			}
			switch {
			case s == 100:
				low := math.Mod(current, 100)
				current += max(low, 1)*100 - low
			case s == 1e3:
				if thousands > 0 {
					return n.finish(q, high+thousands+current, i)
				}
				thousands, current = max(current, bool1(!seen || current == 0))*1e3, 0
			default:
				part := thousands + current
				if part == 0 {
					part = 1
				}
				high, thousands, current = high+part*s, 0, 0
			}
			q.scale, q.words, seen, fresh = s, q.words || n.toks[q.start].kind == 'w', true, true
			i++
			q.next = i
			if half := n.andHalf(i); half > 0 && s >= 1e3 {
				q.next = half
				return n.finish(q, high+thousands+current+s/2, half)
			}
			continue
		}
		if v, ok := cardinals[w]; ok {
			if !n.adds(current, i) || !fresh && !q.words {
				break
			}
			if (w == "a" || w == "an") && !(scales[n.word(i+1)] > 0 || collectives[n.word(i+1)].size > 0) {
				break
			}
			if w == "a" && seen {
				break
			}
			if (w == "vingt" || w == "vingts") && math.Mod(current, 100) == 4 {
				current += 76 // quatre-vingts
			} else {
				current += v
			}
			q.words, seen, fresh = true, true, false
			i++
			q.next = i
			continue
		}
		if seen && q.words && (w == "y" || w == "and" || w == "et" || w == "e") && n.joins(w, current, thousands+high, i+1) {
			i++
			continue
		}
		if seen && w == "de" && scales[n.word(i+1)] >= 1e3 || seen && w == "of" && scales[n.word(i+1)] >= 1e3 {
			i++ // "un par de miles"
			continue
		}
		break
	}
	if !seen {
		return q, false
	}
	return n.finish(q, high+thousands+current, q.next)
}

func bool1(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (n numberReader) finish(q quantity, v float64, next int) (quantity, bool) {
	q.v, q.next = math.Round(v*1e6)/1e6, next
	if q.scale >= 1e3 || math.Mod(q.v, 1) == 0 {
		q.decimal = math.Mod(q.v, 1) != 0
	}
	return q, !math.IsInf(q.v, 0) && q.v < 1e15
}

func (n numberReader) word(i int) string {
	if i < len(n.toks) && n.toks[i].kind == 'w' {
		return n.toks[i].text
	}
	return ""
}

func (n numberReader) wordNumber(i int) bool {
	w := n.word(i)
	_, ok := cardinals[w]
	return ok || scales[w] > 0
}

// adds reports whether the word at i may follow a number below a thousand: only a
// lower order adds to a higher one ("treinta" + "dos"), and French counts on from
// sixty and eighty ("soixante-dix").
func (n numberReader) adds(current float64, i int) bool {
	w := n.word(i)
	v, ok := cardinals[w]
	if !ok {
		return scales[w] > 0
	}
	tens := math.Mod(current, 100)
	switch {
	case current == 0, tens == 0 && v < 100:
		return true
	case v >= 1 && v < 10:
		return math.Mod(tens, 10) == 0 && (tens != 10 || v >= 6)
	case v >= 10 && v < 20:
		return tens == 60 || tens == 80
	}
	return (w == "vingt" || w == "vingts") && tens == 4
}

// joins reports whether a connecting word joins the number before it with the next one:
// "treinta y dos", "one hundred and five", "vingt et un".
func (n numberReader) joins(w string, current, higher float64, next int) bool {
	v, ok := cardinals[n.word(next)]
	if !ok || v == 0 {
		return false
	}
	tens := math.Mod(current, 100)
	switch w {
	case "y", "e":
		return v < 10 && tens >= 10 && math.Mod(tens, 10) == 0
	case "and":
		return v < 100 && tens == 0 && (current > 0 || higher > 0)
	}
	return (v == 1 || v == 11) && tens >= 20
}

// halved reads "medio millón", "half a million", "media docena" at i; the size of the
// whole and the token behind it.
func (n numberReader) halved(i int) (next int, size float64) {
	i++
	for w := n.word(i); w == "a" || w == "un" || w == "de" || n.sign(i, "-"); w = n.word(i) {
		i++
	}
	w := n.word(i)
	if s := scales[w]; s >= 100 {
		return i + 1, s
	}
	if c := collectives[w]; c.size > 0 {
		return i + 1, c.size
	}
	return i, 0
}

// andHalf reads "y medio", "and a half", "et demi" at i.
func (n numberReader) andHalf(i int) int {
	if w := n.word(i); w != "y" && w != "and" && w != "et" {
		return 0
	}
	i++
	if w := n.word(i); w == "a" {
		i++
	}
	if halves[n.word(i)] && scales[n.word(i+1)] == 0 {
		return i + 1
	}
	return 0
}

func (n numberReader) sign(i int, s string) bool {
	return i < len(n.toks) && n.toks[i].kind == 's' && n.toks[i].text == s
}

var amountWords = map[string]bool{"minimo": true, "maximo": true, "total": true, "estimado": true, "promedio": true, "minimum": true, "maximum": true, "aproximado": true}

// all reads every quantity of the tokens, from left to right.
func (n numberReader) all() []quantity {
	var found []quantity
	for i := 0; i < len(n.toks); {
		q, ok := n.at(i)
		if !ok || q.next <= i {
			i++
			continue
		}
		i = q.next
		if w := n.toks[q.start].text; q.next == q.start+1 && (w == "un" || w == "una") && amountWords[n.word(i)] {
			continue // an article: "un mínimo de"
		}
		found = append(found, q)
	}
	return found
}
