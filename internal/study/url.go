package study

import (
	"net/url"
	"strconv"
	"strings"
)

// AnswerURL is the web address of one answer in one signed version of a return.
// Base is the program's own address, with or without a slash at its end.
func AnswerURL(base string, response ResponseID, version int, path string) string {
	return VersionURL(base, response, version) + "#" + Anchor(path)
}

// VersionURL is the web address of one signed version of a return.
func VersionURL(base string, response ResponseID, version int) string {
	return strings.TrimRight(base, "/") + "/returns/" + url.PathEscape(string(response)) + "/v/" + strconv.Itoa(version)
}

// Anchor is the HTML id of an answer: it begins with a letter, needs no escaping in
// an address, and two answer paths never share one. "/e[k3f9a]/e_name" gives
// "q-e.k3f9a.-e_name".
func Anchor(path string) string {
	var b strings.Builder
	b.WriteByte('q')
	for _, r := range path {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '_':
			b.WriteRune(r)
		case r == '/':
			b.WriteByte('-')
		case r == '[', r == ']':
			b.WriteByte('.')
		default: // a name may hold a hyphen, a dot or letters of any script
			b.WriteString("~" + strconv.FormatInt(int64(r), 16) + "~")
		}
	}
	return b.String()
}
