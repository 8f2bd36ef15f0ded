package diff

import (
	"fmt"
	"strings"
)

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

// Open says what happens to returns that are open while a new version of their form is
// loaded, and what the effects speak of.
const Open = "Open returns keep the form they began with, also when they are opened again: nothing below changes them. " +
	"The new form is for returns begun after it was loaded, and reports are built on it. What is said of answers is what " +
	"the engine does when answers to the old form are put into the new one, as a preview does; programs that still send " +
	"answers that do not fit are refused."

// sentences are the effects in words. %s is the old path.
var sentences = map[Effect]string{
	KeptApart:     "kept under %s, but on no page; of signed ones reports show those on the sheet Data alone",
	Reshaped:      "kept under the old paths in %s, but on no page: the new form begins empty there",
	NotFollowed:   "kept under %s, and do not follow to the new place, which begins empty",
	Missing:       "missing where it applies until there is an answer or a reason; stands in the way of signing, also where the section was called completed",
	Unanswered:    "none yet, and none is needed to sign",
	Judged:        "those that do not fit are kept, reported as wrong, and stand in the way of signing",
	Fits:          "every answer fits",
	Computed:      "the value is computed; what was answered no longer counts, and what was signed stays as signed",
	NotAsked:      "kept, but nobody is asked any more, and it is not signed",
	Parked:        "parked where it does not apply: kept, counted for nothing, back when it applies again",
	Applies:       "parked ones count again",
	Freed:         "those that broke the rule are right",
	NotNeeded:     "a missing one no longer stands in the way of signing",
	ItemsParked:   "entries beyond the count are parked: kept, and counted for nothing",
	Locked:        "kept, and can no longer be changed on the page",
	Default:       "the default stands where nobody has answered",
	UnknownChoice: "those that are not offered any more are kept under their code, reported as unknown, and stand in the way of signing",
	NewWords:      "keep their code and are shown in the new words, in reports signed ones too",
	FallsBack:     "who reads that language gets the texts of the form's default language",
	OtherForm:     "this is another form: returns of the old one stay with it, and reports show only what was signed to the new one",
}

// sentence says the effect in words.
func (c Change) sentence() string {
	text := sentences[c.Effect]
	if strings.Contains(text, "%s") {
		text = fmt.Sprintf(text, c.OldPath)
	}
	return text
}
