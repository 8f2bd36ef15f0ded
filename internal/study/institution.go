package study

// Institution is one row of a study's register: acronyms are shared between countries,
// so a name means an institution only together with its country.
type Institution struct {
	ID        string // "CRI.DGME"
	Country   ISO3   // "" for international ones
	Acronym   string
	Names     []string // official names, in any language
	Former    []string // names of institutions that it followed
	Nicknames []string // what people call it
	Generic   []string // words that mean it within its country: "Migración"
	Actor     string   // its code in the list of actors
}
