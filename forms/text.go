package forms

import "strings"

// Lang returns the name of the form's language for a code ("es", "es-MX") or a name
// ("Español (es)"), without regard to case. A regional code finds its base language
// when the region is not there. Unknown ones give the default language.
func (f *Form) Lang(code string) string {
	for _, l := range f.Languages {
		if strings.EqualFold(l.Name, code) || (l.Code != "" && strings.EqualFold(l.Code, code)) {
			return l.Name
		}
	}
	if base, _, regional := strings.Cut(code, "-"); regional {
		for _, l := range f.Languages {
			if strings.EqualFold(l.Code, base) {
				return l.Name
			}
		}
	}
	if f.DefaultLanguage != "" || len(f.Languages) == 0 {
		return f.DefaultLanguage
	}
	return f.Languages[0].Name
}

// LangCode returns the BCP 47 tag of a language given by name, the name itself when the
// author gave no tag, and "" for texts of an unmarked column.
func (f *Form) LangCode(name string) string {
	for _, l := range f.Languages {
		if l.Name == name && l.Code != "" {
			return l.Code
		}
	}
	return name
}

// In returns the text in a language (code or name) and the code of the language it is
// really in. Where it is not translated it falls back to the form's default language,
// then to the unmarked column, then to the first language that has it.
func (t Text) In(f *Form, lang string) (text, usedLang string) {
	for _, name := range []string{f.Lang(lang), f.DefaultLanguage, ""} {
		if s := t[name]; s != "" {
			return s, f.LangCode(name)
		}
	}
	for _, l := range f.Languages {
		if s := t[l.Name]; s != "" {
			return s, f.LangCode(l.Name)
		}
	}
	return "", ""
}

// Empty reports that no language has a text.
func (t Text) Empty() bool {
	for _, s := range t {
		if s != "" {
			return false
		}
	}
	return true
}
