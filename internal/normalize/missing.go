package normalize

import (
	"regexp"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

// reasonWords are whole answers that give a reason instead of a value, folded, without
// signs at their ends.
var reasonWords = func() map[string]study.ReasonCode {
	all := map[string]study.ReasonCode{}
	for code, list := range map[study.ReasonCode]string{
		study.NA:      "n/a|na|n.a|n a|no aplica|no aplicable|not applicable|does not apply|doesn't apply|sans objet|s/o|so|non applicable|no corresponde|n/c|no procede|no es aplicable|ne s'applique pas",
		study.ND:      "n/d|nd|n.d|s/d|sd|s.d|s/i|s.i|n/i|-|--|---|.|..|?|??|sin dato|sin datos|sin informacion|sin registro|sin registros|no disponible|no data|not available|unavailable|unknown|not known|desconocido|desconocida|se desconoce|no se sabe|no sabe|not tracked|not recorded|not collected|no information|no info|no hay dato|no hay datos|no hay informacion|no hay registro|no hay registros|no records|no record|non disponible|donnees non disponibles|pas de donnees|inconnu|inconnue|non connu|sans donnees|dato no disponible|ns/nr|ns|nr|no responde|no sabe/no responde|don't know|dk|n/k|no figura|not reported|no se registra|no registrado|no registrada|no consta|no registra|ninguna informacion|ningun dato|#n/a|null|no se tiene",
		study.Pending: "pendiente|pending|tbc|tbd|por confirmar|por definir|en tramite|to be confirmed|to be determined|a confirmar|en proceso|in progress|in process|en cours|a determiner|a confirmer|en attente|por determinar|...|…|pendiente de confirmacion|en elaboracion|en revision|under review|awaiting data|en consulta|se enviara|por enviar|to follow|en espera",
		study.CONF:    "confidencial|confidential|confidentiel|confidentielle|conf|informacion reservada|reservado|reservada|reserved|restricted|classified|clasificado|clasificada|informacion confidencial|informacion clasificada|not public|no publico|no publica|no es publico|no es publica|not for publication|secreto|secret|restringido|restringida|informacion restringida",
	} {
		for _, w := range strings.Split(list, "|") {
			all[w] = code
		}
	}
	return all
}()

// reasonPhrases give a reason when an answer without figures begins with them.
var reasonPhrases = []struct {
	pattern *regexp.Regexp
	code    study.ReasonCode
}{
	{regexp.MustCompile(`^(?:esta |estan |dato |datos |informacion |cifra |data |information |donnees |figures? )*(?:es |son |is |are |sont )?(?:confiden\w+|reservad\w+|clasificad\w+|restring\w+|restricted|classified)\b`), study.CONF},
	{regexp.MustCompile(`^(?:no se puede|no es posible|cannot|can't|may not) (?:publicar|divulgar|compartir|be published|be disclosed|be shared|disclose|share)\b|^(?:no (?:es )?public[oa]s?|not (?:publicly|public))\b`), study.CONF},
	{regexp.MustCompile(`^(?:no|not|ne|does not|doesn't|n') ?(?:nos |se |es )?(?:aplica\w*|applicable|apply|corresponde|procede|s'applique)\b|^sans objet\b`), study.NA},
	{regexp.MustCompile(`^(?:la institucion |el pais |esta |we |the |nous |on )?(?:no|not|don't|do not|does not|ne|n') ?(?:se |nous |have |there )*(?:registra|registran|recopila|recorded|tracked|collected|available|track|collect|record|disponible|disponibles|kept|compiled|published by|known|sabe|conoce|precisa|especifica|reporta|recoge)\b`), study.ND},
	// Verbs of having say so only of data: "no tiene costo" is an answer.
	{regexp.MustCompile(`^(?:la institucion |el pais |esta |we |the |nous |on )?(?:no|not|don't|do not|does not|ne|n') ?(?:se |nous |have |there )*(?:cuenta|cuentan|contamos|dispone|disponen|disponemos|tiene|tienen|tenemos|posee|existe|existen|hay|lleva|llevan|keep|have|dispose|maneja|manejan)\b(?: *\.?$|.*?\b(?:inform\w*|dato\w*|registro\w*|data|records?|track|control\w*|conteo\w*|desglose\w*|medicion\w*|estadistic\w*|statistics|figures?|cifra\w*|donnees|sistematizad\w+|disponib\w+|desagregad\w+|this|esa|ese|este|esta)\b)`), study.ND},
	{regexp.MustCompile(`^(?:sin|without|no|pas de|aucune?|ningun\w*) (?:dat[oa]s?|informacion|information|registros?|records?|estadisticas?|statistics|cifras?|figures|donnees|info)\b`), study.ND},
	{regexp.MustCompile(`^(?:informacion|datos?|data|information|cifras?) (?:no|not|is not|are not|non) (?:esta )?(?:disponib\w+|available|recorded|collected)\b`), study.ND},
	{regexp.MustCompile(`^(?:se desconoce|se ignora|desconocid[oa]s?|desconoce(?:mos|n)?|unknown|inconnu\w*)\b`), study.ND},
	{regexp.MustCompile(`^(?:dato |datos |informacion |cifra |data |se encuentra |esta |aun |still |respuesta |answer )*(?:pendientes?|pending|por confirmar|to be (?:confirmed|provided|sent|determined)|en (?:proceso|tramite|cours|attente|elaboracion|revision|espera)|a confirmer|se (?:enviara|remitira|confirmara)|will be (?:sent|provided|confirmed)|awaiting|under review|in (?:process|progress)|being (?:compiled|gathered|processed))\b`), study.Pending},
}

var reference = regexp.MustCompile(`^(?:\(?(?:favor )?(?:de )?(?:ver|vease|veanse|revisar|consultar|see|refer to|cf\.?|voir|please see|segun|as per|remitirse al?|attached|adjunto:?|se adjunta|ver el|en)) (?:en )?(?:el |la |los |las |the |l')?((?:documento |archivo |file |document )?(?:anexo|annex|annexe|adjunto|attachment|attached|apendice|appendix|cuadro|tabla|table|tableau|nota|note|archivo|documento|hoja|sheet|file|respuesta|answer|pregunta|question|seccion|section|informe|report|enlace|link|figura|pagina|page)\b.*?)\)?\.?$`)

// readMissing recognizes an answer that tells why there is no value.
func readMissing(s string) (Reading, bool) {
	if s == "" {
		return missing(study.Blank), true
	}
	if s[0] >= '0' && s[0] <= '9' || len(s) > 300 {
		return Reading{}, false
	}
	key := strings.TrimSpace(strings.Trim(s, " ()[]\"'!"))
	if code, ok := reasonWords[key]; ok {
		return missing(code), true
	}
	if code, ok := reasonWords[strings.TrimRight(key, " .,;:*")]; ok {
		return missing(code), true
	}
	if code, ok := reasonWords[strings.ReplaceAll(key, " ", "")]; ok && len(key) <= 6 {
		return missing(code), true
	}
	if m := reference.FindStringSubmatch(s); m != nil {
		return Reading{Value: map[string]any{"missing": string(study.Ref), "ref": m[1]}, Flags: []string{flagReference}}, true
	}
	if bareReference.MatchString(s) {
		return Reading{Value: map[string]any{"missing": string(study.Ref), "ref": strings.Trim(s, " .")}, Flags: []string{flagReference}}, true
	}
	if cut := strings.IndexAny(key, "(,;:"); cut > 1 {
		if code, ok := reasonWords[strings.TrimSpace(key[:cut])]; ok {
			r := missing(code)
			r.Note = strings.Trim(key[cut+1:], " ()")
			r.flag(flagNote)
			return r, true
		}
	}
	if strings.Count(s, " ") > 1 && s[0] >= 'a' && s[0] <= 'z' && !strings.ContainsFunc(s, isDigit) {
		for _, p := range reasonPhrases {
			if p.pattern.MatchString(s) {
				return missing(p.code), true
			}
		}
	}
	return Reading{}, false
}

var bareReference = regexp.MustCompile(`^(?:anexo|annex|annexe|adjunto|appendix|apendice|attachment) ?(?:no\.?|n°|#)? ?[0-9ivx]{0,4}[a-z]?\.?$`)

// readTextMissing is readMissing for free text, where only a whole answer that is
// nothing but a reason counts: "En proceso: se aprobó…" is an answer.
func readTextMissing(s string) (Reading, bool) {
	if s == "" {
		return missing(study.Blank), true
	}
	if code, ok := reasonWords[strings.Trim(s, " ()[]\"'!.,;:*")]; ok {
		return missing(code), true
	}
	if r, ok := readMissing(s); ok && r.Value["missing"] == string(study.Ref) {
		return r, true
	}
	return Reading{}, false
}
