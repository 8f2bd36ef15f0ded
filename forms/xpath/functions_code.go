package xpath

import (
	"crypto/ed25519"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
)

var codeFunctions = map[string]*function{
	"uuid": fn(0, 1, StringType, func(a args) Value {
		if a.len() == 0 {
			return String(uuid.NewString())
		}
		n := a.num(0)
		if math.IsNaN(n) || n < 1 || n > 4096 {
			a.fail("the length must be between 1 and 4096")
		}
		return String(randomText(int(n)))
	}),
	"digest": fn(2, 3, StringType, func(a args) Value {
		sums := map[string]func() hash.Hash{"MD5": md5.New, "SHA-1": sha1.New, "SHA-256": sha256.New, "SHA-384": sha512.New384, "SHA-512": sha512.New}
		algorithm := strings.ToUpper(a.str(1))
		sum, ok := sums[algorithm]
		if !ok {
			a.fail("there is no algorithm %q", a.str(1))
		}
		h := sum()
		h.Write([]byte(a.str(0)))
		encoding := "base64"
		if a.len() == 3 {
			encoding = strings.ToLower(a.str(2))
		}
		switch encoding {
		case "hex":
			return String(hex.EncodeToString(h.Sum(nil)))
		case "base64":
			return String(base64.StdEncoding.EncodeToString(h.Sum(nil)))
		}
		a.fail("there is no encoding %q", encoding)
		return Value{}
	}),
	"extract-signed": fn(2, 2, StringType, func(a args) Value { return a.c.text(extractSigned(a.str(0), a.str(1))) }),
	"base64-decode": fn(1, 1, StringType, func(a args) Value {
		text, err := base64.StdEncoding.DecodeString(strings.TrimSpace(a.str(0)))
		if err != nil || !utf8.Valid(text) {
			return String("")
		}
		return a.c.text(string(text))
	}),
	"base64-encode": fn(1, 1, StringType, func(a args) Value {
		return a.c.text(base64.StdEncoding.EncodeToString([]byte(a.str(0))))
	}),
}

// extractSigned returns the message that follows the 64 bytes of its Ed25519 signature
// in contents, or "" when the signature is not that of the key. Both are in base64.
//
// Source: ODK documentation, extract-signed().
func extractSigned(contents, key string) string {
	signed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(contents))
	if err != nil || len(signed) < ed25519.SignatureSize {
		return ""
	}
	public, err := base64.StdEncoding.DecodeString(strings.TrimSpace(key))
	if err != nil || len(public) != ed25519.PublicKeySize {
		return ""
	}
	signature, message := signed[:ed25519.SignatureSize], signed[ed25519.SignatureSize:]
	if !ed25519.Verify(public, message, signature) || !utf8.Valid(message) {
		return ""
	}
	return string(message)
}

func randomText(n int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	b := make([]byte, n)
	rand.Read(b) //nolint:errcheck // never fails (crypto/rand)
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return string(b)
}

// textSeed turns a text into a seed for randomize(): the first bytes of its SHA-256.
func textSeed(s string) float64 {
	sum := sha256.Sum256([]byte(s))
	return float64(int64(binary.BigEndian.Uint64(sum[:8])) >> 11)
}
