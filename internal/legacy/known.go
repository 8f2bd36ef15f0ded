package legacy

import (
	"regexp"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

// Role is what a column is for when it is no question.
type Role = study.ColumnRole

// The roles.
const (
	NoRole        = study.NoRole
	KeyRole       = study.KeyRole
	ParentRole    = study.ParentRole
	SubmittedRole = study.SubmittedRole
	SubmitterRole = study.SubmitterRole
	CountryRole   = study.CountryRole
	RoundRole     = study.RoundRole
	MetaRole      = study.MetaRole
	PersonalRole  = study.PersonalRole
	TableRole     = study.TableRole
)

// programs are the columns that survey programs add, folded without spaces.
var programs = map[Role]map[string]bool{
	KeyRole: set("key", "instanceid", "metainstanceid", "uuid", "id", "index", "responseid", "respondentid", "submissionid", "formhubuuid", "rootuuid", "metarootuuid",
		"respuestaid", "idderespuesta", "iddelarespuesta", "iddelencuestado", "iddeencuestado", "idrespuesta", "submissionuuid"),
	ParentRole:    set("parentkey", "parentindex", "submissionparentid", "parentid"),
	SubmittedRole: set("submissiontime", "submissiondate", "submitdate", "datesubmitted", "timestamp", "marcatemporal", "horodateur", "carimbodedatahora", "zeitstempel", "fechadeenvio", "completiontime", "horadefinalizacion", "recordeddate", "enddate", "fechadefinalizacion", "datedesoumission", "heuredefin", "completedate"),
	SubmitterRole: set("submittername", "submittedby", "submitterid", "username", "nombreusuario"),
	TableRole:     set("parenttablename"),
	MetaRole: set("start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "imei", "audit", "validationstatus", "notes", "status", "version", "formversion", "tags", "geolocation", "attachments",
		"metainstancename", "instancename", "attachmentspresent", "attachmentsexpected", "reviewstate", "edits", "duration", "durationinseconds", "bamboodatasetid", "xformidstring", "metaaudit",
		"lastpage", "ultimapagina", "dernierepage", "startlanguage", "lenguajeinicial", "idiomainicial", "languededepart", "seed", "semilla", "startdate", "fechadeinicio", "datestamp", "datelastaction", "fechadelaultimaaccion", "refurl", "referrerurl", "urldereferencia", "interviewtime", "tiempototal", "totaltime", "datestarted",
		"collectorid", "collector", "iddelrecopilador", "starttime", "horadeinicio", "lastmodifiedtime", "heurededebut", "score", "puntuacion", "finished", "progress", "distributionchannel", "userlanguage", "customdata1", "customdata", "externalreference", "externaldatareference", "generatedtablelistlabel", "submissionvalidationstatus", "submissionnotes", "submissionstatus", "submissionsubmittedby", "submissiontags", "submissionsubmissiontime", "submissionversion", "hasgeopoint", "token"),
	PersonalRole: set("ipaddress", "ipaddr", "direccionip", "adresseip", "emailaddress", "direcciondecorreoelectronico", "correoelectronico", "adressemail", "firstname", "lastname", "recipientfirstname", "recipientlastname", "recipientemail", "locationlatitude", "locationlongitude", "email"),
}

// markedOnly are names that are only a program's when written as it writes them, with a
// mark in front ("_id", "meta-instanceID"): people ask for a status or notes too.
var markedOnly = set("notes", "status", "tags", "version", "index", "uuid", "id", "attachments", "duration", "geolocation", "submittedby", "parentindex", "parentid", "score", "progress", "username", "start", "end", "today", "audit", "edits", "key", "collector", "timestamp", "token", "seed", "phonenumber", "finished")

// bareNames may be written without a mark all the same when they are the whole header in
// the very spelling of the program.
var bareNames = set("start", "end", "today", "deviceid", "username", "KEY", "Timestamp", "timestamp", "Edits", "Status", "id", "ID", "Id", "phonenumber", "seed", "token", "audit", "Finished", "Progress", "key", "Score", "uuid")

// metaRole recognizes a column that a survey program adds; "" when it does not.
func metaRole(header string) Role {
	h := strings.TrimSpace(header)
	if len(h) > 60 {
		return NoRole
	}
	if m := limeOwn.FindStringSubmatch(h); m != nil {
		h = m[1]
	}
	name := strings.ReplaceAll(fold(h), " ", "")
	base := h
	if i := strings.LastIndexByte(h, '/'); i >= 0 { // "meta/instanceID", "formhub/uuid"
		base = h[i+1:]
	}
	if (strings.HasPrefix(h, "meta/") || strings.HasPrefix(h, "meta-")) && name != "" {
		if strings.Contains(name, "instanceid") {
			return KeyRole
		}
		return MetaRole
	}
	if strings.HasPrefix(h, "SET-OF-") || strings.HasPrefix(h, "_generated_") || strings.HasPrefix(h, "__") {
		return MetaRole
	}
	if strings.HasPrefix(h, "_submission__") || groupTime.MatchString(h) {
		return MetaRole
	}
	for _, role := range []Role{ParentRole, KeyRole, SubmittedRole, SubmitterRole, TableRole, PersonalRole, MetaRole} {
		if !programs[role][name] {
			continue
		}
		if markedOnly[name] && !strings.HasPrefix(base, "_") && !bareNames[h] && !strings.Contains(h, "_") {
			return NoRole
		}
		return role
	}
	return NoRole
}

// limeOwn are LimeSurvey's own columns when it writes codes and texts.
var limeOwn = regexp.MustCompile(`^(id|submitdate|lastpage|startlanguage|seed|token|startdate|datestamp|ipaddr|refurl|interviewtime)\. `)

// placePart are the parts of a place that programs write beside each other.
var placePart = regexp.MustCompile(`(?i)[-_/](latitude|longitude|altitude|accuracy|precision)$`)

var groupTime = regexp.MustCompile(`(?i)^(groupTime|questionTime)\d*|^(Group|Question) time\b|^(Tiempo del grupo|Tiempo de pregunta)`)

// personalWords recognize questions for what tells who a person is, by folded header.
var personalWords = regexp.MustCompile(`^(name|nombre|nom|names|nombres|apellidos?|surname|first name|last name|full name|prenom|nom de famille|family name|middle name)$` +
	`|\b(your name|su nombre|tu nombre|votre nom|full name|nombre completo|nombres? y apellidos?|nom complet|nom et prenom|respondent s? ?name|name of (the )?(respondent|interviewee|enumerator|interviewer|head)|nombre del? (la )?(encuestad[oa]|entrevistad[oa]|entrevistador|encuestador|informante|responsable|funcionari[oa])|nom de l (enquete|enqueteur|interviewe))\b` +
	`|\b(e ?mail|correo electronico|courriel|adresse electronique)\b` +
	`|\b(phone|telephone|telefono|mobile number|celular|whatsapp|numero de telephone)\b` +
	`|\b(ip address|direccion ip|adresse ip)\b` +
	`|\b(passport|pasaporte|passeport) (no|number|numero|n)\b|\bnumero (de|del) (pasaporte|cedula|dni|documento)\b|\b(national id|id number|cedula|dni|curp|social security number)\b` +
	`|\b(date of birth|fecha de nacimiento|date de naissance|birth ?date)\b` +
	`|\b(home address|street address|postal address|direccion (postal|del domicilio|de residencia)|adresse (postale|du domicile))\b` +
	`|\b(gps|latitude|longitude|latitud|longitud|coordinates|coordenadas|coordonnees)\b`)

var aboutNumbers = regexp.MustCompile(`\b(do you (have|own|use)|tiene|usa|avez vous|how many|how often|cuant[oa]s|combien|percent|share|porcentaje)\b`)

// personalHeader reports a question for personal data.
func personalHeader(header string) bool {
	h := fold(header)
	if placePart.MatchString(strings.TrimSpace(header)) {
		return true
	}
	return len(h) <= 160 && personalWords.MatchString(h) && !aboutNumbers.MatchString(h)
}

// countryHeader and roundHeader recognize whose and of which wave an answer is.
var (
	countryHeader = regexp.MustCompile(`^(country|pais|pays|iso ?3?|iso ?code|country ?(name|code)|codigo (de )?pais|nombre del pais|country iso ?3?|estado miembro|member state|member country|pais miembro|code pays)$`)
	roundHeader   = regexp.MustCompile(`^(round|ronda|wave|ola|vague|survey round|ronda de encuesta)$`)
	idHeader      = regexp.MustCompile(`^(respondent|encuestado|participant|participante|case|caso|record|registro|response|respuesta|survey|interview|entrevista)? ?(id|no|number|num|numero|code|codigo)$|^(folio|n|no|nr|num|numero|#)$`)
)

var (
	htmlTag   = regexp.MustCompile(`<[a-zA-Z/!][^<>]{0,200}>`)
	spaceRun  = regexp.MustCompile(`[\s\x{00a0}\x{200b}\x{feff}]+`)
	htmlNames = strings.NewReplacer("&nbsp;", " ", "&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'", "&rsquo;", "’")
)

// tidyHeader takes markup, line breaks and doubled spaces out of a header.
func tidyHeader(s string) string {
	if strings.IndexByte(s, '<') >= 0 {
		s = htmlTag.ReplaceAllString(s, " ")
	}
	if strings.IndexByte(s, '&') >= 0 {
		s = htmlNames.Replace(s)
	}
	return strings.TrimSpace(spaceRun.ReplaceAllString(s, " "))
}
