package xpath

import (
	"math"
	"math/rand/v2"
	"strings"
)

func float1(f func(float64) float64) *function {
	return fn(1, 1, NumberType, func(a args) Value { return Number(f(a.num(0))) })
}

var numberFunctions = map[string]*function{
	"sum": fn(1, 1, NumberType, func(a args) Value {
		total := 0.0
		for _, n := range a.nodes(0) {
			a.c.spend(1)
			if s := a.c.value(n); strings.TrimSpace(s) != "" { // an unanswered question adds nothing
				total += ParseNumber(s, a.c.zone())
			}
		}
		return Number(total)
	}).withNodes(0),
	"floor":   float1(math.Floor),
	"ceiling": float1(math.Ceil),
	"round": fn(1, 2, NumberType, func(a args) Value {
		if a.len() == 1 {
			return Number(roundHalfUp(a.num(0)))
		}
		return Number(roundTo(a.num(0), a.num(1)))
	}),
	"int":  float1(math.Trunc),
	"abs":  float1(math.Abs),
	"pow":  fn(2, 2, NumberType, func(a args) Value { return Number(math.Pow(a.num(0), a.num(1))) }),
	"sqrt": float1(math.Sqrt), "exp": float1(math.Exp), "exp10": float1(func(x float64) float64 { return math.Pow(10, x) }),
	"log": float1(math.Log), "log10": float1(math.Log10),
	"sin": float1(math.Sin), "cos": float1(math.Cos), "tan": float1(math.Tan),
	"asin": float1(math.Asin), "acos": float1(math.Acos), "atan": float1(math.Atan),
	"atan2": fn(2, 2, NumberType, func(a args) Value { return Number(math.Atan2(a.num(0), a.num(1))) }),
	"pi":    fn(0, 0, NumberType, func(args) Value { return Number(math.Pi) }),
	"min":   fn(1, -1, NumberType, func(a args) Value { return Number(extreme(a, math.Min)) }),
	"max":   fn(1, -1, NumberType, func(a args) Value { return Number(extreme(a, math.Max)) }),
	"random": fn(0, 0, NumberType, func(a args) Value {
		if a.c.Rand != nil {
			return Number(a.c.Rand.Float64())
		}
		return Number(rand.Float64())
	}),
}

// extreme is the least or greatest value. One that is no number, an empty answer
// included, makes the result NaN, and so does having none.
//
// Source: ODK XForms specification, which takes it from XPath 3.0 (fn:min, fn:max).
func extreme(a args, pick func(x, y float64) float64) float64 {
	result := math.NaN()
	for i, v := range a.spread(0) {
		n := v.Number(a.c.zone())
		if i == 0 {
			result = n
			continue
		}
		result = pick(result, n) // NaN when either is
	}
	return result
}

// roundTo rounds half away from zero to a number of decimal places, which may be
// negative.
func roundTo(n, places float64) float64 {
	if math.IsNaN(n) || math.IsNaN(places) {
		return math.NaN()
	}
	places = math.Trunc(min(max(places, -30), 30))
	factor := math.Pow(10, math.Abs(places))
	if places < 0 {
		return halfAway(n/factor) * factor
	}
	if math.Abs(n) > 1e15 {
		return n
	}
	return halfAway(n*factor) / factor
}

func halfAway(n float64) float64 {
	r := math.Round(n)
	// 1.005 * 100 is 100.49999999999999: what is a half in decimal must round as one
	if d := math.Abs(n-math.Trunc(n)) - 0.5; d < 0 && d > -1e-9*math.Max(1, math.Abs(n)) {
		return math.Trunc(n) + math.Copysign(1, n)
	}
	return r
}
