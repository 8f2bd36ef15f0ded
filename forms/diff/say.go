package diff

import "github.com/comparanda/comparanda/forms/message"

// Open says what happens to returns that are open while a new version of their form is
// loaded, and what the effects speak of: one sentence after the other, without their
// full stops.
func Open() []message.Text {
	return []message.Text{
		message.New("Open returns keep the form they began with, also when they are opened again: nothing below changes them"),
		message.New("The new form is for returns begun after it was loaded, and reports are built on it"),
		message.New("What is said of answers is what the engine does when answers to the old form are put into the new one, as a preview does"),
		message.New("Programs that still send answers that do not fit are refused"),
	}
}

// word says what kind of change it is.
func (k Kind) word() message.Text {
	switch k {
	case Added, ChoiceAdded, LanguageAdded:
		return message.New("added")
	case Removed, ChoiceRemoved, LanguageRemoved:
		return message.New("removed")
	case Renamed, ChoiceRenamed, LanguageRenamed:
		return message.New("renamed")
	case Moved, ChoiceMoved:
		return message.New("moved")
	case Retyped:
		return message.New("type")
	case Reworded, ChoiceReworded:
		return message.New("reworded")
	case Ruled:
		return message.New("rule")
	case ListAdded:
		return message.New("new list")
	case ListRemoved:
		return message.New("list gone")
	}
	return message.New("changed")
}

// say says what happens to answers; path is where they stood.
func (e Effect) say(path string) message.Text {
	switch e {
	case KeptApart:
		return message.New("kept under %s, but on no page; of signed ones reports show those on the sheet Data alone", path)
	case Reshaped:
		return message.New("kept under the old paths in %s, but on no page: the new form begins empty there", path)
	case NotFollowed:
		return message.New("kept under %s, and do not follow to the new place, which begins empty", path)
	case Missing:
		return message.New("missing where it applies until there is an answer or a reason; stands in the way of signing, also where the section was called completed")
	case Unanswered:
		return message.New("none yet, and none is needed to sign")
	case Judged:
		return message.New("those that do not fit are kept, reported as wrong, and stand in the way of signing")
	case Fits:
		return message.New("every answer fits")
	case Computed:
		return message.New("the value is computed; what was answered no longer counts, and what was signed stays as signed")
	case NotAsked:
		return message.New("kept, but nobody is asked any more, and it is not signed")
	case Parked:
		return message.New("parked where it does not apply: kept, counted for nothing, back when it applies again")
	case Applies:
		return message.New("parked ones count again")
	case Freed:
		return message.New("those that broke the rule are right")
	case NotNeeded:
		return message.New("a missing one no longer stands in the way of signing")
	case ItemsParked:
		return message.New("entries beyond the count are parked: kept, and counted for nothing")
	case Locked:
		return message.New("kept, and can no longer be changed on the page")
	case Default:
		return message.New("the default stands where nobody has answered")
	case UnknownChoice:
		return message.New("those that are not offered any more are kept under their code, reported as unknown, and stand in the way of signing")
	case NewWords:
		return message.New("keep their code and are shown in the new words, in reports signed ones too")
	case FallsBack:
		return message.New("who reads that language gets the texts of the form's default language")
	case OtherForm:
		return message.New("this is another form: returns of the old one stay with it, and reports show only what was signed to the new one")
	}
	return message.Text{}
}
