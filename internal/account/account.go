// Package account makes and recognizes the secrets that people and programs hold:
// sign-in links, sessions and machine tokens. A secret is shown once; only its hash
// is ever stored.
package account

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"
)

// How long each kind of secret lives.
const (
	LinkLife        = 7 * 24 * time.Hour // a sign-in link, used once
	SessionIdle     = 8 * time.Hour      // a session nobody uses
	SessionAbsolute = 24 * time.Hour     // any session
)

// secretBytes gives 256 bits: guessing is hopeless and a plain hash is enough at rest.
const secretBytes = 32

// Secret is a new random token in letters that need no escaping in a URL or a header.
func Secret() string {
	b := make([]byte, secretBytes)
	rand.Read(b) // never fails (crypto/rand, Go 1.24)
	return base64.RawURLEncoding.EncodeToString(b)
}

// Hash is what is stored of a secret: hex SHA-256.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Key is a short random name for something that is not secret, such as an item of a
// repeat: n lower-case letters and digits without 0, 1, 8, 9.
func Key(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return strings.ToLower(base32.StdEncoding.EncodeToString(b))[:n]
}
