package xlsform

import "strings"

// columnSet knows the columns of one kind of sheet: their canonical names, the other
// names they go by, and which of them carry texts by language.
type columnSet struct {
	aliases    map[string]string // header in snake_case → canonical name
	translated map[string]bool   // by canonical name
	groups     map[string]string // first part of a header with "::" → canonical prefix
}

// column is one header, understood.
type column struct {
	header string // as written
	index  int
	name   string // canonical: "label", "relevant", "bind::odk:x"; as written when unknown
	lang   string // language of a translated column, "" when it is unmarked
	known  bool
}

// The survey sheet. "bind::relevant" and "relevant" are one column, and so on: the
// prefixed forms are resolved in parse.
var surveyColumns = columnSet{
	aliases: aliases(`
type: type command
name: name value tag
label: label caption
hint: hint
guidance_hint: guidance_hint
default: default
required: required bind::required
required_message: required_message requiredmsg jr:requiredmsg bind::jr:requiredmsg
relevant: relevant relevance bind::relevant bind::relevance
constraint: constraint bind::constraint
constraint_message: constraint_message jr:constraintmsg bind::jr:constraintmsg bind::constraint_message
calculation: calculation calculate bind::calculate bind::calculation
readonly: read_only readonly bind::readonly bind::read_only
trigger: trigger
appearance: appearance control::appearance
repeat_count: repeat_count count jr:count control::jr:count
choice_filter: choice_filter
parameters: parameters
disabled: disabled
save_to: save_to bind::entities:saveto
image: image media::image
big-image: big-image media::big-image
audio: audio media::audio
video: video media::video
autoplay: autoplay control::autoplay
intent: intent control::intent
rows: rows control::rows body::rows
no_app_error_string: no_app_error_string noapperrorstring bind::jr:noapperrorstring
query: query
list_name: list_name`),
	translated: words("label hint guidance_hint required_message constraint_message image big-image audio video no_app_error_string"),
	groups: map[string]string{
		"bind": "bind::", "body": "control::", "control": "control::", "instance": "instance::", "media": "media::",
	},
}

var choiceColumns = columnSet{
	aliases: aliases(`
list_name: list_name
name: name value
label: label caption
image: image media::image
big-image: big-image media::big-image
audio: audio media::audio
video: video media::video`),
	translated: words("label image big-image audio video"),
	groups:     map[string]string{"media": "media::"},
}

var settingColumns = columnSet{aliases: aliases(`
form_title: form_title title set_form_title
form_id: form_id id_string set_form_id
version: version
default_language: default_language
name: name form_name
instance_name: instance_name
instance_id: instance_id instanceid
public_key: public_key
submission_url: submission_url
auto_send: auto_send
auto_delete: auto_delete
style: style
namespaces: namespaces
instance_xmlns: instance_xmlns
allow_choice_duplicates: allow_choice_duplicates
clean_text_values: clean_text_values
omit_instanceID: omit_instanceid
client_editable: client_editable
add_none_option: add_none_option
sms_keyword: sms_keyword
sms_separator: sms_separator
sms_allow_media: sms_allow_media
sms_date_format: sms_date_format
sms_datetime_format: sms_datetime_format
sms_response: sms_response
prefix: prefix compact_prefix
delimiter: delimiter compact_delimiter
tag: compact_tag
sheet_id: sheet_id`)}

var entityColumns = columnSet{aliases: aliases(`
list_name: list_name dataset
entity_id: entity_id
create_if: create_if
update_if: update_if
label: label
repeat: repeat`)}

// Columns of ours: other tools pass them over. See the package comment of forms/fill
// and the kit for what each means.
var (
	ourSurveyColumns = words("core reasons unit normalize owner exclusive section lineage was note_to_author currency codebook missing prefill report example")
	ourChoiceColumns = words("reason code exclusive was")
)

// aliases reads lines of "canonical: alias alias".
func aliases(table string) map[string]string {
	m := make(map[string]string)
	for line := range strings.Lines(table) {
		name, others, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			continue
		}
		for _, alias := range strings.Fields(others) {
			m[alias] = name
		}
	}
	return m
}

func words(list string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

func (s *columnSet) knows(header string) bool {
	_, ok := s.aliases[snake(header)]
	return ok
}

// snake writes a header the way the tables above do: "Constraint  Message" gives
// "constraint_message".
func snake(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(s)), "_")
}

// parse understands one header. doubled tells that the sheet separates the parts of
// its headers with "::"; only a sheet that never does may use single colons.
func (s *columnSet) parse(header string, doubled bool) column {
	c := column{header: header, name: header}
	if name, ok := s.aliases[snake(header)]; ok {
		c.name, c.known = name, true
		return c
	}
	parts := splitHeader(header, doubled)
	// media::image::English, bind::jr:constraintMsg::English, bind::odk:length
	if prefix, ok := s.groups[snake(parts[0])]; ok && len(parts) > 1 {
		if name, ok := s.aliases[prefix+snake(parts[1])]; ok {
			c.name, c.known = name, true
			parts = parts[1:]
		} else {
			c.name, c.known = prefix+parts[1], true
			return c
		}
	} else if name, ok := s.aliases[snake(parts[0])]; ok {
		c.name, c.known = name, true
	} else {
		if len(parts) > 1 && snake(parts[0]) == "attribute" {
			c.name, c.known = "attribute::"+parts[1], true
		}
		return c
	}
	if len(parts) > 1 {
		if !s.translated[c.name] {
			c.name, c.known = header, false
			return c
		}
		c.lang = parts[1]
	}
	return c
}

// splitHeader takes a header apart. The prefix jr: is not a part of its own.
func splitHeader(header string, doubled bool) []string {
	sep := "::"
	if !doubled && !strings.Contains(header, "::") {
		sep = ":"
	}
	parts := strings.Split(header, sep)
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	if sep == ":" {
		for i := 0; i+1 < len(parts); i++ {
			if parts[i] == "jr" || parts[i] == "odk" || parts[i] == "orx" || parts[i] == "entities" {
				parts[i] += ":" + parts[i+1]
				parts = append(parts[:i+1], parts[i+2:]...)
			}
		}
	}
	return parts
}
