package xform

import (
	"sort"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// kind says how a question type stands in the document.
type kind struct {
	bind      string // data type
	control   string // element of the body, "" when nothing is shown
	mediatype string
	preload   string // what the client fills in at the start, and its parameter
	params    string
}

var kinds = map[string]kind{
	"text":                      {bind: "string", control: "input"},
	"integer":                   {bind: "int", control: "input"},
	"decimal":                   {bind: "decimal", control: "input"},
	"range":                     {bind: "int", control: "range"},
	"note":                      {bind: "string", control: "input"},
	"date":                      {bind: "date", control: "input"},
	"time":                      {bind: "time", control: "input"},
	"dateTime":                  {bind: "dateTime", control: "input"},
	"geopoint":                  {bind: "geopoint", control: "input"},
	"geotrace":                  {bind: "geotrace", control: "input"},
	"geoshape":                  {bind: "geoshape", control: "input"},
	"barcode":                   {bind: "barcode", control: "input"},
	"phone number":              {bind: "string", control: "input"},
	"percentage":                {bind: "int", control: "input"},
	"acknowledge":               {bind: "string", control: "trigger"},
	"image":                     {bind: "binary", control: "upload", mediatype: "image/*"},
	"audio":                     {bind: "binary", control: "upload", mediatype: "audio/*"},
	"video":                     {bind: "binary", control: "upload", mediatype: "video/*"},
	"file":                      {bind: "binary", control: "upload", mediatype: "application/*"},
	"osm":                       {bind: "binary", control: "upload", mediatype: "osm/*"},
	"select_one":                {bind: "string", control: "select1"},
	"select_one_from_file":      {bind: "string", control: "select1"},
	"select_one_external":       {bind: "string", control: "input"},
	"select_multiple":           {bind: "string", control: "select"},
	"select_multiple_from_file": {bind: "string", control: "select"},
	"rank":                      {bind: "odk:rank", control: "odk:rank"},
	"calculate":                 {bind: "string"},
	"hidden":                    {bind: "string"},
	"audit":                     {bind: "binary"},
	"background-audio":          {bind: "binary"},
	"start-geopoint":            {bind: "geopoint"},
	"background-geopoint":       {bind: "geopoint"},
	"start":                     {bind: "dateTime", preload: "timestamp", params: "start"},
	"end":                       {bind: "dateTime", preload: "timestamp", params: "end"},
	"today":                     {bind: "date", preload: "date", params: "today"},
	"deviceid":                  {bind: "string", preload: "property", params: "deviceid"},
	"subscriberid":              {bind: "string", preload: "property", params: "subscriberid"},
	"simserial":                 {bind: "string", preload: "property", params: "simserial"},
	"phonenumber":               {bind: "string", preload: "property", params: "phonenumber"},
	"username":                  {bind: "string", preload: "property", params: "username"},
	"email":                     {bind: "string", preload: "property", params: "email"},
	"uri:deviceid":              {bind: "string", preload: "property", params: "uri:deviceid"},
	"uri:subscriberid":          {bind: "string", preload: "property", params: "uri:subscriberid"},
	"uri:simserial":             {bind: "string", preload: "property", params: "uri:simserial"},
	"uri:phonenumber":           {bind: "string", preload: "property", params: "uri:phonenumber"},
	"uri:username":              {bind: "string", preload: "property", params: "uri:username"},
	"uri:email":                 {bind: "string", preload: "property", params: "uri:email"},
}

// external reports whether the node is only a file that comes along with the form.
func external(n *node) bool { return n.Type == "xml-external" || n.Type == "csv-external" }

// hasControl reports whether the question is shown. One that is calculated is not,
// unless somebody wrote a label or a hint for it.
func (b *builder) hasControl(n *node) bool {
	if kinds[n.Type].control == "" {
		return false
	}
	computed := n.Calculation != "" || n.Trigger != ""
	return !computed || !n.Label.Empty() || !n.Hint.Empty() || len(n.Media) > 0
}

// binds writes what the clients must know of each node's value.
func (b *builder) binds(model *element) {
	b.root.walk(func(n *node) {
		if external(n) || n.Type == "audit" {
			return // an audit stands in meta
		}
		bind := b.bind(n, n.path)
		if n.Kind == forms.Question || len(bind.attrs) > 1 {
			model.add(bind)
		}
		b.actions(model, n)
	})
}

func (b *builder) bind(n *node, path string) *element {
	bind := el("bind", "nodeset", path)
	k := kinds[n.Type]
	if n.Kind == forms.Question {
		bind.set("type", dataType(n, k))
	}
	if k.preload != "" {
		bind.set("jr:preload", k.preload)
		bind.set("jr:preloadParams", k.params)
	}
	set := func(name, expr string) {
		if expr != "" {
			bind.set(name, b.rewrite(expr, n, false))
		}
	}
	if n.Type == "note" {
		bind.set("readonly", "true()")
	}
	b.typeRules(n, bind)
	set("readonly", n.ReadOnly)
	set("required", n.Required)
	set("relevant", n.Relevant)
	set("constraint", n.Constraint)
	if n.Trigger == "" || n.Kind != forms.Question {
		set("calculate", n.Calculation)
	}
	for _, m := range messages(n) {
		if m.translated() {
			bind.set(m.attr, itextRef(n.path+":"+m.attr))
		} else if s := m.text[""]; s != "" {
			bind.set(m.attr, s)
		}
	}
	b.parameterBinds(n, bind)
	for _, name := range sortedKeys(n.Bind) {
		set(name, n.Bind[name])
	}
	if to := n.Extra["save_to"]; to != "" {
		if _, property, ok := strings.Cut(to, "#"); ok {
			to = property
		}
		bind.set("entities:saveto", to)
	}
	return bind
}

// dataType is the bind's type: a range counts in whole numbers unless one of its
// parameters is not whole.
func dataType(n *node, k kind) string {
	if n.Type == "range" {
		for _, key := range []string{"start", "end", "step", "tick_interval", "placeholder"} {
			if strings.Contains(n.Parameters[key], ".") {
				return "decimal"
			}
		}
	}
	return k.bind
}

// typeRules are the constraints that a type brings along.
func (b *builder) typeRules(n *node, bind *element) {
	switch n.Type {
	case "phone number":
		bind.set("constraint", `regex(., '^\d*$')`)
	case "percentage":
		bind.set("constraint", "0 <= . and . <= 100")
	}
}

func (b *builder) parameterBinds(n *node, bind *element) {
	p := n.Parameters
	set := func(name, key string) {
		if p[key] != "" {
			bind.set(name, p[key])
		}
	}
	switch n.Type {
	case "image":
		set("orx:max-pixels", "max-pixels")
	case "audio":
		set("odk:quality", "quality")
	case "geopoint", "geotrace", "geoshape":
		set("odk:allow-mock-accuracy", "allow-mock-accuracy")
	case "audit":
		for _, key := range sortedKeys(p) {
			set("odk:"+key, key)
		}
	}
}

// actions are what happens at the start: defaults that are computed, recordings.
func (b *builder) actions(model *element, n *node) {
	switch n.Type {
	case "start-geopoint":
		model.add(el("odk:setgeopoint", "ref", n.path, "event", "odk-instance-first-load"))
	case "background-audio":
		record := el("odk:recordaudio", "ref", n.path, "event", "odk-instance-load")
		if q := n.Parameters["quality"]; q != "" {
			record.set("odk:quality", q)
		}
		model.add(record)
	}
	if b.dynamicDefault(n) {
		model.add(b.setvalue(n, "odk-instance-first-load", n.Default))
	}
}

func (b *builder) dynamicDefault(n *node) bool {
	return n.Kind == forms.Question && n.Default != "" && isDynamic(n.Default, n.Type)
}

func (b *builder) setvalue(n *node, event, expr string) *element {
	e := el("setvalue", "ref", n.path, "event", event)
	if expr != "" {
		e.set("value", b.rewrite(expr, n, false))
	}
	return e
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
