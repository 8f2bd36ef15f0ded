package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// fileView is one attachment as a page shows it.
type fileView struct {
	Href, Name, Short, By string
	SizeBytes             int64
	RemoveAction          string
}

type filesPage struct {
	layout
	Number, Heading, HeadingLang string
	ReadOnly                     bool
	Errors                       []link
	Files                        []fileView
	Action, BackHref, BackText   string
}

func (p *paper) fileView(a study.Attachment) fileView {
	short := a.SHA256
	if len(short) > 8 {
		short = short[:8]
	}
	one := fileView{Href: p.href("/file/" + string(a.ID)), Name: a.Name, Short: short, By: a.ByName, SizeBytes: a.SizeBytes}
	if !p.readOnly {
		one.RemoveAction = p.href("/file/" + string(a.ID) + "/remove")
	}
	return one
}

func (p *paper) fileViews(path string) []fileView {
	var views []fileView
	for _, a := range p.files[path] {
		views = append(views, p.fileView(a))
	}
	return views
}

// filesAt shows the files of one question and takes another; apart from the answers,
// so that an upload never delays or loses text.
func (s *server) filesAt(v *visit) error {
	p, node, err := s.openFileQuestion(v)
	if err != nil {
		return err
	}
	return s.render(v, http.StatusOK, "official/files", s.filesPage(v, p, node, ""))
}

func (s *server) openFileQuestion(v *visit) (*paper, *forms.Node, error) {
	p, err := s.openPaper(v)
	if err != nil {
		return nil, nil, err
	}
	node := p.form.Find(v.Param("path"))
	if node == nil || widgetOf(node, 0) != asFile {
		return nil, nil, errNoPage
	}
	if v.Request.Method == post && p.readOnly {
		return nil, nil, errLocked
	}
	return p, node, nil
}

func (s *server) filesPage(v *visit, p *paper, node *forms.Node, problem string) filesPage {
	path := v.Param("path")
	page := filesPage{layout: s.layout(v, p.label(path)), Number: p.numbers[node.Path], ReadOnly: p.readOnly, Files: p.fileViews(path),
		Action: p.href("/files" + path), BackHref: p.pageHref(path), BackText: v.words.T("button.back")}
	page.Heading = page.Title
	if problem != "" {
		page.Errors, page.Wrong = []link{{Href: "#file", Text: v.words.T(problem)}}, true
	}
	return page
}

// upload takes one file: recognized by its content, stored under its hash.
func (s *server) upload(v *visit) error {
	p, node, err := s.openFileQuestion(v)
	if err != nil {
		return err
	}
	name, body, problem := readUpload(v.Request)
	kind := ""
	if problem == "" {
		kind, problem = fileType(name, body)
	}
	if problem != "" {
		status := http.StatusBadRequest
		if problem == "file_error.too_large" {
			status = http.StatusRequestEntityTooLarge
		}
		return s.render(v, status, "official/files", s.filesPage(v, p, node, problem))
	}
	if err := s.attach(v, p, study.Attachment{Path: v.Param("path"), Name: name, Type: kind, SizeBytes: int64(len(body))}, body); err != nil {
		return fmt.Errorf("attach %s: %w", v.Param("path"), err)
	}
	return v.see(p.href("/files"+v.Param("path")) + "?did=uploaded")
}

// readUpload reads the one file of a form. problem is a message key.
func readUpload(r *http.Request) (name string, body []byte, problem string) {
	parts, err := r.MultipartReader()
	if err != nil {
		return "", nil, "file_error.missing"
	}
	for range 20 { // our own form has one part; a hundred thousand are an attack (S19)
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", nil, uploadProblem(err)
		}
		if part.FormName() != "file" || part.FileName() == "" {
			continue
		}
		body, err := io.ReadAll(io.LimitReader(part, maxFileBytes+1))
		if err != nil {
			return "", nil, uploadProblem(err)
		}
		return fileName(part.FileName()), body, ""
	}
	return "", nil, "file_error.missing"
}

func uploadProblem(err error) string {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return "file_error.too_large"
	}
	return "file_error.interrupted"
}

// file sends an attachment to be saved, never to be shown in our origin (S6).
func (s *server) file(v *visit) error {
	p, err := s.openPaper(v)
	if err != nil {
		return err
	}
	a, ok := p.attachment(study.AttachmentID(v.Param("file")))
	if !ok {
		return errNoPage
	}
	content, err := s.store.OpenFile(a.SHA256)
	if err != nil {
		return fmt.Errorf("open file %s: %w", a.SHA256, err)
	}
	defer content.Close()
	v.Header("Content-Disposition", disposition(a.Name))
	v.Header("Content-Security-Policy", "sandbox; default-src 'none'")
	kind := a.Type
	if strings.HasPrefix(kind, "text/") {
		kind += "; charset=utf-8"
	}
	v.DataFromReader(http.StatusOK, a.SizeBytes, kind, content, nil)
	return nil
}

// attachment finds a file of this return, in the draft or in what was signed.
func (p *paper) attachment(id study.AttachmentID) (study.Attachment, bool) {
	for _, list := range p.files {
		for _, a := range list {
			if a.ID == id {
				return a, true
			}
		}
	}
	for _, sub := range p.versions {
		snap, err := snapshotOf(sub)
		if err != nil {
			continue // the page of that version reports it
		}
		for _, a := range snap.Attachments {
			if a.ID == id {
				return a, true
			}
		}
	}
	return study.Attachment{}, false
}

// removeFile takes a file off its question. What was signed with it keeps it.
func (s *server) removeFile(v *visit) error {
	p, err := s.openPaper(v)
	if err != nil {
		return err
	}
	if p.readOnly {
		return errLocked
	}
	a, ok := p.attachment(study.AttachmentID(v.Param("file")))
	if !ok {
		return errNoPage
	}
	if err := s.detach(v, p, a); err != nil {
		return fmt.Errorf("remove file %s: %w", a.ID, err)
	}
	return v.see(p.href("/files"+a.Path) + "?did=removed")
}

// attach stores the file and, as the answer's value, the names of the question's files.
func (s *server) attach(v *visit, p *paper, a study.Attachment, body []byte) error {
	ctx := context.WithoutCancel(v.ctx())
	hash, _, err := s.store.PutFile(bytes.NewReader(body), maxFileBytes)
	if err != nil {
		return err
	}
	a.SHA256, a.By, a.ByName = hash, v.person.ID, v.person.Name
	return s.store.Update(ctx, func(tx *db.Tx) error {
		if _, err := tx.PutAttachment(ctx, p.response.ID, a); err != nil {
			return err
		}
		return saveFileNames(ctx, tx, v, p, a.Path, append(p.files[a.Path], a))
	})
}

func (s *server) detach(v *visit, p *paper, a study.Attachment) error {
	ctx := context.WithoutCancel(v.ctx())
	var left []study.Attachment
	for _, one := range p.files[a.Path] {
		if one.ID != a.ID {
			left = append(left, one)
		}
	}
	return s.store.Update(ctx, func(tx *db.Tx) error {
		if err := tx.RemoveAttachment(ctx, p.response.ID, a.ID); err != nil {
			return err
		}
		return saveFileNames(ctx, tx, v, p, a.Path, left)
	})
}

// saveFileNames makes the names of a question's files its answer, so that the
// evaluator and the history know it as answered.
func saveFileNames(ctx context.Context, tx *db.Tx, v *visit, p *paper, path string, files []study.Attachment) error {
	var names []string
	for _, a := range files {
		names = append(names, a.Name)
	}
	value := strings.Join(names, "\n")
	_, _, err := tx.SaveAnswers(ctx, p.response.ID, v.person, study.Web,
		[]study.Change{{Path: path, Base: p.drafts[path].Version, Value: &value}})
	return err
}
