package xlsform

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// parseParameters reads "key=value key=value", separated by spaces, commas or
// semicolons. Keys do not mind their case.
func (r *reader) parseParameters(e *entry, raw string) map[string]string {
	params := make(map[string]string)
	// "start = 1" is one pair, not three words.
	for strings.Contains(raw, " =") || strings.Contains(raw, "= ") {
		raw = strings.ReplaceAll(strings.ReplaceAll(raw, " =", "="), "= ", "=")
	}
	split := func(c rune) bool { return c == ' ' || c == '\t' || c == '\n' }
	if strings.ContainsAny(raw, ";") {
		split = func(c rune) bool { return c == ';' }
	} else if strings.ContainsAny(raw, ",") {
		split = func(c rune) bool { return c == ',' }
	}
	for _, pair := range strings.FieldsFunc(raw, split) {
		key, value, ok := strings.Cut(strings.TrimSpace(pair), "=")
		key = strings.ToLower(strings.TrimSpace(key))
		if !ok || key == "" || strings.Contains(value, "=") && !strings.Contains(value, "${") {
			if strings.TrimSpace(pair) == "" {
				continue
			}
			r.report(forms.Error, "parameters.form", e.rec.place("parameters"), e.node.Name,
				"'%s' is not a parameter: write them as key=value, with a space between two", strings.TrimSpace(pair))
			continue
		}
		params[key] = strings.TrimSpace(value)
	}
	return params
}

// Which parameters each type takes. Types that are not here take any.
var typeParameters = map[string][]string{
	"range":                     {"start", "end", "step", "tick_interval", "placeholder", "tick_labelset"},
	"select_one":                {"randomize", "seed"},
	"select_multiple":           {"randomize", "seed"},
	"rank":                      {"randomize", "seed"},
	"select_one_external":       {"randomize", "seed"},
	"select_one_from_file":      {"randomize", "seed", "value", "label"},
	"select_multiple_from_file": {"randomize", "seed", "value", "label"},
	"geopoint":                  {"allow-mock-accuracy", "capture-accuracy", "reference-geometry", "warning-accuracy"},
	"geotrace":                  {"allow-mock-accuracy", "incremental", "reference-geometry"},
	"geoshape":                  {"allow-mock-accuracy", "incremental", "reference-geometry"},
	"image":                     {"app", "max-pixels"},
	"audio":                     {"quality"},
	"background-audio":          {"quality"},
	"audit":                     {"identify-user", "location-max-age", "location-min-interval", "location-priority", "track-changes", "track-changes-reasons"},
	"text":                      {"rows"},
	"date":                      {"partial"},
}

func (r *reader) checkParameters(e *entry) {
	n := e.node
	if len(n.Parameters) == 0 {
		return
	}
	allowed, limited := typeParameters[n.Type]
	if !limited {
		return
	}
	if n.From != "" {
		allowed = typeParameters["select_one_from_file"]
	}
	keys := make([]string, 0, len(n.Parameters))
	for key := range n.Parameters {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		if !slices.Contains(allowed, key) {
			r.unknownParameter(e, key, allowed)
		}
	}
	switch n.Type {
	case "range":
		r.checkRange(e)
	case "geopoint", "geotrace", "geoshape":
		r.checkGeo(e)
	case "image":
		r.checkImage(e)
	case "audio", "background-audio":
		r.checkQuality(e)
	case "audit":
		r.checkAudit(e)
	case "text":
		r.wantInteger(e, "rows")
	default:
		r.checkRandomize(e)
	}
}

func (r *reader) unknownParameter(e *entry, key string, allowed []string) {
	all := strings.Join(allowed, ", ")
	if near := r.nearest(key, allowed); near != "" {
		r.badParameter(e, "parameters.unknown", "the parameter '%s' is not one that '%s' takes: did you mean '%s'? It takes %s", key, e.node.Type, near, all)
		return
	}
	r.badParameter(e, "parameters.unknown", "the parameter '%s' is not one that '%s' takes: it takes %s", key, e.node.Type, all)
}

func (r *reader) badParameter(e *entry, key, format string, args ...any) {
	r.report(forms.Error, key, e.rec.place("parameters"), e.node.Name, format, args...)
}

// wantBool asks for true or false in a parameter that is there.
func (r *reader) wantBool(e *entry, key string) {
	if v, ok := e.node.Parameters[key]; ok && !strings.EqualFold(v, "true") && !strings.EqualFold(v, "false") {
		r.badParameter(e, "parameters.value", "the parameter '%s' of '%s' must be 'true' or 'false', not '%s'", key, e.node.Name, v)
	}
}

func (r *reader) wantInteger(e *entry, key string) (int, bool) {
	v, ok := e.node.Parameters[key]
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(v)
	if err != nil {
		r.badParameter(e, "parameters.value", "the parameter '%s' of '%s' must be a whole number, not '%s'", key, e.node.Name, v)
	}
	return i, err == nil
}

func (r *reader) wantNumber(e *entry, key string, otherwise float64) (float64, bool) {
	v, ok := e.node.Parameters[key]
	if !ok {
		return otherwise, true
	}
	x, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		r.badParameter(e, "parameters.value", "the parameter '%s' of the '%s' '%s' must be a number, not '%s'", key, e.node.Type, e.node.Name, v)
		return 0, false
	}
	return x, true
}

func (r *reader) wantOneOf(e *entry, key string, values ...string) {
	if v, ok := e.node.Parameters[key]; ok && !slices.Contains(values, strings.ToLower(v)) {
		r.badParameter(e, "parameters.value", "the parameter '%s' of '%s' must be one of %s, not '%s'", key, e.node.Name, strings.Join(values, ", "), v)
	}
}

func (r *reader) checkRange(e *entry) {
	start, ok1 := r.wantNumber(e, "start", 1)
	end, ok2 := r.wantNumber(e, "end", 10)
	step, ok3 := r.wantNumber(e, "step", 1)
	tick, ok4 := r.wantNumber(e, "tick_interval", step)
	mark, ok5 := r.wantNumber(e, "placeholder", start)
	if !(ok1 && ok2 && ok3 && ok4 && ok5) {
		return
	}
	if step == 0 {
		r.badParameter(e, "parameters.value", "the parameter 'step' of the 'range' '%s' must not be 0: write a number, or take it away", e.node.Name)
		return
	}
	params := e.node.Parameters
	for _, word := range strings.Fields(e.node.Appearance) {
		if (word == "rating" || word == "picker") && (params["tick_interval"] != "" || params["placeholder"] != "" || params["tick_labelset"] != "") {
			r.badParameter(e, "parameters.appearance", "the parameters 'tick_interval', 'placeholder' and 'tick_labelset' do nothing in a 'range' whose 'appearance' is '%s': take them away, or use 'vertical', 'no-ticks' or no appearance", word)
		}
	}
	if params["tick_interval"] != "" && (!multiple(tick, step) || tick == 0) {
		r.badParameter(e, "parameters.value", "the parameter 'tick_interval' of the 'range' '%s' is %s, but must be a multiple of its 'step', %s", e.node.Name, plain(tick), plain(step))
	}
	if params["tick_interval"] != "" && math.Abs(tick) > math.Abs(end-start) {
		r.badParameter(e, "parameters.value", "the parameter '%s' of the 'range' '%s' is %s, but must not be larger than the distance from 'start' to 'end', %s", "tick_interval", e.node.Name, plain(tick), plain(math.Abs(end-start)))
	}
	if params["step"] != "" && math.Abs(step) > math.Abs(end-start) {
		r.badParameter(e, "parameters.value", "the parameter '%s' of the 'range' '%s' is %s, but must not be larger than the distance from 'start' to 'end', %s", "step", e.node.Name, plain(step), plain(math.Abs(end-start)))
	}
	if params["placeholder"] == "" {
		return
	}
	if !multiple(mark-start, step) {
		r.badParameter(e, "parameters.value", "the parameter 'placeholder' of the 'range' '%s' is %s, but must be a multiple of its 'step', %s, counted from 'start', %s", e.node.Name, plain(mark), plain(step), plain(start))
	}
	if mark < min(start, end) || mark > max(start, end) {
		r.badParameter(e, "parameters.value", "the parameter 'placeholder' of the 'range' '%s' is %s, but must lie between 'start' and 'end', %s and %s", e.node.Name, plain(mark), plain(start), plain(end))
	}
}

// plain writes a number as people do.
func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// multiple reports whether x is a whole number of steps, as far as decimals can say.
func multiple(x, step float64) bool {
	q := x / step
	return math.Abs(q-math.Round(q)) < 1e-9
}

func (r *reader) checkGeo(e *entry) {
	r.wantBool(e, "allow-mock-accuracy")
	r.wantNumber(e, "capture-accuracy", 0)
	r.wantNumber(e, "warning-accuracy", 0)
	if v, ok := e.node.Parameters["incremental"]; ok && !yes(v) && e.node.Type != "geopoint" {
		r.badParameter(e, "parameters.value", "the parameter 'incremental' of '%s' can only be 'true', not '%s': take it away otherwise", e.node.Name, v)
	}
}

func (r *reader) checkImage(e *entry) {
	r.wantInteger(e, "max-pixels")
	app, ok := e.node.Parameters["app"]
	if !ok {
		return
	}
	// Only these two open another app; elsewhere the parameter does nothing.
	plain := e.node.Appearance == "" || e.node.Appearance == "annotate"
	if plain && !androidPackage(app) {
		r.badParameter(e, "parameters.value", "the parameter 'app' of '%s' is '%s', which is not the name of an Android package: write one as in org.example.camera, of letters, digits and “_” with at least one '.' between them", e.node.Name, app)
	}
}

// androidPackage checks a package name as Android does.
func androidPackage(s string) bool {
	parts := strings.Split(s, ".")
	for _, part := range parts {
		for i, c := range part {
			letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
			if !letter && (i == 0 || !('0' <= c && c <= '9' || c == '_')) {
				return false
			}
		}
		if part == "" {
			return false
		}
	}
	return len(parts) > 1
}

func (r *reader) checkQuality(e *entry) {
	qualities := []string{"voice-only", "low", "normal", "external"}
	if e.node.Type == "background-audio" {
		qualities = qualities[:3] // nothing else can record in the background
	}
	r.wantOneOf(e, "quality", qualities...)
}

func (r *reader) checkAudit(e *entry) {
	params := e.node.Parameters
	r.wantBool(e, "track-changes")
	r.wantBool(e, "identify-user")
	r.wantOneOf(e, "track-changes-reasons", "on-form-edit")
	r.wantOneOf(e, "location-priority", "no-power", "low-power", "balanced", "high-accuracy")
	interval, ok1 := r.wantInteger(e, "location-min-interval")
	age, ok2 := r.wantInteger(e, "location-max-age")
	if ok1 && ok2 && age < interval {
		r.badParameter(e, "parameters.value", "the parameter location-max-age is %d, but must not be smaller than location-min-interval, %d", age, interval)
	}
	if ok1 && interval < 0 || ok2 && age < 0 {
		r.badParameter(e, "parameters.value", "the parameters location-max-age and location-min-interval must not be negative: write seconds, as in location-max-age=120")
	}
	given := 0
	for _, key := range []string{"location-priority", "location-min-interval", "location-max-age"} {
		if params[key] != "" {
			given++
		}
	}
	if given != 0 && given != 3 {
		r.badParameter(e, "parameters.value", "the parameters location-priority, location-min-interval and location-max-age go together: write all three or none")
	}
}

func (r *reader) checkRandomize(e *entry) {
	params := e.node.Parameters
	r.wantBool(e, "randomize")
	seed, seeded := params["seed"]
	if !seeded {
		return
	}
	if !strings.EqualFold(params["randomize"], "true") {
		r.badParameter(e, "parameters.value", "the parameter 'seed' of '%s' needs randomize=true beside it", e.node.Name)
	}
	if _, err := strconv.ParseFloat(seed, 64); err != nil && !(strings.HasPrefix(seed, "${") && strings.HasSuffix(seed, "}")) {
		r.badParameter(e, "parameters.value", "the parameter 'seed' of '%s' must be a number or a question, as ${name}, not '%s'", e.node.Name, seed)
	}
}
