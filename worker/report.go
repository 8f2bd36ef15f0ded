package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/report"
	"github.com/comparanda/comparanda/internal/study"
)

// maxReport bounds a workbook's file.
const maxReport = 1 << 30

// errCancelled says that somebody cancelled the report while it was being built.
var errCancelled = errors.New("the report was cancelled")

// buildReport writes one workbook from one snapshot of the data, publishes it when it is
// whole, and notes its progress on the way.
func buildReport(ctx context.Context, w *Worker, p study.Promise) error {
	id := study.ReportID(p.Subject)
	var wish study.Report
	var in report.Input
	err := w.config.Store.View(ctx, func(r *db.Reader) (err error) {
		if wish, err = r.Report(ctx, id); err != nil {
			return err
		}
		if wish.Name != "comparison" {
			return &study.Problem{Kind: study.Invalid, Key: "report.unknown", Args: map[string]any{"name": wish.Name}}
		}
		in, err = ComparisonInput(ctx, r, wish.Round)
		return err
	})
	if err != nil {
		return fmt.Errorf("read for report %s: %w", id, err)
	}
	in.BaseURL = w.config.BaseURL
	sum, size, err := w.writeReport(ctx, id, in, report.Options{Lang: wish.Lang})
	if errors.Is(err, errCancelled) {
		return w.keep(ctx, p, func(*db.Tx) error { return nil })
	}
	if err != nil {
		return fmt.Errorf("build report %s: %w", id, err)
	}
	name := reportName(in, wish.Lang, sum)
	return w.keep(ctx, p, func(tx *db.Tx) error { return tx.FinishReport(ctx, id, name, sum, size) })
}

// writeReport builds the workbook into a temporary file and stores it.
func (w *Worker) writeReport(ctx context.Context, id study.ReportID, in report.Input, o report.Options) (sum string, size int64, err error) {
	temp, err := os.CreateTemp("", "report-*.xlsx")
	if err != nil {
		return "", 0, fmt.Errorf("make a temporary file: %w", err)
	}
	defer func() { err = errors.Join(err, temp.Close(), os.Remove(temp.Name())) }()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var noted time.Time
	progress := func(done, total int) {
		if ctx.Err() != nil || total == 0 || time.Since(noted) < w.noteEvery {
			return
		}
		noted = time.Now()
		err := w.config.Store.Update(ctx, func(tx *db.Tx) error {
			going, err := tx.ReportProgress(ctx, id, min(99, done*100/total))
			if err == nil && !going {
				err = errCancelled
			}
			return err
		})
		if err != nil {
			cancel(err)
		}
	}
	progress(0, 1)
	if err := report.Comparison(ctx, temp, in, o, progress); err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return "", 0, err
	}
	if cause := context.Cause(ctx); cause != nil {
		return "", 0, cause
	}
	if _, err := temp.Seek(0, io.SeekStart); err != nil {
		return "", 0, fmt.Errorf("read the workbook back: %w", err)
	}
	return w.config.Store.PutFile(temp, maxReport)
}

// reportName is ASCII, so that it survives every download (C35): study, round, report,
// language, the day of the newest fact and the beginning of the file's hash.
func reportName(in report.Input, lang study.Lang, sum string) string {
	day := "empty"
	for _, r := range slices.Concat(in.Returns, in.Interviews) {
		if d := r.Submission.At.Format("2006-01-02"); day == "empty" || d > day {
			day = d
		}
	}
	return fmt.Sprintf("%s-%s_comparison_%s_%s_%.4s.xlsx", in.Study.ID, in.Round, lang, day, sum)
}

// ComparisonInput reads what the comparison of one round shows, "" for the last: of each
// country the version that counts, and every interview. A round that the study does not
// have is an Invalid problem.
func ComparisonInput(ctx context.Context, r *db.Reader, round string) (in report.Input, err error) {
	if in.Study, err = r.Study(ctx); err != nil {
		return in, err
	}
	if round == "" && len(in.Study.Rounds) > 0 {
		round = in.Study.Rounds[len(in.Study.Rounds)-1].ID
	}
	if !slices.ContainsFunc(in.Study.Rounds, func(one study.Round) bool { return one.ID == round }) {
		return in, &study.Problem{Kind: study.Invalid, Key: "round.unknown", Args: map[string]any{"id": round}}
	}
	in.Round = round
	for _, i := range in.Study.Instruments {
		form, returns, err := instrumentInput(ctx, r, i, round)
		switch {
		case err != nil:
			return in, err
		case i.Kind == study.Questionnaire && in.Form == nil:
			in.Form, in.Returns = form, returns
		case i.Kind == study.InterviewKind && in.Guide == nil:
			in.Guide, in.Interviews = form, returns
		}
	}
	if in.Form == nil {
		return in, &study.Problem{Kind: study.Invalid, Key: "study.no_questionnaire"}
	}
	return in, nil
}

// instrumentInput reads the newest form of an instrument, and what was answered to it.
func instrumentInput(ctx context.Context, r *db.Reader, i study.Instrument, round string) (*forms.Form, []report.Return, error) {
	stored, err := r.Form(ctx, i.FormID, 0)
	if err != nil {
		return nil, nil, err
	}
	form, err := forms.Decode(stored.Content)
	if err != nil {
		return nil, nil, fmt.Errorf("decode form %s: %w", i.FormID, err)
	}
	latest, err := r.Latest(ctx, i.FormID, round)
	if err != nil {
		return nil, nil, err
	}
	var returns []report.Return
	for _, s := range latest {
		response, err := r.Response(ctx, s.ResponseID)
		if err != nil {
			return nil, nil, err
		}
		answers, err := r.Answers(ctx, s.ID)
		if err != nil {
			return nil, nil, err
		}
		returns = append(returns, report.Return{Submission: s, State: response.State, Title: response.Title, Answers: answers})
	}
	return form, returns, nil
}
