package xpath

import (
	"errors"
	"slices"
	"strconv"
	"strings"
)

// Limits on an expression (I8). A cell of a spreadsheet holds 32 kB.
const (
	maxDepth  = 200 // nesting of brackets, predicates and arguments
	maxSource = 128 << 10
)

// Expr is a parsed expression. It is immutable and may be shared.
type Expr struct {
	src  string
	root term
}

// String is the expression as it was written.
func (e *Expr) String() string { return e.src }

// Parse reads an expression. Its error is a *SyntaxError.
func Parse(src string) (*Expr, error) {
	if len(src) > maxSource {
		return nil, syntaxError(maxSource, "the expression is too long, more than %d KiB: split it into several calculations", maxSource>>10)
	}
	tokens, err := lex(src)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	root, err := p.or()
	if err == nil && p.peek().kind != tEnd {
		err = p.noOperator()
	}
	if err != nil {
		return nil, err
	}
	return &Expr{src: src, root: root}, nil
}

// connectives are what authors write for and, or, div and mod: in capital letters, or in
// their own language.
var connectives = map[string]string{"y": "and", "e": "and", "et": "and", "und": "and", "o": "or", "u": "or", "ou": "or", "oder": "or"}

// noOperator explains a token that stands where an operator or the end should.
func (p *parser) noOperator() error {
	t := p.peek()
	word := strings.ToLower(t.text)
	if known := connectives[word]; known != "" {
		word = known
	}
	switch {
	case t.kind == tName && (word == "and" || word == "or" || word == "div" || word == "mod"):
		return p.fault("%s means nothing in an expression; write %s", t.text, word)
	case t.kind == tSymbol && t.text == "," && p.at > 0 && p.tokens[p.at-1].kind == tNumber && p.tokens[p.at+1].kind == tNumber:
		return p.fault("a decimal number is written with a point, as in %s", p.tokens[p.at-1].text+"."+p.tokens[p.at+1].text)
	case p.at > 0 && p.tokens[p.at-1].kind == tName && p.tokens[p.at-1].text == "not":
		return p.fault("what not turns around stands in brackets: write %s", "not(…)")
	case t.kind == tRef:
		return p.fault("an operator or the end is missing before %q", "${"+t.text+"}")
	}
	return p.fault("an operator or the end is missing before %q", t.text)
}

type parser struct {
	tokens []token
	at     int
	depth  int
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) next() token {
	t := p.tokens[p.at]
	if t.kind != tEnd {
		p.at++
	}
	return t
}

func (p *parser) fault(format string, args ...any) error {
	return syntaxError(p.peek().pos, format, args...)
}

func (p *parser) symbol(text string) bool {
	if t := p.peek(); t.kind == tSymbol && t.text == text {
		p.at++
		return true
	}
	return false
}

// binaryLevels are the operators from weakest to strongest binding.
var binaryLevels = [][]string{{"or"}, {"and"}, {"=", "!="}, {"<", "<=", ">", ">="}, {"+", "-"}, {"*", "div", "mod"}}

func (p *parser) or() (term, error) { return p.binary(0) }

func (p *parser) binary(level int) (term, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth*(len(binaryLevels)+1) {
		return nil, p.fault("the expression nests too deep: split it into several calculations")
	}
	if level == len(binaryLevels) {
		return p.unary()
	}
	left, err := p.binary(level + 1)
	for err == nil {
		t := p.peek()
		if t.kind != tSymbol && t.kind != tName || !slices.Contains(binaryLevels[level], t.text) {
			return left, nil
		}
		p.at++
		var right term
		if right, err = p.binary(level + 1); err == nil {
			left = newBinary(t.text, left, right, t.pos)
		}
	}
	return nil, err
}

func (p *parser) unary() (term, error) {
	minus := 0
	for p.symbol("-") {
		minus++
	}
	t, err := p.union()
	if err != nil || minus == 0 {
		return t, err
	}
	t = &negate{t}
	if minus%2 == 0 {
		t = &negate{t}
	}
	return t, nil
}

func (p *parser) union() (term, error) {
	left, err := p.path()
	if err != nil {
		return nil, err
	}
	for pos := p.peek().pos; p.symbol("|"); pos = p.peek().pos {
		right, err := p.path()
		if err != nil {
			return nil, err
		}
		left = &union{left, right, pos}
	}
	return left, nil
}

// path reads a location path, or a filter expression that a path may follow.
func (p *parser) path() (term, error) {
	t := p.peek()
	switch {
	case t.kind == tNumber, t.kind == tString, t.kind == tRef, t.kind == tSymbol && t.text == "(", p.isCall():
		return p.filter()
	case t.kind == tSymbol && t.text == "/":
		p.at++
		l := &location{absolute: true, pos: t.pos}
		if !p.startsStep() {
			return l, nil
		}
		return l, p.steps(l)
	case t.kind == tSymbol && t.text == "//":
		l := &location{absolute: true, pos: t.pos}
		return l, p.moreSteps(l)
	case p.startsStep():
		l := &location{pos: t.pos}
		return l, p.steps(l)
	case t.kind == tSymbol && t.text == "$":
		return nil, p.fault("variables are not part of the language; a question is written ${name}")
	case t.kind == tEnd:
		return nil, p.fault("the expression ends where a value is expected")
	}
	if p.at > 0 {
		switch p.tokens[p.at-1].text + t.text {
		case "==":
			return nil, p.fault("equality is written with one =")
		case "<>":
			return nil, p.fault("unequal is written !=")
		case "||":
			return nil, p.fault("|| means nothing in an expression; write or")
		}
	}
	return nil, p.fault("a value is expected before %q", t.text)
}

func (p *parser) isCall() bool {
	t := p.peek()
	if t.kind != tName || p.at+1 >= len(p.tokens) {
		return false
	}
	next := p.tokens[p.at+1]
	return next.kind == tSymbol && next.text == "(" && !slices.Contains([]string{"node", "text", "comment", "processing-instruction"}, t.text)
}

func (p *parser) startsStep() bool {
	t := p.peek()
	if t.kind == tName {
		return true
	}
	return t.kind == tSymbol && slices.Contains([]string{".", "..", "@", "*"}, t.text)
}

func (p *parser) steps(l *location) error {
	if err := p.step(l); err != nil {
		return err
	}
	return p.moreSteps(l)
}

func (p *parser) moreSteps(l *location) error {
	for {
		switch {
		case p.symbol("//"):
			l.steps = append(l.steps, step{axis: axisDescendantOrSelf, test: test{kind: anyNode}})
		case !p.symbol("/"):
			return nil
		}
		if err := p.step(l); err != nil {
			return err
		}
		l.shorten()
	}
}

func (p *parser) step(l *location) error {
	t := p.peek()
	s := step{pos: t.pos}
	switch {
	case p.symbol("."):
		s.axis, s.test.kind = axisSelf, anyNode
	case p.symbol(".."):
		s.axis, s.test.kind = axisParent, anyNode
	default:
		if err := p.axisAndTest(&s); err != nil {
			return err
		}
	}
	var err error
	s.predicates, err = p.predicates()
	l.steps = append(l.steps, s)
	return err
}

func (p *parser) axisAndTest(s *step) error {
	switch {
	case p.symbol("@"):
		s.axis = axisAttribute
	case p.peek().kind == tName && p.at+1 < len(p.tokens) && p.tokens[p.at+1].text == "::" && p.tokens[p.at+1].kind == tSymbol:
		axis, ok := axes[p.peek().text]
		if p.peek().text == "namespace" {
			return p.fault("the namespace axis is not supported")
		}
		if !ok {
			return p.fault("there is no axis %q", p.peek().text)
		}
		s.axis = axis
		p.at += 2
	}
	t := p.peek()
	switch {
	case p.symbol("*"):
		s.test.kind = anyElement
		return nil
	case t.kind != tName:
		return p.fault("a name is expected in the path")
	}
	p.at++
	if p.symbol("(") {
		if p.peek().kind == tString { // processing-instruction('x')
			p.at++
		}
		if !p.symbol(")") {
			return p.fault("a closing ) is missing")
		}
		switch t.text {
		case "node":
			s.test.kind = anyNode
		case "text":
			s.test.kind = textNodes
		case "comment":
			s.test.kind = comments
		default:
			s.test.kind = nothing
		}
		return nil
	}
	s.test.name = t.text
	if prefix, local, ok := strings.Cut(t.text, ":"); ok {
		s.test.prefix, s.test.name = prefix, local
		if local == "*" {
			s.test.kind = anyElement
		}
	}
	return nil
}

func (p *parser) predicates() ([]term, error) {
	var list []term
	for p.symbol("[") {
		t, err := p.or()
		if err != nil {
			return nil, err
		}
		if !p.symbol("]") {
			return nil, p.fault("a closing ] is missing")
		}
		list = append(list, t)
	}
	return list, nil
}

// filter reads a literal, a reference, a call or a bracketed expression, with the
// predicates and steps that may follow.
func (p *parser) filter() (term, error) {
	t, err := p.primary()
	if err != nil {
		return nil, err
	}
	preds, err := p.predicates()
	if err != nil {
		return nil, err
	}
	next := p.peek()
	if len(preds) == 0 && (next.kind != tSymbol || next.text != "/" && next.text != "//") {
		return t, nil
	}
	l := &location{base: t, basePredicates: preds, pos: next.pos}
	return l, p.moreSteps(l)
}

func (p *parser) primary() (term, error) {
	t := p.next()
	switch t.kind {
	case tNumber:
		n, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			return nil, syntaxError(t.pos, "the number %s is out of range", t.text)
		}
		return &constant{v: Number(n), pos: t.pos}, nil
	case tString:
		return &constant{v: String(t.text), pos: t.pos}, nil
	case tRef:
		name, saved := strings.CutPrefix(t.text, "last-saved#")
		return &reference{name: name, lastSaved: saved, pos: t.pos}, nil
	case tName:
		return p.call(t)
	}
	inner, err := p.or()
	if err == nil && !p.symbol(")") {
		err = p.fault("a closing ) is missing")
	}
	return inner, err
}

func (p *parser) call(name token) (term, error) {
	p.at++ // the bracket
	c := &call{name: name.text, pos: name.pos}
	if p.symbol(")") {
		return c, nil
	}
	for {
		arg, err := p.or()
		if err != nil {
			return nil, err
		}
		c.args = append(c.args, arg)
		if p.symbol(")") {
			c.markEverywhere()
			return c, c.quotedPath()
		}
		if !p.symbol(",") {
			return nil, p.fault("a comma or a closing ) is missing in %s(...)", name.text)
		}
	}
}

// markEverywhere notes that indexed-repeat() looks for its question, and its repeats,
// in all items: the indexes between are values of the item that asks.
func (t *call) markEverywhere() {
	if t.name != "indexed-repeat" {
		return
	}
	for i, arg := range t.args {
		if r, ok := arg.(*reference); ok && (i == 0 || i%2 == 1) {
			r.everywhere = true
		}
	}
}

// quotedPath reads the question of jr:choice-name(value, '${question}'), which authors
// put in quotes, as the path that it is; the places of its faults are those in the whole
// expression.
func (t *call) quotedPath() error {
	if t.name != "jr:choice-name" || len(t.args) != 2 {
		return nil
	}
	k, ok := t.args[1].(*constant)
	if !ok || k.v.Type != StringType || strings.TrimSpace(k.v.Str) == "" {
		return nil
	}
	inner, err := Parse(k.v.Str)
	if s := (*SyntaxError)(nil); errors.As(err, &s) {
		return &SyntaxError{k.pos + 1 + s.Pos, s.Msg}
	}
	inner.root.walk(func(part term) { shift(part, k.pos+1) })
	t.args[1] = inner.root
	return nil
}

// shift moves the place of a term by n bytes.
func shift(t term, n int) {
	switch t := t.(type) {
	case *constant:
		t.pos += n
	case *reference:
		t.pos += n
	case *operation:
		t.pos += n
	case *union:
		t.pos += n
	case *call:
		t.pos += n
	case *location:
		t.pos += n
		for i := range t.steps {
			t.steps[i].pos += n
		}
	}
}
