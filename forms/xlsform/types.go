package xlsform

import (
	"strings"
)

// questionTypes maps every name that a question type goes by, in lower case with
// single spaces, to its canonical name. Lists and files are cut off before.
var questionTypes = typeTable(`
text: text string q_string q_text add_text_prompt
integer: integer int q_int add_integer_prompt
decimal: decimal q_decimal add_decimal_prompt
range: range
note: note q_note add_note_prompt
date: date q_date add_date_prompt
time: time q_time add_time_prompt
dateTime: datetime date_time q_datetime add_datetime_prompt
geopoint: geopoint gps location q_geopoint q_location add_location_prompt add_geopoint_prompt
geotrace: geotrace q_geotrace add_geotrace_prompt
geoshape: geoshape q_geoshape add_geoshape_prompt
image: image photo picture q_image q_picture add_image_prompt add_photo_prompt
audio: audio q_audio add_audio_prompt
video: video q_video add_video_prompt
file: file add_file_prompt
barcode: barcode q_barcode add_barcode_prompt
acknowledge: acknowledge trigger q_acknowledge add_acknowledge_prompt
calculate: calculate q_calculate add_calculate_prompt
hidden: hidden
osm: osm
audit: audit
start: start start_time get_start_time
end: end end_time get_end_time
today: today get_today
deviceid: deviceid device_id imei get_device_id
subscriberid: subscriberid subscriber_id get_subscriber_id
simserial: simserial sim_id sim_serial get_sim_id
phonenumber: phonenumber get_phone_number
username: username
email: email
uri:deviceid: uri:deviceid
uri:subscriberid: uri:subscriberid
uri:simserial: uri:simserial
uri:phonenumber: uri:phonenumber
uri:username: uri:username
uri:email: uri:email
phone number: phone_number
percentage: percentage
xml-external: xml-external
csv-external: csv-external
start-geopoint: start-geopoint
background-geopoint: background-geopoint
background-audio: background-audio`)

// selectTypes are followed by a list, a file or a repeated question.
var selectTypes = typeTable(`
select_one: select_one select_one_from select1 select_1 select1_from add_select_one_prompt_using q_select1
select_multiple: select_multiple select_multiple_from select_all_that_apply select_all_that_apply_from add_select_multiple_prompt_using q_select
select_one_external: select_one_external
select_one_from_file: select_one_from_file
select_multiple_from_file: select_multiple_from_file
rank: rank odk:rank
osm: osm`)

func typeTable(table string) map[string]string {
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

// rowKind is what a row of the survey does to the tree.
type rowKind uint8

const (
	questionRow rowKind = iota
	beginGroup
	endGroup
	beginRepeat
	endRepeat
	beginLoop
	endLoop
	unknownRow
)

// rowType is a type cell, understood.
type rowType struct {
	kind  rowKind
	name  string // canonical question type
	list  string // of a select, or of a loop
	file  string
	from  string // repeated question of select_one ${name}
	other bool   // or_other
}

// parseType understands a type cell. Words may be separated by spaces or underscores.
func parseType(cell string) rowType {
	words := strings.Fields(cell)
	if len(words) == 0 {
		return rowType{kind: unknownRow}
	}
	if t, ok := parseControl(words); ok {
		return t
	}
	if name, ok := questionTypes[strings.ToLower(strings.Join(words, "_"))]; ok {
		return rowType{name: name}
	}
	return parseSelect(words)
}

// parseControl understands begin and end rows.
func parseControl(words []string) (rowType, bool) {
	first := strings.ToLower(words[0])
	verb, thing, joined := strings.Cut(first, "_")
	if !joined {
		verb = first
		words = words[1:]
		if len(words) > 0 {
			thing = strings.ToLower(words[0])
			words = words[1:]
		}
	} else {
		words = words[1:]
	}
	if verb != "begin" && verb != "end" {
		return rowType{}, false
	}
	if thing == "looped" && len(words) > 0 && strings.EqualFold(words[0], "group") {
		thing, words = "lgroup", words[1:]
	}
	kinds := map[string]rowKind{"group": beginGroup, "repeat": beginRepeat, "lgroup": beginRepeat, "loop": beginLoop}
	kind, ok := kinds[thing]
	if !ok {
		return rowType{}, false
	}
	if verb == "end" {
		return rowType{kind: kind + 1}, true // each end follows its begin above
	}
	t := rowType{kind: kind}
	if kind == beginLoop {
		if len(words) > 0 && strings.EqualFold(words[0], "over") {
			words = words[1:]
		}
		if len(words) != 1 {
			return rowType{}, false
		}
		t.list = words[0]
		return t, true
	}
	return t, len(words) == 0 || kind == beginRepeat && strings.EqualFold(words[0], "over")
}

// parseSelect understands a select with its list. The longest name of a select type
// wins: "select one from file cities.csv" is not a list called "from".
func parseSelect(words []string) rowType {
	for n := min(len(words)-1, 6); n > 0; n-- {
		name, ok := selectTypes[strings.ToLower(strings.Join(words[:n], "_"))]
		if !ok {
			continue
		}
		t := rowType{name: name}
		rest := words[n:]
		switch tail := strings.ToLower(strings.Join(rest[1:], " ")); tail {
		case "":
		case "or_other", "or other", "or specify other", "or_specify_other":
			t.other = true
		default:
			return rowType{kind: unknownRow}
		}
		switch {
		case strings.HasSuffix(name, "_from_file"):
			t.file = rest[0]
		case strings.HasPrefix(rest[0], "${") && strings.HasSuffix(rest[0], "}"):
			t.from = rest[0][2 : len(rest[0])-1]
		default:
			t.list = rest[0]
		}
		return t
	}
	return rowType{kind: unknownRow}
}
