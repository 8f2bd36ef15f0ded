// Package library holds the study kits that the program ships, as an embedded file
// system: one folder for each. The README.md of regularization describes the format.
package library

import (
	"embed"
	"io/fs"
)

// Default is the kit that an empty data folder gets.
const Default = "regularization"

//go:embed regularization seedbanks
var kits embed.FS

// Kits is the shipped kits: one folder for each, named after it.
func Kits() fs.FS { return kits }
