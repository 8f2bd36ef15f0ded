package drive

import (
	"errors"
	"io"
	"strings"
	"time"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/xform"
	"github.com/comparanda/comparanda/forms/xpath"
	"github.com/google/uuid"
)

// session is a form that is open.
type session struct {
	form       *forms.Form // expanded
	root       string      // name of the root element
	in         *fill.Instance
	lang       string
	media      media
	properties map[string]string
	start      time.Time
	instanceID string
}

func open(job Job, read Read) (*session, error) {
	if strings.HasPrefix(strings.TrimSpace(job.Form), "<") {
		return nil, errors.New("the form is XForm XML, which is not read here: name the file of its XLSForm")
	}
	f, problems, err := read(job.Form)
	if err != nil {
		return nil, err
	}
	if err := refusal(problems); err != nil {
		return nil, err
	}
	options := xform.Options{Root: job.Root}
	problems, err = xform.Write(io.Discard, f, options) // a form that cannot be given to clients is not opened
	if err != nil {
		return nil, err
	}
	if err := refusal(problems); err != nil {
		return nil, err
	}
	s := &session{form: xform.Expand(f, options), start: time.Now()}
	s.root = s.form.Settings["name"]
	s.instanceID = "uuid:" + uuid.NewString()
	if s.media, err = newMedia(job.Media); err != nil {
		return nil, err
	}
	s.properties = properties(job.Preload)
	plan, problems := fill.Compile(s.form)
	if err := refusal(problems); err != nil {
		return nil, err
	}
	s.in = plan.New(fill.Env{
		Zone: time.Local, InstanceID: s.instanceID, Client: true, File: s.file, Metadata: s.metadata,
		Property: func(name string) string { return s.properties[name] },
	})
	return s, nil
}

func refusal(problems []forms.Problem) error {
	var texts []string
	for _, p := range problems {
		if p.Severity == forms.Error {
			texts = append(texts, p.String())
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return errors.New(strings.Join(texts, "\n"))
}

// metadata is what a client fills in when a form is opened.
func (s *session) metadata(n *forms.Node) string {
	switch n.Type {
	case "start", "end":
		return xpath.FormatTime(s.start)
	case "today":
		return s.start.Format(time.DateOnly)
	case "deviceid", "username", "email", "phonenumber", "subscriberid", "simserial":
		return s.properties[n.Type]
	}
	if strings.HasSuffix(n.Path, "/meta/instanceID") {
		return s.instanceID
	}
	return ""
}
