package normalize

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// period is a stretch of the calendar; zero times are open ends.
type period struct {
	from, to  time.Time
	precision string
	flags     []string
}

var precisions = []string{"year", "semester", "quarter", "month", "day"}

var monthWords = func() map[string]time.Month {
	all := map[string]time.Month{}
	for i, list := range []string{"enero ene january jan janvier janv", "febrero feb february fevrier fev fevr", "marzo mar march mars", "abril abr april apr avril avr", "mayo may mai", "junio jun june juin",
		"julio jul july juillet juil", "agosto ago ag august aug aout", "septiembre setiembre sep set sept september septembre", "octubre oct october octobre", "noviembre nov november novembre", "diciembre dic december dec decembre"} {
		for _, w := range strings.Fields(list) {
			all[w] = time.Month(i + 1)
		}
	}
	return all
}()

var ordinals = map[string]int{"primer": 1, "primero": 1, "primera": 1, "first": 1, "premier": 1, "premiere": 1, "1er": 1, "1ero": 1, "1st": 1, "1ro": 1, "1": 1, "i": 1, "1°": 1, "1a": 1,
	"segundo": 2, "segunda": 2, "second": 2, "deuxieme": 2, "2do": 2, "2nd": 2, "2": 2, "ii": 2, "2°": 2, "2e": 2, "seconde": 2, "tercer": 3, "tercero": 3, "third": 3, "troisieme": 3, "3er": 3, "3rd": 3, "3": 3, "iii": 3, "3°": 3, "3e": 3, "3ro": 3,
	"cuarto": 4, "fourth": 4, "quatrieme": 4, "4to": 4, "4th": 4, "4": 4, "iv": 4, "4°": 4, "4e": 4, "ultimo": 4, "last": 4}

var (
	isoDate     = regexp.MustCompile(`^((?:19|20)\d\d)[-/.]([01]?\d)(?:[-/.]([0-3]?\d))?(?:[t ][0-2]?\d:.*|t.*)?$`)
	numericDate = regexp.MustCompile(`^([0-3]?\d) ?[-/.] ?([0-3]?\d) ?[-/.] ?((?:19|20)?\d\d)$`)
	monthYear   = regexp.MustCompile(`^([01]?\d) ?[-/.] ?((?:19|20)\d\d)$`)
	onlyYear    = regexp.MustCompile(`^(?:(?:el |the |l')?(?:ano|year|annee|en|in|del|de|of) ?)*((?:19|20)\d\d)\.?$`)
	dayFirst    = regexp.MustCompile(`^(?:[a-z]+,? )?(?:el |the |le )?(?:dia )?([0-3]?\d)(?:°|ro|ero|er|st|nd|rd|th)?\.? ?(?:de |del |of |d')?(?:mes de )?[-/ .]?([a-z]+)\.?(?:[-/ ,.]+(?:de |del |of )?(?:ano )?((?:19|20)\d\d|'?\d\d))?\.?$`)
	monthFirst  = regexp.MustCompile(`^(?:(?:mes de|en|in|month of|el|a) )*([a-z]+)\.? ?(?:([0-3]?\d)(?:st|nd|rd|th)?)?(?:[-/ ,.]+(?:de |del |of )?(?:ano )?((?:19|20)\d\d|'\d\d)|-(\d\d))?\.?$`)
	halfYear    = regexp.MustCompile(`^(?:el |the |le )?([a-z0-9°]+)\.? (semestre|semester|half|mitad|trimestre|quarter|cuatrimestre|bimestre|moitie)(?: (?:de|del|of|en|du|d')?)? ?(?:(?:del )?ano )?((?:19|20)\d\d)$`)
	quarterCode = regexp.MustCompile(`^(?:(q|t|s|h)([1-4])|([1-4])(q|t|s|h))[-/ ]*(?:de |of )?((?:19|20)\d\d)$|^((?:19|20)\d\d)[-/ ]*(?:(q|t|s|h)([1-4]))$`)
	partOfYear  = regexp.MustCompile(`^(?:a |el |the )?(mediados|principios|inicios|comienzos|fines|finales|final|mid|early|late|end|beginning|middle|start|debut|fin|mi)[- ](?:de |del |of |de l'annee )?(?:ano )?(.+)$`)
	dateAbout   = []string{"hacia", "alrededor de", "aproximadamente", "aprox", "cerca de", "circa", "ca", "c.", "about", "around", "approximately", "environ", "vers", "~", "unos", "desde mas o menos"}
	openEnd     = regexp.MustCompile(`^(?:desde|a partir de[l]?|since|from|as of|depuis|a contar de[l]?|starting|de|del|vigente desde|a compter du|en vigor desde|from the)(?: el| la| ano| le| the)* (.+?)(?:,? (?:y |and |hasta |a |al |until |to |till |jusqu'a |- ?)*(?:a )?(?:la fecha|hoy|el presente|presente|la actualidad|actualidad|date|present|the present|now|today|ce jour|aujourd'hui|vigente|ongoing|continua|hoy en dia|nuestros dias))?$`)
	toNow       = regexp.MustCompile(`^(.+?) ?(?:- ?|,? (?:hasta|a|al|until|to|till|y) )+(?:a )?(?:la fecha|hoy|el presente|presente|la actualidad|actualidad|actual|date|present|the present|now|today|vigente|ongoing|continua)$|^(.+?) (?:en adelante|-)$|^(.+?) onwards?$`)
	noStart     = regexp.MustCompile(`^(?:hasta|until|till|up to|antes de[l]?|before|jusqu'au|jusqu'a|jusqu'en|a mas tardar|by|no later than|avant(?: le)?)(?: el| la| ano| the| end of| fines de)* (.+)$`)
	exclusive   = regexp.MustCompile(`^(?:antes|before|avant)\b`)
	clock       = regexp.MustCompile(`,? [0-2]?\d:[0-5]\d(?::[0-5]\d)?(?: ?[ap]\.? ?m\.?)?(?: ?hrs?\.?| ?h)?$`) // a form's time of sending
	yearPair    = regexp.MustCompile(`^((?:19|20)\d\d) ?/ ?((?:19|20)\d\d)$`)
	spanOpeners = regexp.MustCompile(`^(?:a partir de[l]?|desde|entre|between|from|del?|du|since)(?: el| la| le| the| ano)* `)
	spanJoins   = regexp.MustCompile(`,? (?:y hasta|and until|hasta|a|al|to|until|through|and|y|au|et|till) (?:el |la |the |le )?|,? ?- ?`)
)

// readWhen reads a date, a part of a year, or a stretch between two.
func readWhen(s string, c Context) Reading {
	s = strings.TrimRight(strings.TrimSpace(s), ".,;")
	s = clock.ReplaceAllString(s, "")
	if p, ok := whenOf(s, c); ok {
		return p.reading()
	}
	if mended, was := mendMonths(s); was {
		if p, ok := whenOf(mended, c); ok {
			p.flags = append(p.flags, flagTypo)
			return p.reading()
		}
	}
	if written, was := yearInDigits(s); was {
		if p, ok := whenOf(written, c); ok {
			p.flags = append(p.flags, flagWords)
			return p.reading()
		}
	}
	body, note := s, ""
	if open := strings.IndexByte(s, '('); open > 0 {
		body, note = strings.TrimSpace(s[:open]), strings.Trim(s[open:], "() ")
		if p, ok := whenOf(body, c); ok {
			r := p.reading()
			r.Note = note
			r.flag(flagNote)
			return r
		}
	}
	return review(map[string]any{"from": nil, "to": nil}, Unparsed)
}

// yearInDigits writes a year in words at the end of a date in digits.
func yearInDigits(s string) (string, bool) {
	n := numberReader{toks: tokens(s)}
	found := n.all()
	if len(found) == 0 {
		return s, false
	}
	q := found[len(found)-1]
	before, after := n.outside(s, q)
	if !q.words || q.v < 1900 || q.v > 2049 || after != "" {
		return s, false
	}
	return before + " " + format(q.v), true
}

func (p period) reading() Reading {
	r := Reading{Value: map[string]any{"from": day(p.from), "to": day(p.to), "precision": p.precision}, Flags: p.flags}
	if slices.Contains(p.flags, flagDateUnclear) {
		r.Value = map[string]any{"from": nil, "to": nil}
	}
	if !p.from.IsZero() && !p.to.IsZero() && p.from.After(p.to) {
		r.flag(flagOutOfRange, Review)
	}
	return r
}

func day(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Format(time.DateOnly)
}

func whenOf(s string, c Context) (period, bool) {
	if p, ok := moment(s, "", c); ok {
		return p, true
	}
	if m := yearPair.FindStringSubmatch(s); m != nil {
		s = m[1] + "-" + m[2]
	}
	if rest, found := cutPhrase(s, dateAbout); found != "" {
		p, ok := whenOf(rest, c)
		p.flags = append(p.flags, flagApprox)
		return p, ok
	}
	if p, ok := stretch(s, c); ok {
		return p, true
	}
	if m := toNow.FindStringSubmatch(s); m != nil {
		start := spanOpeners.ReplaceAllString(m[1]+m[2]+m[3], "")
		if p, ok := moment(start, "", c); ok {
			p.to, p.flags = time.Time{}, append(p.flags, flagOpenEnd)
			return p, true
		}
	}
	if m := openEnd.FindStringSubmatch(s); m != nil {
		if p, ok := moment(m[1], "", c); ok {
			p.to, p.flags = time.Time{}, append(p.flags, flagOpenEnd)
			return p, true
		}
	}
	if m := noStart.FindStringSubmatch(s); m != nil {
		if p, ok := moment(m[1], "", c); ok {
			if exclusive.MatchString(s) {
				p.to = p.from.AddDate(0, 0, -1)
			}
			p.from, p.flags = time.Time{}, append(p.flags, flagNoStart)
			return p, true
		}
	}
	return period{}, false
}

// stretch reads two moments with a joining word; the first takes month and year from
// the second where it has none of its own.
func stretch(s string, c Context) (period, bool) {
	s = spanOpeners.ReplaceAllString(s, "")
	for _, at := range spanJoins.FindAllStringIndex(s, -1) {
		end, ok := moment(spanOpeners.ReplaceAllString(s[at[1]:], ""), "", c)
		if !ok {
			continue
		}
		start, ok := moment(s[:at[0]], end.to.Format(time.DateOnly), c)
		if !ok {
			continue
		}
		p := period{from: start.from, to: end.to, precision: coarser(start.precision, end.precision)}
		p.flags = append(append([]string{flagRange}, start.flags...), end.flags...)
		return p, true
	}
	return period{}, false
}

func coarser(a, b string) string {
	if slices.Index(precisions, a) < slices.Index(precisions, b) {
		return a
	}
	return b
}

// moment reads one date of any precision. like is the end of a stretch, whose month and
// year fill in for the ones that the text leaves out; "" when there is none.
func moment(s, like string, c Context) (period, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 60 {
		return period{}, false
	}
	if s[0] >= '0' && s[0] <= '9' {
		if p, ok := digitsDate(s, like, c); ok {
			return p, true
		}
	}
	if m := onlyYear.FindStringSubmatch(s); m != nil {
		return months(number4(m[1]), 1, 12, "year"), true
	}
	if m := dayFirst.FindStringSubmatch(s); m != nil && monthWords[m[2]] > 0 {
		return dayOf(m[1], monthWords[m[2]], m[3], like)
	}
	if m := monthFirst.FindStringSubmatch(s); m != nil && monthWords[m[1]] > 0 {
		if m[2] != "" {
			return dayOf(m[2], monthWords[m[1]], m[3], like)
		}
		y, short, ok := yearOf(m[3]+m[4], like)
		p := months(y, int(monthWords[m[1]]), int(monthWords[m[1]]), "month")
		p.flags = short
		return p, ok
	}
	if d, rest, ok := wordDay(s); ok {
		return moment(d+" "+rest, like, c)
	}
	if p, ok := fraction(s); ok {
		return p, true
	}
	if m := partOfYear.FindStringSubmatch(s); m != nil {
		p, ok := moment(m[2], like, c)
		p.flags = append(p.flags, flagApprox)
		return p, ok
	}
	return period{}, false
}

// wordDay reads a day in words: "quince de marzo de 2014", "primero de enero".
func wordDay(s string) (day, rest string, ok bool) {
	n := numberReader{toks: tokens(s)}
	if len(n.toks) > 1 && n.toks[0].kind == 'w' && ordinals[n.toks[0].text] == 1 && n.toks[1].text == "de" {
		return "1", strings.TrimSpace(s[n.toks[0].end:]), true
	}
	q, found := n.at(0)
	if !found || !q.words || q.v < 1 || q.v > 31 || q.next >= len(n.toks) {
		return "", "", false
	}
	return format(q.v), strings.TrimSpace(s[n.toks[q.next-1].end:]), true
}

func digitsDate(s, like string, c Context) (period, bool) {
	if m := isoDate.FindStringSubmatch(s); m != nil {
		mon := number4(m[2])
		if mon < 1 || mon > 12 {
			return period{}, false
		}
		if m[3] == "" {
			return months(number4(m[1]), mon, mon, "month"), true
		}
		return dayOf(m[3], time.Month(mon), m[1], "")
	}
	if m := numericDate.FindStringSubmatch(s); m != nil {
		return threeNumbers(m, c)
	}
	if m := monthYear.FindStringSubmatch(s); m != nil {
		mon := number4(m[1])
		return months(number4(m[2]), mon, mon, "month"), mon >= 1 && mon <= 12
	}
	if strings.Trim(s, "0123456789") != "" {
		return period{}, false
	}
	n := number4(s)
	switch {
	case len(s) <= 2 && like != "" && n >= 1 && n <= 31: // "del 3 al 9 de mayo de 2015"
		return dayOf(s, time.Month(number4(like[5:7])), like[:4], "")
	case len(s) == 5 && n >= 20000 && n <= 60000:
		p := one1(time.Date(1899, 12, 30+n, 0, 0, 0, 0, time.UTC))
		p.flags = []string{flagSerial}
		return p, true
	case len(s) == 8:
		return digitsDate(s[:4]+"-"+s[4:6]+"-"+s[6:], like, c)
	}
	return period{}, false
}

// threeNumbers decides the order of day and month: by what is possible, else by the
// country's custom. Canada has both customs.
func threeNumbers(m []string, c Context) (period, bool) {
	a, b := number4(m[1]), number4(m[2])
	d, mon := a, b
	var flags []string
	switch {
	case a > 12 && b > 12 || a == 0 || b == 0:
		return period{}, false
	case a > 12:
	case b > 12:
		d, mon = b, a
	case a == b:
	case c.Country == "USA":
		d, mon, flags = b, a, []string{flagMDY}
	case c.Country == "CAN" || c.Country == "":
		return period{flags: []string{flagDateUnclear, Review}}, true
	default:
		flags = []string{flagDMY}
	}
	p, ok := dayOf(strconv.Itoa(d), time.Month(mon), m[3], "")
	p.flags = append(flags, p.flags...)
	return p, ok
}

// dayOf gives a day; a day that the month does not have gives the month, for review.
func dayOf(d string, mon time.Month, y, like string) (period, bool) {
	n := number4(d)
	year, flags, ok := yearOf(y, like)
	if !ok || n > 31 {
		return period{}, false
	}
	t := time.Date(year, mon, n, 0, 0, 0, 0, time.UTC)
	if n == 0 || t.Month() != mon {
		p := months(year, int(mon), int(mon), "month")
		p.flags = append(flags, flagInvalidDay, Review)
		return p, true
	}
	p := one1(t)
	p.flags = flags
	return p, true
}

// yearOf reads a year of four or two digits; without one the year of like.
func yearOf(y, like string) (year int, flags []string, ok bool) {
	y = strings.TrimPrefix(y, "'")
	switch {
	case y == "" && like != "":
		return number4(like[:4]), nil, true
	case y == "":
		return 0, nil, false
	case len(y) == 2:
		year = 2000 + number4(y)
		if year > 2049 {
			year -= 100
		}
		return year, []string{flagYear}, true
	}
	return number4(y), nil, true
}

// fraction reads halves and quarters of a year: "primer semestre de 2021", "Q3 2021".
func fraction(s string) (period, bool) {
	if m := quarterCode.FindStringSubmatch(s); m != nil {
		return partYear(m[1]+m[4]+m[7], number4(m[2]+m[3]+m[8]), number4(m[5]+m[6]))
	}
	if m := halfYear.FindStringSubmatch(s); m != nil && ordinals[m[1]] > 0 {
		n := ordinals[m[1]]
		half := m[2][0] == 's' || m[2] == "half" || m[2] == "mitad" || m[2] == "moitie"
		if half && n == 4 {
			n = 2
		}
		switch {
		case m[2] == "cuatrimestre" && n <= 3:
			return months(number4(m[3]), n*4-3, n*4, "quadrimester"), true
		case m[2] == "bimestre":
			return months(number4(m[3]), n*2-1, n*2, "bimester"), true
		case half:
			return partYear("s", n, number4(m[3]))
		}
		return partYear("q", n, number4(m[3]))
	}
	return period{}, false
}

func partYear(kind string, n, year int) (period, bool) {
	if kind == "s" || kind == "h" {
		return months(year, n*6-5, n*6, "semester"), n <= 2
	}
	return months(year, n*3-2, n*3, "quarter"), n <= 4
}

func months(year, from, to int, precision string) period {
	return period{from: time.Date(year, time.Month(from), 1, 0, 0, 0, 0, time.UTC), to: time.Date(year, time.Month(to+1), 0, 0, 0, 0, 0, time.UTC), precision: precision}
}

func one1(t time.Time) period { return period{from: t, to: t, precision: "day"} }

func number4(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0 // the patterns let only digits through
	}
	return n
}

func mendMonths(s string) (string, bool) {
	changed := false
	for _, w := range words(s) {
		if _, known := monthWords[w]; known {
			continue
		}
		if month, ok := nearestMonth(w); ok {
			s, changed = strings.Replace(s, w, month, 1), true
		}
	}
	return s, changed
}

// nearestMonth corrects a month's name; spellings of one month are one reading.
func nearestMonth(w string) (string, bool) {
	if len(w) < 4 {
		return "", false
	}
	best := ""
	for k, m := range monthWords {
		if len(k) >= 4 && oneEdit(w, k) {
			if best != "" && monthWords[best] != m {
				return "", false
			}
			if best == "" || k < best {
				best = k
			}
		}
	}
	return best, best != ""
}
