package web

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

// Sizes of request bodies, in bytes.
const (
	smallBody = 64 << 10 // buttons and short forms
	textBody  = 8 << 20  // a section with long texts; programs' answers
	fileBody  = 21 << 20 // one attachment of 20 MB and its form
	tableBody = maxTableBytes + maxMappingBytes + 1<<20
)

// accessTable says who gets what from each route: "ok" lets a person through to the
// handler, a number is the status they get instead. "stranger" is a focal point or
// contributor of another country who asks for something that belongs to one; 404, so
// that nobody learns what exists. The test of this table asks every route as every role.
const accessTable = `
route                                    | nobody | contributor | focal_point | researcher | administrator | stranger | body
GET  /healthz                            | ok     | ok          | ok          | ok         | ok            | ok       | small
GET  /static/:file                       | ok     | ok          | ok          | ok         | ok            | ok       | small
GET  /                                   | 303    | ok          | ok          | ok         | ok            | ok       | small
GET  /sign-in                            | ok     | ok          | ok          | ok         | ok            | ok       | small
GET  /sign-in/:token                     | ok     | ok          | ok          | ok         | ok            | ok       | small
POST /sign-in/:token                     | ok     | ok          | ok          | ok         | ok            | ok       | small
POST /sign-out                           | ok     | ok          | ok          | ok         | ok            | ok       | small
POST /language                           | ok     | ok          | ok          | ok         | ok            | ok       | small
GET  /kept/:key                          | 303    | ok          | ok          | ok         | ok            | ok       | small
POST /kept/:key                          | 401    | ok          | ok          | ok         | ok            | ok       | small
POST /returns                            | 401    | ok          | ok          | 404        | 404           | ok       | small
GET  /returns/:id                        | 303    | ok          | ok          | 404        | 404           | 404      | small
GET  /returns/:id/sections/*path         | 303    | ok          | ok          | ok         | 404           | 404      | small
POST /returns/:id/sections/*path         | 401    | ok          | ok          | ok         | 404           | 404      | text
GET  /returns/:id/repeats/*path          | 303    | ok          | ok          | ok         | 404           | 404      | small
POST /returns/:id/repeats/*path          | 401    | ok          | ok          | ok         | 404           | 404      | small
POST /returns/:id/listed/*path           | 401    | ok          | ok          | ok         | 404           | 404      | small
GET  /returns/:id/remove/*path           | 303    | ok          | ok          | ok         | 404           | 404      | small
POST /returns/:id/remove/*path           | 401    | ok          | ok          | ok         | 404           | 404      | small
POST /returns/:id/restore/*path          | 401    | ok          | ok          | ok         | 404           | 404      | small
POST /returns/:id/move/*path             | 401    | ok          | ok          | ok         | 404           | 404      | small
POST /returns/:id/loaded/*path           | 401    | ok          | ok          | 404        | 404           | 404      | text
GET  /returns/:id/files/*path            | 303    | ok          | ok          | ok         | 404           | 404      | small
POST /returns/:id/files/*path            | 401    | ok          | ok          | ok         | 404           | 404      | file
GET  /returns/:id/file/:file             | 303    | ok          | ok          | ok         | 404           | 404      | small
POST /returns/:id/file/:file/remove      | 401    | ok          | ok          | ok         | 404           | 404      | small
GET  /returns/:id/check                  | 303    | ok          | ok          | 404        | 404           | 404      | small
GET  /returns/:id/sign                   | 303    | 403         | ok          | 404        | 404           | 404      | small
POST /returns/:id/sign                   | 401    | 403         | ok          | 404        | 404           | 404      | text
GET  /returns/:id/receipt/:version       | 303    | ok          | ok          | ok         | 404           | 404      | small
GET  /returns/:id/v/:version             | 303    | ok          | ok          | ok         | 404           | 404      | small
GET  /returns/:id/history                | 303    | ok          | ok          | ok         | 404           | 404      | small
GET  /returns/:id/history/*path          | 303    | ok          | ok          | ok         | 404           | 404      | small
GET  /unit                               | 303    | 404         | 404         | ok         | 404           | 404      | small
GET  /unit/returns                       | 303    | 404         | 404         | ok         | 404           | 404      | small
GET  /unit/returns/:id                   | 303    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/returns/:id/reopen            | 401    | 404         | 404         | ok         | 404           | 404      | text
POST /unit/returns/:id/accept            | 401    | 404         | 404         | ok         | 404           | 404      | small
GET  /unit/interviews                    | 303    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/interviews                    | 401    | 404         | 404         | ok         | 404           | 404      | small
GET  /unit/interviews/:id                | 303    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/interviews/:id/close          | 401    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/interviews/:id/reopen         | 401    | 404         | 404         | ok         | 404           | 404      | text
GET  /unit/reports                       | 303    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/reports                       | 401    | 404         | 404         | ok         | 404           | 404      | small
GET  /unit/reports/:id                   | 303    | 404         | 404         | ok         | 404           | 404      | small
GET  /unit/reports/:id/file              | 303    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/reports/:id/cancel            | 401    | 404         | 404         | ok         | 404           | 404      | small
GET  /unit/doubts                        | 303    | 404         | 404         | ok         | 404           | 404      | small
GET  /unit/doubts/:id/*path              | 303    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/doubts/:id/*path              | 401    | 404         | 404         | ok         | 404           | 404      | small
GET  /unit/decisions                     | 303    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/decisions/:id/undo            | 401    | 404         | 404         | ok         | 404           | 404      | small
GET  /unit/imports                       | 303    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/imports                       | 401    | 404         | 404         | ok         | 404           | 404      | table
GET  /unit/imports/:id                   | 303    | 404         | 404         | ok         | 404           | 404      | small
GET  /unit/imports/:id/undo              | 303    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/imports/:id/undo              | 401    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/imports/:id/personal          | 401    | 404         | 404         | ok         | 404           | 404      | small
GET  /unit/uploads/:id                   | 303    | 404         | 404         | ok         | 404           | 404      | small
GET  /unit/uploads/:id/found             | 303    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/uploads/:id/found             | 401    | 404         | 404         | ok         | 404           | 404      | text
GET  /unit/uploads/:id/columns           | 303    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/uploads/:id/columns           | 401    | 404         | 404         | ok         | 404           | 404      | text
GET  /unit/uploads/:id/values            | 303    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/uploads/:id/values            | 401    | 404         | 404         | ok         | 404           | 404      | text
GET  /unit/uploads/:id/mapping           | 303    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/uploads/:id/mapping           | 401    | 404         | 404         | ok         | 404           | 404      | text
POST /unit/uploads/:id/again             | 401    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/uploads/:id/earlier           | 401    | 404         | 404         | ok         | 404           | 404      | small
GET  /unit/uploads/:id/failed            | 303    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/uploads/:id/store             | 401    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/uploads/:id/pause             | 401    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/uploads/:id/continue          | 401    | 404         | 404         | ok         | 404           | 404      | small
POST /unit/uploads/:id/cancel            | 401    | 404         | 404         | ok         | 404           | 404      | small
GET  /admin/people                       | 303    | 404         | 404         | 404        | ok            | 404      | small
POST /admin/people                       | 401    | 404         | 404         | 404        | ok            | 404      | small
POST /admin/people/:id/link              | 401    | 404         | 404         | 404        | ok            | 404      | small
POST /admin/people/:id/token             | 401    | 404         | 404         | 404        | ok            | 404      | small
GET  /admin/people/:id/revoke            | 303    | 404         | 404         | 404        | ok            | 404      | small
POST /admin/people/:id/revoke            | 401    | 404         | 404         | 404        | ok            | 404      | small
GET  /admin/jobs                         | 303    | 404         | 404         | 404        | ok            | 404      | small
POST /admin/jobs/:id/retry               | 401    | 404         | 404         | 404        | ok            | 404      | small
GET  /admin/study                        | 303    | 404         | 404         | 404        | ok            | 404      | small
GET  /admin/log                          | 303    | 404         | 404         | 404        | ok            | 404      | small
POST /api/v1/forms/:form/responses       | 401    | ok          | ok          | ok         | 403           | ok       | text
POST /api/v1/forms/:form/submissions     | 401    | ok          | ok          | ok         | 403           | ok       | text
GET  /api/v1/responses                   | 401    | ok          | ok          | ok         | 403           | ok       | small
GET  /api/v1/responses/:id               | 401    | ok          | ok          | ok         | 403           | 404      | small
PATCH /api/v1/responses/:id/answers      | 401    | ok          | ok          | ok         | 403           | 404      | text
POST /api/v1/responses/:id/signature     | 401    | 403         | ok          | ok         | 403           | 404      | small
GET  /api/v1/reports/:id                 | 401    | 404         | 404         | ok         | 404           | 404      | small
GET  /people                             | 303    | ok          | ok          | 404        | 404           | ok       | small
POST /people                             | 401    | 403         | ok          | 404        | 404           | ok       | small
POST /people/:id/link                    | 401    | 403         | ok          | 404        | 404           | 404      | small
GET  /people/:id/revoke                  | 303    | 403         | ok          | 404        | 404           | 404      | small
POST /people/:id/revoke                  | 401    | 403         | ok          | 404        | 404           | 404      | small
`

// accessRow is one line of the access table. Zero lets through.
type accessRow struct {
	nobody   int
	roles    map[study.Role]int
	stranger int // checked against the thing asked for, by the handler
	body     int64
}

// readAccess reads the table and refuses a malformed line.
func readAccess(table string) (map[string]accessRow, error) {
	bodies := map[string]int64{"small": smallBody, "text": textBody, "file": fileBody, "table": tableBody}
	roles := []study.Role{study.Contributor, study.FocalPoint, study.Researcher, study.Administrator}
	rows := map[string]accessRow{}
	for i, line := range strings.Split(strings.TrimSpace(table), "\n") {
		cells := strings.Split(line, "|")
		if i == 0 || strings.TrimSpace(line) == "" {
			continue
		}
		if len(cells) != 8 {
			return nil, fmt.Errorf("line %q: want 8 cells", line)
		}
		status := make([]int, 7)
		for n := 1; n <= 6; n++ {
			word := strings.TrimSpace(cells[n])
			if word == "ok" {
				continue
			}
			code, err := strconv.Atoi(word)
			if err != nil {
				return nil, fmt.Errorf("line %q: %q is neither ok nor a status", line, word)
			}
			status[n] = code
		}
		row := accessRow{nobody: status[1], roles: map[study.Role]int{}, stranger: status[6], body: bodies[strings.TrimSpace(cells[7])]}
		for n, role := range roles {
			row.roles[role] = status[n+2]
		}
		if row.body == 0 {
			return nil, fmt.Errorf("line %q: unknown body size", line)
		}
		name := strings.Join(strings.Fields(cells[0]), " ")
		if _, twice := rows[name]; twice {
			return nil, fmt.Errorf("route %s has two rows", name)
		}
		rows[name] = row
	}
	return rows, nil
}

// statusFor is what a person gets instead of the page, 0 when they may pass.
func (r accessRow) statusFor(p study.Person) int {
	if p.ID == "" {
		return r.nobody
	}
	status, known := r.roles[p.Role]
	if !known && r.roles != nil {
		return 403 // a role nobody thought of gets nothing
	}
	return status
}
