package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

type apiSigned struct {
	ID        string `json:"id"`
	Version   int    `json:"version"`
	State     string `json:"state"`
	Hash      string `json:"hash"`
	Reference string `json:"reference"`
	Receipt   string `json:"receipt"`
}

// postSignature signs a return for its focal point, or closes an interview for the
// research unit. Sent twice, it is one signature: the second answer is the first (F95).
func (s *server) postSignature(v *visit) error {
	var body struct {
		Name        string `json:"name"`
		Post        string `json:"post"`
		Declaration bool   `json:"declaration"`
		Token       string `json:"token"` // optional: makes a repetition recognizable whatever the name and post
	}
	p, err := s.openPaper(v)
	if err != nil {
		return err
	}
	if err := v.readJSON(&body); err != nil {
		return err
	}
	if err := p.maySign(); err != nil {
		return err
	}
	name, post := strings.TrimSpace(body.Name), strings.TrimSpace(body.Post)
	if p.response.Kind == study.Questionnaire {
		switch {
		case name == "":
			return &study.Problem{Kind: study.Invalid, Key: "sign.name_missing", Path: "name"}
		case post == "":
			return &study.Problem{Kind: study.Invalid, Key: "sign.post_missing", Path: "post"}
		case !body.Declaration:
			return &study.Problem{Kind: study.Invalid, Key: "sign.declaration_missing", Path: "declaration"}
		}
	}
	token := p.signingToken(body.Token, name, post)
	if version, ok, err := s.signedBefore(v, p, token); err != nil || ok {
		if err != nil {
			return err
		}
		return s.showSigned(v, p, version)
	}
	if p.readOnly {
		return errLocked
	}
	if p.apiBlocks() != nil {
		return s.blocked(v, p)
	}
	sub, err := s.signReturn(v, p, name, post, token)
	if err != nil {
		return fmt.Errorf("sign %s: %w", p.response.ID, err)
	}
	v.JSON(http.StatusOK, s.apiSigned(p, sub))
	return nil
}

// maySign holds the signature to the focal point, and the closing of an interview to
// the research unit.
func (p *paper) maySign() error {
	wanted := study.FocalPoint
	if p.response.Kind == study.InterviewKind {
		wanted = study.Researcher
	}
	if p.v.person.Role != wanted {
		return &study.Problem{Kind: study.Forbidden, Key: "problem.role"}
	}
	return nil
}

// signingToken recognizes a repetition: the token that was sent, or one made of who
// signs what as which version.
func (p *paper) signingToken(sent, name, post string) string {
	version := p.response.Version
	if db.Editable(p.response.State) {
		version++
	}
	what := sent
	if what == "" {
		what = name + "\x00" + post + "\x00" + p.seen()
	}
	sum := sha256.Sum256([]byte(string(p.v.person.ID) + "\x00" + strconv.Itoa(version) + "\x00" + what))
	return hex.EncodeToString(sum[:])
}

func (s *server) showSigned(v *visit, p *paper, version int) error {
	for _, sub := range p.versions {
		if sub.Version == version {
			v.JSON(http.StatusOK, s.apiSigned(p, sub))
			return nil
		}
	}
	return errNoPage
}

func (s *server) apiSigned(p *paper, sub study.Submission) apiSigned {
	receipt := p.receiptHref(sub.Version)
	if p.response.Kind == study.InterviewKind {
		receipt = p.versionHref(sub.Version)
	}
	return apiSigned{ID: string(sub.ID), Version: sub.Version, State: string(sub.State), Hash: sub.Hash, Reference: reference(sub),
		Receipt: s.base.String() + receipt}
}

// apiBlocks lists what stands in the way of signing, in document order.
func (p *paper) apiBlocks() []apiProblem {
	var found []apiProblem
	for _, st := range p.all() {
		key := p.troubleAt(st)
		if len(p.proposals[st.Path]) > 0 {
			key = "answer_error.conflict"
		}
		if key != "" {
			found = append(found, apiProblem{Key: problemKey(key), Text: p.troubleText(st, key), Path: st.Path})
		}
	}
	return found
}

// blocked answers a signature that cannot be given yet with everything that is missing.
func (s *server) blocked(v *visit, p *paper) error {
	var body struct {
		machineError
		Problems []apiProblem `json:"problems"`
	}
	body.Problems = p.apiBlocks()
	body.Error.Key, body.Error.Text = "api.not_ready", v.words.N("api.not_ready", len(body.Problems))
	if len(body.Problems) > 0 {
		body.Error.Path = body.Problems[0].Path
	}
	v.JSON(http.StatusConflict, body)
	return nil
}

// problemKey is the short name of what is wrong with an answer: "required", "integer".
func problemKey(key string) string { return strings.TrimPrefix(key, "answer_error.") }
