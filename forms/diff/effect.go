package diff

// Effect says what a change means to answers given to the old form when they meet the
// new one.
type Effect string

// The effects.
const (
	KeptApart     Effect = "kept_apart"     // the new form has no place for the answer
	Reshaped      Effect = "reshaped"       // a repeat became a group or the like; the same
	NotFollowed   Effect = "not_followed"   // the question has another path, and its answers do not follow
	Missing       Effect = "missing"        // required, and nobody has answered
	Unanswered    Effect = "unanswered"     // asked, and nobody has answered
	Judged        Effect = "judged"         // answers that do not fit are wrong
	Fits          Effect = "fits"           // every answer fits
	Computed      Effect = "computed"       // the form computes the value
	NotAsked      Effect = "not_asked"      // no person answers it any more
	Parked        Effect = "parked"         // answers may not apply any more
	Applies       Effect = "applies"        // parked answers apply again
	Freed         Effect = "freed"          // what was wrong is right
	NotNeeded     Effect = "not_needed"     // no longer required
	ItemsParked   Effect = "items_parked"   // items may not be counted any more
	Locked        Effect = "locked"         // read only
	Default       Effect = "default"        // stands where nobody has answered
	UnknownChoice Effect = "unknown_choice" // the code is not offered any more
	NewWords      Effect = "new_words"      // answers keep their code and read otherwise
	FallsBack     Effect = "falls_back"     // texts are shown in another language
	OtherForm     Effect = "other_form"     // not a version of the old form
)
