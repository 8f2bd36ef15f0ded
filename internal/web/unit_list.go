package web

import "strconv"

// from is where a page of a long list begins.
func (v *visit) from() int {
	n, err := strconv.Atoi(v.DefaultQuery("from", "0"))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// nextPage is this address with another beginning.
func (v *visit) nextPage(from int) string {
	u := *v.Request.URL
	q := u.Query()
	q.Set("from", strconv.Itoa(from))
	q.Del("did")
	u.RawQuery = q.Encode()
	return u.RequestURI()
}
