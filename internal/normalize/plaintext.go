package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// readText cleans a text and changes nothing that a writer meant.
func readText(raw string) Reading {
	r := Reading{Value: map[string]any{}}
	s := raw
	if fixed, ok := unscramble(s); ok {
		s = fixed
		r.flag(flagMojibake)
	}
	stripped := strings.Map(func(c rune) rune {
		if c != '\n' && c != '\t' && (unicode.Is(unicode.Cf, c) || unicode.IsControl(c) && c != '\r') {
			return -1
		}
		return c
	}, s)
	if stripped != s {
		r.flag(flagInvisible)
	}
	s = clean(strings.ReplaceAll(stripped, "\u00a0", " "))
	if s != "" && (s[0] == '=' || s[0] == '@' || (s[0] == '+' || s[0] == '-') && formulaLike(s[1:])) {
		r.flag(flagFormula)
	}
	r.Value["text"] = s
	if mended, ok := suggest(s); ok {
		r.Value["text"], r.Value["original"] = mended, s
		r.flag(flagTypoMaybe)
	}
	return r
}

// formulaLike reports what a spreadsheet would calculate behind a sign.
func formulaLike(s string) bool {
	return s != "" && (strings.ContainsAny(s, "(!|") && s[0] != ' ' || strings.Trim(s, "0123456789+-*/. ") == "" && strings.ContainsAny(s, "+-*/"))
}

// unscramble undoes UTF-8 that was read as Windows-1252, once or twice.
func unscramble(s string) (string, bool) {
	changed := false
	for range 2 {
		if !strings.ContainsAny(s, "ÃÂâ") {
			break
		}
		b, err := charmap.Windows1252.NewEncoder().String(s)
		if err != nil || !utf8.ValidString(b) || b == s {
			break
		}
		s, changed = b, true
	}
	return s, changed
}

// suggest corrects single words of the field's vocabulary: a stuttered syllable
// ("Programmemes") or one wrong letter, when only one word fits.
func suggest(s string) (string, bool) {
	if len(s) > 4000 {
		return s, false
	}
	changed := false
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }) {
		low := fold(w)
		if len(low) < 8 || vocabulary[low] || strings.HasSuffix(low, "cion") || strings.HasSuffix(low, "ciones") {
			continue
		}
		known, ok := unstutter(low)
		if !ok {
			known, ok = nearest(low, vocabulary)
			if ok && (strings.HasPrefix(low, known) || strings.HasPrefix(known, low) || inflected(low, known)) {
				ok = false // another ending of the same word is no slip
			}
		}
		if ok && len(low) == len(w) {
			s, changed = strings.Replace(s, w, likeCase(known, w), 1), true
		}
	}
	return s, changed
}

// inflected reports words that differ only within their last two letters.
func inflected(a, b string) bool {
	n := min(len(a), len(b)) - 2
	return a[:n] == b[:n]
}

// unstutter removes a syllable of two or three letters that stands twice.
func unstutter(w string) (string, bool) {
	for _, size := range []int{2, 3} {
		for i := 0; i+2*size <= len(w); i++ {
			if short := w[:i] + w[i+size:]; w[i:i+size] == w[i+size:i+2*size] && vocabulary[short] {
				return short, true
			}
		}
	}
	return "", false
}

func likeCase(word, model string) string {
	switch {
	case strings.ToUpper(model) == model:
		return strings.ToUpper(word)
	case unicode.IsUpper([]rune(model)[0]):
		return strings.ToUpper(word[:1]) + word[1:]
	}
	return word
}

// vocabulary holds words of the field, folded. Words with an accent are left out: the
// suggestion could not give it back.
var vocabulary = func() map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(`programme programmes program programs regularization regularisation integration migration migrants migrant immigration emigration collaboration
preliminary government governments international organization organizations questionnaire interview information institution institutions legislation protection resolution resolutions
application applications applicants approved requirements documents document procedure procedures permanent temporary residence residents nationality nationalities population
authority authorities ministry ministries department implementation evaluation development employment education recommendation recommendations challenges objectives countries
irregular regular statistics certificate passport humanitarian refugees statelessness trafficking smuggling consulate consular amnesty commission national
programa programas proceso procesos migratorio migratoria migrantes migrante gobierno gobiernos institucional requisitos documentos documento procedimiento procedimientos permanente temporal
residencia residentes nacionalidad nacionalidades autoridad autoridades ministerio ministerios departamento desarrollo empleo trabajo recomendaciones objetivos solicitudes solicitantes
irregularidad regularidad certificado pasaporte humanitaria humanitario refugiados apatridia consulado amnistia extranjeros extranjeras extranjero seguimiento informaciones internacional nacional regional
programmes gouvernement questionnaire autorisation nationalite document documents travailleurs ressortissants`) {
		all[w] = true
	}
	return all
}()
