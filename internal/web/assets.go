package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed static
var staticFiles embed.FS

// asset is one static file. Its public name holds a hash of its bytes, so that it can
// be kept by browsers for ever.
type asset struct {
	name, kind string
	body, gz   []byte
}

type assets struct {
	byName map[string]asset  // "app.1a2b3c4d5e.css"
	public map[string]string // "app.css" → "/static/app.1a2b3c4d5e.css"
}

func loadAssets() (assets, error) {
	a := assets{byName: map[string]asset{}, public: map[string]string{}}
	err := fs.WalkDir(staticFiles, "static", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := staticFiles.ReadFile(file)
		if err != nil {
			return fmt.Errorf("read %s: %w", file, err)
		}
		sum := sha256.Sum256(body)
		plain, ext := path.Base(file), path.Ext(file)
		one := asset{name: strings.TrimSuffix(plain, ext) + "." + hex.EncodeToString(sum[:5]) + ext, kind: mime.TypeByExtension(ext), body: body, gz: compressed(body)}
		a.byName[one.name], a.public[plain] = one, "/static/"+one.name
		return nil
	})
	return a, err
}

func compressed(body []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is valid
	if _, err := w.Write(body); err != nil {
		return nil // a bytes.Buffer does not fail
	}
	if err := w.Close(); err != nil {
		return nil
	}
	return b.Bytes()
}

// static serves one file under its hashed name, to be kept for ever.
func (s *server) static(v *visit) error {
	one, ok := s.assets.byName[v.Param("file")]
	if !ok {
		return errNoPage
	}
	v.Header("Cache-Control", "public, max-age=31536000, immutable")
	v.Header("Vary", "Accept-Encoding")
	body := one.body
	if acceptsGzip(v.Request) {
		v.Header("Content-Encoding", "gzip")
		body = one.gz
	}
	v.Data(http.StatusOK, one.kind, body)
	return nil
}

func acceptsGzip(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}
