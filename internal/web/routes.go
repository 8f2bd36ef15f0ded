package web

import "net/http"

// route is one line of the table below.
type route struct {
	method, pattern string
	handle          func(*visit) error
}

func (r route) name() string { return r.method + " " + r.pattern }

// routes lists every address of the service. Each needs a row in access.go.
func (s *server) routes() []route {
	return []route{
		{get, "/healthz", s.health},
		{get, "/static/:file", s.static},
		{get, "/", s.home},

		{get, "/sign-in", s.signInPage},
		{get, "/sign-in/:token", s.linkPage},
		{post, "/sign-in/:token", s.useLink},
		{post, "/sign-out", s.signOut},
		{post, "/language", s.setLanguage},
		{get, "/kept/:key", s.keptPage},
		{post, "/kept/:key", s.discardKept},

		{post, "/returns", s.begin},
		{get, "/returns/:id", s.hub},
		{get, "/returns/:id/sections/*path", s.section},
		{post, "/returns/:id/sections/*path", s.saveSection},
		{get, "/returns/:id/repeats/*path", s.repeatList},
		{post, "/returns/:id/repeats/*path", s.addItem},
		{post, "/returns/:id/listed/*path", s.listed},
		{get, "/returns/:id/remove/*path", s.confirmRemove},
		{post, "/returns/:id/remove/*path", s.removeItem},
		{post, "/returns/:id/restore/*path", s.restoreItem},
		{post, "/returns/:id/move/*path", s.moveItem},
		{post, "/returns/:id/loaded/*path", s.loadedInList},
		{get, "/returns/:id/files/*path", s.filesAt},
		{post, "/returns/:id/files/*path", s.upload},
		{get, "/returns/:id/file/:file", s.file},
		{post, "/returns/:id/file/:file/remove", s.removeFile},
		{get, "/returns/:id/check", s.check},
		{get, "/returns/:id/sign", s.signForm},
		{post, "/returns/:id/sign", s.sign},
		{get, "/returns/:id/receipt/:version", s.receipt},
		{get, "/returns/:id/v/:version", s.version},
		{get, "/returns/:id/history", s.history},
		{get, "/returns/:id/history/*path", s.history},

		{get, "/unit", s.unit},
		{get, "/unit/returns", s.returns},
		{get, "/unit/returns/:id", s.unitReturn},
		{post, "/unit/returns/:id/reopen", s.reopenReturn},
		{post, "/unit/returns/:id/accept", s.acceptReturn},
		{get, "/unit/interviews", s.interviews},
		{post, "/unit/interviews", s.recordInterview},
		{get, "/unit/interviews/:id", s.interview},
		{post, "/unit/interviews/:id/close", s.closeInterview},
		{post, "/unit/interviews/:id/reopen", s.reopenReturn},
		{get, "/unit/reports", s.reports},
		{post, "/unit/reports", s.buildReport},
		{get, "/unit/reports/:id", s.report},
		{get, "/unit/reports/:id/file", s.reportFile},
		{post, "/unit/reports/:id/cancel", s.cancelReport},
		{get, "/unit/doubts", s.doubts},
		{get, "/unit/doubts/:id/*path", s.doubt},
		{post, "/unit/doubts/:id/*path", s.decide},
		{get, "/unit/decisions", s.decisions},
		{post, "/unit/decisions/:id/undo", s.undoDecision},
		{get, "/unit/imports", s.imports},
		{post, "/unit/imports", s.newImport},
		{get, "/unit/imports/:id", s.importBatch},
		{get, "/unit/imports/:id/undo", s.confirmUndo},
		{post, "/unit/imports/:id/undo", s.undoImport},
		{post, "/unit/imports/:id/personal", s.personalOf},
		{get, "/unit/uploads/:id", s.uploaded},
		{get, "/unit/uploads/:id/found", s.foundPage},
		{post, "/unit/uploads/:id/found", s.correctLayout},
		{get, "/unit/uploads/:id/columns", s.columnsPage},
		{post, "/unit/uploads/:id/columns", s.changeColumns},
		{get, "/unit/uploads/:id/values", s.valuesPage},
		{post, "/unit/uploads/:id/values", s.changeValues},
		{get, "/unit/uploads/:id/mapping", s.mappingFile},
		{post, "/unit/uploads/:id/mapping", s.takeMapping},
		{post, "/unit/uploads/:id/earlier", s.useEarlier},
		{post, "/unit/uploads/:id/again", s.lookAgain},
		{get, "/unit/uploads/:id/failed", s.failedRows},
		{post, "/unit/uploads/:id/store", s.storeUpload},
		{post, "/unit/uploads/:id/pause", s.pauseUpload},
		{post, "/unit/uploads/:id/continue", s.continueUpload},
		{post, "/unit/uploads/:id/cancel", s.cancelUpload},

		{get, "/admin/people", s.adminPeople},
		{post, "/admin/people", s.adminInvite},
		{post, "/admin/people/:id/link", s.adminLink},
		{post, "/admin/people/:id/token", s.adminToken},
		{get, "/admin/people/:id/revoke", s.adminConfirmRevoke},
		{post, "/admin/people/:id/revoke", s.adminRevoke},
		{get, "/admin/jobs", s.jobs},
		{post, "/admin/jobs/:id/retry", s.retryJob},
		{get, "/admin/study", s.studyPage},
		{get, "/admin/log", s.logPage},

		{post, "/api/v1/forms/:form/responses", s.openResponse},
		{post, "/api/v1/forms/:form/submissions", s.postSubmission},
		{get, "/api/v1/responses", s.listResponses},
		{get, "/api/v1/responses/:id", s.showResponse},
		{patch, "/api/v1/responses/:id/answers", s.patchAnswers},
		{post, "/api/v1/responses/:id/signature", s.postSignature},
		{get, "/api/v1/reports/:id", s.showReport},

		{get, "/people", s.people},
		{post, "/people", s.invite},
		{post, "/people/:id/link", s.freshLink},
		{get, "/people/:id/revoke", s.confirmRevoke},
		{post, "/people/:id/revoke", s.revoke},
	}
}

const (
	get   = http.MethodGet
	post  = http.MethodPost
	patch = http.MethodPatch
)
