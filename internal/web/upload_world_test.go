package web

import (
	"context"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// seenResult is what a worker writes down about a file of two sheets that are alike: a
// country column, a name, a question about a school with a text that nobody understands,
// services ticked, and a remark.
const seenResult = `{"file":"old.xlsx",
"sheets":[{"name":"North","orientation":"rows","header_rows":1,"rows":3,"columns":5,"format":"xlsx"},{"name":"South","orientation":"rows","header_rows":2,"rows":1,"columns":5,"format":"xlsx","encoding":"UTF-8","delimiter":"\t"}],
"columns":[],"form":{"id":"village","title":"Village","inferred":false},
"rows":{"create":2,"change":1,"identical":0,"skip":0,"error":1},"answers":4,
"problems":[{"sheet":"North","cell":"C4","code":"choice.unknown","text":"“<b>half</b>” is none of the choices","remedy":"correct the cell"}],
"says":[{"key":"choice.unknown","args":{"text":"<b>half</b>"},"error":true}],
"preview":{"sheets":[{"header_row":2,"sample":[{"row":1,"cells":["Survey of <i>2016</i>"]},{"row":2,"header":true,"cells":["Country","Name","School","Light"]},{"row":3,"cells":["Atlantis","Ana","yes","x"]}]},{"header_row":1,"sample":[]}],
"columns":[
{"header":"School","question":"/a/a_school","how":"label","filled":4,"samples":["yes","<b>half</b>"],"places":[{"sheet":"North","column":"C"},{"sheet":"South","column":"C"}],
 "texts":[{"text":"yes","count":3,"code":"y"},{"text":"<b>half</b>","count":1,"near":"n"}]},
{"header":"Name","question":"","how":"personal","role":"personal","personal":true,"filled":4,"samples":["Ana"],"places":[{"sheet":"North","column":"B"}]},
{"header":"Light","question":"/a/a_services","how":"name","choice":"light","filled":2,"samples":["x"],"places":[{"sheet":"North","column":"D"}]},
{"header":"Country","question":"","how":"metadata","role":"country","filled":4,"samples":["Atlantis"],"places":[{"sheet":"North","column":"A"}],"texts":[{"text":"Atlantis","count":3,"code":"ATL"},{"text":"XX","count":1}]},
{"header":"Founded","question":"/a/a_founded","how":"label","filled":1,"samples":["03/04/2012"],"places":[{"sheet":"North","column":"E"}],"day_first":true},
{"header":"Total","question":"","how":"ignored","filled":1,"samples":["7"],"places":[{"sheet":"North","column":"F","at":"F"}]}],
"questions":[{"path":"/a/a_name","type":"text","label":"Name"},{"path":"/a/a_school","type":"select_one","label":"Is there a school?","choices":[{"code":"y","label":"Yes"},{"code":"n","label":"No"}]},
 {"path":"/a/a_pupils","type":"integer","label":"Pupils"},{"path":"/a/a_founded","type":"date","label":"Founded"},{"path":"/a/a_services","type":"select_multiple","label":"Services","choices":[{"code":"water","label":"Water"},{"code":"light","label":"Light"}]},
 {"path":"/s/s_name","type":"text","label":"Street","repeat":"/s"}]}}`

// seenMapping is the mapping that a worker suggests for that file.
const seenMapping = `{"version":1,"form":"village","columns":[
{"sheet":"North","header":"Country","role":"country","how":"metadata"},{"sheet":"North","header":"Name","role":"personal","how":"personal"},
{"sheet":"North","header":"School","question":"/a/a_school","values":{"<b>half</b>":""},"how":"label"},
{"sheet":"North","header":"Light","question":"/a/a_services","choice":"light","how":"name"},{"sheet":"North","header":"Founded","question":"/a/a_founded","day_first":true},
{"sheet":"North","header":"Total","at":"F","how":"ignored"},
{"sheet":"South","header":"School","question":"/a/a_school","how":"label"}]}`

// givenFile is a file that a worker has looked at.
func (w *world) givenFile() study.UploadID {
	w.t.Helper()
	var u study.Upload
	w.update(func(ctx context.Context, tx *db.Tx) (err error) {
		u, err = tx.PutUpload(ctx, study.Upload{FormID: "village", By: w.people["researcher"].ID,
			File: study.BatchFile{Name: "old <answers>.xlsx", SHA256: strings.Repeat("a", 64), SizeBytes: 12}})
		return err
	})
	w.seen(u.ID)
	return u.ID
}

// seen is a worker that looks at a file: it finds what it always finds, and takes what
// was decided over.
func (w *world) seen(id study.UploadID) {
	w.t.Helper()
	w.update(func(ctx context.Context, tx *db.Tx) error {
		u, err := tx.Upload(ctx, id)
		if err != nil {
			return err
		}
		u.Result = seenResult
		if !u.Decided {
			u.Mapping = seenMapping
		}
		return tx.UploadSeen(ctx, u)
	})
}

// given reads a file and what was decided about it.
func (w *world) given(id study.UploadID) (u study.Upload, m *study.Mapping) {
	w.t.Helper()
	w.view(func(ctx context.Context, r *db.Reader) (err error) {
		if u, err = r.Upload(ctx, id); err != nil || u.Mapping == "" {
			return err
		}
		m, err = study.ParseMapping([]byte(u.Mapping))
		return err
	})
	return u, m
}

// about finds what a mapping says about a column.
func about(m *study.Mapping, sheet, header string) study.ColumnMapping {
	for _, c := range m.Columns {
		if c.Sheet == sheet && c.Header == header {
			return c
		}
	}
	return study.ColumnMapping{}
}
