package normalize

import (
	"regexp"
	"strings"
)

// currencyOf is the currency of a country's own prices; iso4217 are the codes people write.
var (
	currencyOf = map[string]string{"BLZ": "BZD", "CAN": "CAD", "CRI": "CRC", "DOM": "DOP", "SLV": "USD", "GTM": "GTQ", "HND": "HNL", "MEX": "MXN", "NIC": "NIO", "PAN": "PAB", "USA": "USD",
		"HTI": "HTG", "COL": "COP", "ECU": "USD", "PER": "PEN", "CHL": "CLP", "ARG": "ARS", "BOL": "BOB", "VEN": "VES", "CUB": "CUP", "BRA": "BRL", "URY": "UYU", "PRY": "PYG", "ESP": "EUR", "FRA": "EUR", "GBR": "GBP", "JAM": "JMD"}
	dollarOf = map[string]string{"BLZ": "BZD", "CAN": "CAD", "MEX": "MXN", "DOM": "DOP", "SLV": "USD", "USA": "USD", "ECU": "USD", "COL": "COP", "CHL": "CLP", "ARG": "ARS", "URY": "UYU", "CUB": "CUP", "JAM": "JMD"}
	pesoOf   = map[string]string{"MEX": "MXN", "DOM": "DOP", "COL": "COP", "CHL": "CLP", "ARG": "ARS", "URY": "UYU", "CUB": "CUP"}
)

// marksOfMoney are tried in order. An empty code means that the country decides.
var marksOfMoney = []struct {
	pattern *regexp.Regexp
	code    string
}{
	{regexp.MustCompile(`\brd ?\$|\bpesos? dominicanos?\b|\bdominican pesos?\b`), "DOP"},
	{regexp.MustCompile(`\b(?:us|u\.s\.?|eu) ?\$|\bu\$s|\$ ?us\b|\busd ?\$?|\$ ?usd\b|\bdolar(?:es)? (?:estadounidenses?|americanos?|de (?:los )?(?:estados unidos|ee\.? ?uu\.?)|usa|us)\b|\b(?:us|u\.s\.|american) dollars?\b|\bdollars? (?:americains?|us)\b`), "USD"},
	{regexp.MustCompile(`\bbz ?\$|\bbzd ?\$?|\$ ?bz\b|\bdolar(?:es)? (?:beliceno?s?|de belice)\b|\bbelize dollars?\b`), "BZD"},
	{regexp.MustCompile(`\b(?:ca|can|cdn|cad) ?\$|\bcad\b|\bdolar(?:es)? canadienses?\b|\bcanadian dollars?\b|\bdollars? canadiens?\b`), "CAD"},
	{regexp.MustCompile(`\b(?:mx|mex|mxn|mn) ?\$|\$? ?\bmxn\b|\bm\.n\.|\bmoneda nacional\b|\bpesos? mexicanos?\b|\bmexican pesos?\b`), "MXN"},
	{regexp.MustCompile(`\bc ?\$`), "C$"},
	{regexp.MustCompile(`\bb/ ?\.?|\bbalboas?\b|\bpab\b`), "PAB"},
	{regexp.MustCompile(`₡|\bcolon(?:es)?\b|\bcrc\b|¢`), "CRC"},
	{regexp.MustCompile(`\blempiras?\b|\bhnl\b|\blps?\b\.?|\bl\b\.?|\bl\.? ?(?:\d)`), "HNL"},
	{regexp.MustCompile(`\bquetzal(?:es)?\b|\bgtq\b|\bq\b\.?|\bq\.? ?(?:\d)`), "GTQ"},
	{regexp.MustCompile(`\bcordobas?\b|\bnio\b`), "NIO"},
	{regexp.MustCompile(`€|\beuros?\b|\beur\b`), "EUR"},
	{regexp.MustCompile(`£|\bgbp\b|\bpounds?(?: sterling)?\b|\blibras? esterlinas?\b`), "GBP"},
	{regexp.MustCompile(`\bgourdes?\b|\bhtg\b`), "HTG"},
	{regexp.MustCompile(`\bs/ ?\.?|\bsol(?:es)?\b|\bpen\b`), "PEN"},
	{regexp.MustCompile(`\breal(?:es)?\b|\bbrl\b|\br\$`), "BRL"},
	{regexp.MustCompile(`\b(dop|cop|clp|ars|bob|ves|cup|uyu|pyg|chf|jpy)\b`), "code"},
	{regexp.MustCompile(`\bbs\b\.?|\bbolivianos?\b|\bbolivares?\b`), "Bs"},
	{regexp.MustCompile(`\bpesos?\b`), "peso"},
	{regexp.MustCompile(`\bdolar(?:es)?\b|\bdollars?\b|\bbucks\b`), "dollar"},
	{regexp.MustCompile(`\$`), "$"},
}

var (
	free = []string{"gratuito", "gratuita", "gratis", "sin costo", "sin costos", "no tiene costo", "no tiene ningun costo", "no hay costo", "ningun costo", "exento de pago", "exenta de pago", "exentos de pago", "exento", "exenta", "exentos", "exonerado", "exonerada", "exonerados", "libre de costo", "no se cobra", "no cobra", "free", "free of charge", "no charge", "no fee", "no fees", "no cost", "without charge", "waived", "gratuit", "gratuite", "sans frais", "sin cargo", "es gratuito", "es gratis", "it is free", "fee waived", "no cuesta", "no genera costo", "gratuidad", "gratuitos", "gratuitas", "sin pago", "aucun frais", "totalmente gratuito", "completamente gratis"}
	// units that a law prices in; their amount changes with a decree.
	unitsOfLaw = []struct {
		pattern *regexp.Regexp
		unit    string
	}{
		{regexp.MustCompile(`\b(?:dias?|days?) (?:de |of )?(?:salarios?(?: minimos?)?|minimum wages?|s\.?m\.?)\b`), "minimum_wage_day"},
		{regexp.MustCompile(`\bsalarios? minimos?(?: (?:mensual(?:es)?|legal(?:es)?|vigentes?|diarios?))*\b|\b(?:monthly )?minimum (?:wages?|salar(?:y|ies))\b|\bsmlm?v\b|\bsmmlv\b|\bsmic\b|\bsalaires? minimums?\b|\bsalarios?\b$`), "minimum_wage"},
		{regexp.MustCompile(`\buma(?:s)?\b|\bunidad(?:es)? de medida y actualizacion\b`), "uma"},
		{regexp.MustCompile(`\bsalarios? base\b|\bbase salar(?:y|ies)\b`), "base_salary"},
		{regexp.MustCompile(`\bunidad(?:es)? tributarias?\b|\buts?\b|\btax units?\b`), "tax_unit"},
		{regexp.MustCompile(`\bsueldos? basicos?\b`), "base_salary"},
	}
	periods = []struct {
		pattern *regexp.Regexp
		per     string
	}{
		{regexp.MustCompile(`\b(?:por|al|cada|per|a|par|each|every) (?:mes|month|mois)\b|/ ?(?:mes|month|mois)\b|\bmensual(?:es|mente)?\b|\bmonthly\b|\bmensuel(?:le|s)?\b`), "month"},
		{regexp.MustCompile(`\b(?:por|al|cada|per|a|par|each|every) (?:ano|year|an)\b|/ ?(?:ano|year|an)\b|\banual(?:es|mente)?\b|\bannual(?:ly)?\b|\byearly\b|\bannuel(?:le|s)?\b`), "year"},
		{regexp.MustCompile(`\b(?:por|al|cada|per|a|par|each|every) (?:dia|day|jour)\b|/ ?(?:dia|day|jour)\b|\bdiari[oa]s?\b|\bdaily\b`), "day"},
		{regexp.MustCompile(`\b(?:por|a la|cada|per|a|par|each|every) (?:semana|week|semaine)\b|/ ?(?:semana|week)\b|\bsemanal(?:es)?\b|\bweekly\b`), "week"},
	}
	people = map[string]string{"adulto": "adult", "adulta": "adult", "adultos": "adult", "adultas": "adult", "adult": "adult", "adults": "adult", "adulte": "adult", "adultes": "adult", "mayor": "adult", "mayores": "adult",
		"nino": "child", "nina": "child", "ninos": "child", "ninas": "child", "child": "child", "children": "child", "menor": "child", "menores": "child", "minor": "child", "minors": "child", "enfant": "child", "enfants": "child", "mineur": "child", "infante": "child", "nna": "child",
		"familia": "family", "familias": "family", "family": "family", "families": "family", "famille": "family", "familiar": "family", "grupo": "family",
		"persona": "person", "personas": "person", "person": "person", "personne": "person", "titular": "principal", "titulares": "principal", "principal": "principal", "solicitante": "applicant", "applicant": "applicant",
		"dependiente": "dependant", "dependientes": "dependant", "dependant": "dependant", "dependent": "dependant", "dependants": "dependant", "dependents": "dependant",
		"estudiante": "student", "estudiantes": "student", "student": "student", "students": "student", "trabajador": "worker", "trabajadores": "worker", "worker": "worker", "workers": "worker", "empleador": "employer", "employer": "employer"}
)

// readMoney reads an amount with its currency.
func readMoney(s string, c Context) Reading {
	if r, ok := readFree(s, c); ok {
		return r
	}
	for _, u := range unitsOfLaw {
		if u.pattern.MatchString(s) {
			return lawUnits(u.pattern.ReplaceAllString(s, " "), u.unit, c)
		}
	}
	if items, flags, ok := amounts(s, c); ok {
		return Reading{Value: map[string]any{"items": items}, Flags: flags}
	}
	body, note := cutNote(s)
	r := readAmount(body, c)
	if note != "" && !r.Doubtful() {
		r.Note = note
		r.flag(flagNote)
		if other := readAmount(note, c); !other.Doubtful() && strings.ContainsFunc(note, isDigit) {
			r.flag(flagAlternative)
		}
	}
	return r
}

func readFree(s string, c Context) (Reading, bool) {
	trimmed := strings.Trim(s, " .!")
	rest, found := cutPhrase(trimmed, free)
	zero := none[trimmed] || found != ""
	if !zero || strings.ContainsFunc(rest, isDigit) && !hasAny(rest, "menores", "mayores", "anos", "years") {
		return Reading{}, false
	}
	r := Reading{Value: map[string]any{"amount": 0.0, "currency": orNil(currencyOf[c.Country]), "qual": exact}, Flags: []string{flagZero}}
	if rest = strings.Trim(rest, " ,;.:()-"); rest != "" {
		r.Note = rest
		r.flag(flagQualified, flagNote)
	}
	return r, true
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func lawUnits(rest, unit string, c Context) Reading {
	r := Reading{Value: map[string]any{"amount": nil, "unit": unit}, Flags: []string{flagUnit}}
	if halves[strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(rest), "de"))] {
		r.Value["units"] = 0.5
		return r
	}
	share := strings.Contains(rest, "%")
	m, ok := measureOf(strings.Join(strings.Fields(percentSign.Replace(rest)), " "), c.Country, true, nil)
	if share {
		m.v, m.low, m.high = m.v/100, m.low/100, m.high/100
	}
	switch {
	case !ok:
		r.Value["units"] = nil
		r.flag(Review)
	case m.qual == ranged:
		r.Value["low"], r.Value["high"], r.Value["qual"] = m.low, m.high, ranged
		r.flag(flagRange)
	default:
		r.Value["units"] = m.v
		if m.qual != exact {
			r.Value["qual"] = m.qual
		}
	}
	return r
}

// currencyIn finds and removes the currency of a phrase.
func currencyIn(s string, c Context) (rest, code string, flags []string) {
	for _, m := range marksOfMoney {
		if !m.pattern.MatchString(s) {
			continue
		}
		found := m.pattern.FindString(s)
		rest = m.pattern.ReplaceAllStringFunc(s, func(x string) string { return " " + strings.TrimLeft(x, "bcdefghijklmnopqrstuvwxyza$₡¢€£/. ") })
		code, flags = resolveCurrency(m.code, found, c.Country)
		return strings.Join(strings.Fields(rest), " "), code, flags
	}
	code = currencyOf[c.Country]
	if code == "" {
		return s, "", []string{flagCurAmbiguous, Review}
	}
	return s, code, []string{flagCurCountry}
}

// resolveCurrency lets the country decide about a mark that several currencies share.
func resolveCurrency(mark, found, country string) (code string, flags []string) {
	switch mark {
	case "code":
		return strings.ToUpper(found), nil
	case "C$":
		if country == "NIC" || country == "CAN" {
			return currencyOf[country], []string{flagCurSymbol}
		}
		return "", []string{flagCurAmbiguous, Review}
	case "Bs":
		if country == "BOL" || country == "VEN" {
			return currencyOf[country], []string{flagCurSymbol}
		}
		if strings.HasPrefix(found, "boliviano") {
			return "BOB", nil
		}
		return "", []string{flagCurAmbiguous, Review}
	case "peso":
		if code = pesoOf[country]; code != "" {
			return code, []string{flagCurCountry}
		}
		return "", []string{flagCurAmbiguous, Review}
	case "dollar":
		if country == "BLZ" || country == "CAN" || country == "JAM" {
			return dollarOf[country], []string{flagCurCountry}
		}
		if country == "" {
			return "USD", []string{flagCurAmbiguous}
		}
		return "USD", nil
	case "$":
		if code = dollarOf[country]; code != "" {
			return code, []string{flagCurCountry}
		}
		if country == "" {
			return "", []string{flagCurAmbiguous, Review}
		}
		return "USD", []string{flagCurAmbiguous}
	case "CRC":
		if found == "¢" && country != "CRI" && country != "SLV" {
			return "", []string{flagCurAmbiguous, Review}
		}
	}
	return mark, nil
}

func readAmount(s string, c Context) Reading {
	per := ""
	for _, p := range periods {
		if p.pattern.MatchString(s) {
			s, per = strings.Join(strings.Fields(p.pattern.ReplaceAllString(s, " ")), " "), p.per
			break
		}
	}
	who, s := payer(s)
	rest, code, flags := currencyIn(s, c)
	rest = strings.TrimRight(strings.TrimSpace(rest), ".,-= ")
	if negative(strings.TrimSpace(s)) || negative(rest) {
		return review(map[string]any{"amount": nil}, flagNegative)
	}
	m, ok := measureOf(rest, c.Country, false, func(w string) bool { return w == "usd" })
	if !ok {
		if mended, was := mendNumbers(rest); was {
			if m, ok = measureOf(mended, c.Country, false, nil); ok {
				m.flags = append(m.flags, flagTypo)
			}
		}
	}
	if !ok || strings.ContainsFunc(m.rest, isDigit) || strings.Contains(m.rest, "%") {
		return review(map[string]any{"amount": nil}, Unparsed)
	}
	r := Reading{Value: map[string]any{"currency": orNil(code)}, Flags: flags}
	m.put(r.Value, "amount")
	r.flag(m.flags...)
	if m.qual == ranged && m.low > m.high {
		r.flag(flagOutOfRange, Review)
	}
	if per != "" {
		r.Value["per"] = per
		r.flag(flagPeriodic)
	}
	if who != "" {
		r.Value["who"] = who
	}
	if text := residue(m.rest); text != "" {
		r.Note = text
		r.flag(flagText)
		if hasAny(text, "no", "not", "excepto", "except", "salvo", "sauf") {
			r.flag(Review)
		}
	}
	return r
}

var payerWords = regexp.MustCompile(`\b(?:por|para|per|for|cada|par|pour|each|a|los|las|en)? ?(?:los |las |cada |each |un |una |an |a |the )?(?:personas? |person )?([a-z]+)(?: de edad| years old)?[ .)]*$`)

// payer takes the words that tell for whom an amount is from the end of a phrase.
func payer(s string) (who, rest string) {
	m := payerWords.FindStringSubmatchIndex(s)
	if m == nil || people[s[m[2]:m[3]]] == "" {
		return "", s
	}
	return people[s[m[2]:m[3]]], strings.TrimRight(s[:m[0]], " (,:")
}

var (
	joinsAmounts = regexp.MustCompile(` ?[;\n] ?|, (?:y |and |et )?| (?:y|and|et|mas|plus|más) | \+ | (?:o|or|ou) | / `)
	orAmounts    = regexp.MustCompile(`^ (?:o|or|ou) $| / `)
	labeled      = regexp.MustCompile(`^(adultos?|adults?|ninos?|ninas|children|child|menores?|minors?|adultes?|enfants?) ?[:=-]? ?(.*\d.*)$`)
)

// amounts reads several amounts with their payers or currencies: "USD 250 per adult and
// USD 125 per child".
func amounts(s string, c Context) (items []map[string]any, flags []string, ok bool) {
	if hasAny(s, "entre", "between") {
		return nil, nil, false
	}
	cuts := joinsAmounts.FindAllStringIndex(s, -1)
	if len(cuts) == 0 {
		return nil, nil, false
	}
	flags = []string{flagMultiAmount}
	from, money := 0, 0
	var pieces []string
	for _, at := range append(cuts, []int{len(s), len(s)}) {
		pieces = append(pieces, s[from:at[0]])
		if at[1] > at[0] && orAmounts.MatchString(s[at[0]:at[1]]) {
			flags[0] = flagAlternative
		}
		from = at[1]
	}
	for _, piece := range pieces {
		who := ""
		if m := labeled.FindStringSubmatch(piece); m != nil {
			who, piece = people[m[1]], m[2]
		}
		for _, m := range marksOfMoney {
			if m.pattern.MatchString(piece) {
				money++
				break
			}
		}
		r := readAmount(piece, c)
		if r.Doubtful() || r.Value["amount"] == nil {
			return nil, nil, false
		}
		if who != "" {
			r.Value["who"] = who
		} else if r.Value["who"] == nil && r.Note != "" {
			r.Value["who"] = r.Note
		}
		if r.Value["who"] != nil {
			money++
		}
		items = append(items, r.Value)
	}
	return items, flags, len(items) > 1 && money >= len(items)
}
