package normalize

import (
	"slices"

	"github.com/comparanda/comparanda/internal/study"
)

// Flags of the closed list (domain 6.2) that the rules for messy answers set.
const (
	flagAbbreviation = "ABBREVIATION"
	flagAmbiguous    = "ACRONYM_AMBIGUOUS"
	flagByCountry    = "ACRONYM_BY_COUNTRY"
	flagAll          = "ALL"
	flagAlternative  = "ALTERNATIVE"
	flagCode         = "AMBIGUOUS_CODE"
	flagApprox       = "APPROX"
	flagBound        = "BOUND"
	flagBullets      = "BULLETS"
	flagCurAmbiguous = "CUR_AMBIGUOUS"
	flagCurCountry   = "CUR_FROM_COUNTRY"
	flagCurSymbol    = "CUR_SYMBOL_BY_COUNTRY"
	flagDateUnclear  = "DATE_AMBIGUOUS"
	flagDemonym      = "DEMONYM"
	flagDMY          = "DMY_BY_COUNTRY"
	flagSerial       = "EXCEL_SERIAL"
	flagFormula      = "FORMULA_ESCAPED"
	flagGeneric      = "GENERIC"
	flagGroup        = "GROUP"
	flagInvalidDay   = "INVALID_DAY"
	flagInvisible    = "INVISIBLE_STRIPPED"
	flagKindAssumed  = "KIND_ASSUMED"
	flagMark         = "MARK"
	flagFraction     = "MAYBE_FRACTION"
	flagMDY          = "MDY_BY_COUNTRY"
	flagMissing      = "MISSING"
	flagSeparators   = "MIXED_SEPARATORS"
	flagMojibake     = "MOJIBAKE_FIXED"
	flagMultiAmount  = "MULTI_AMOUNT"
	flagNegative     = "NEGATIVE"
	flagNickname     = "NICKNAME"
	flagNonInteger   = "NON_INTEGER"
	flagNote         = "NOTE_KEPT"
	flagNotMember    = "NOT_MEMBER"
	flagNoStart      = "NO_START"
	flagOpenEnd      = "OPEN_END"
	flagOutOfRange   = "OUT_OF_RANGE"
	flagPartsOK      = "PARTS_OK"
	flagPending      = "PENDING"
	flagPeriodic     = "PERIODIC"
	flagPermanent    = "PERMANENT"
	flagQualified    = "QUALIFIED"
	flagRange        = "RANGE"
	flagReference    = "REFERENCE"
	flagRounded      = "ROUNDED"
	flagSeparator    = "SEP_ASSUMED"
	flagSeries       = "SERIES"
	flagShares       = "SHARES"
	flagSuccessor    = "SUCCESSOR"
	flagSum          = "SUM_OF_PARTS"
	flagText         = "TEXT_STRIPPED"
	flagTrap         = "TRAP_PREFIX"
	flagTypo         = "TYPO_FIXED"
	flagTypoMaybe    = "TYPO_SUGGESTED"
	flagUnit         = "UNIT_NOT_MONEY"
	flagVia          = "VIA_INSTITUTION"
	flagWords        = "WORDS"
	flagYear         = "YEAR_2_DIGITS"
	flagZero         = "ZERO_BY_WORD"
)

// Qualifiers of a quantity.
const (
	exact   = "exact"
	approx  = "approx"
	atLeast = "at_least"
	atMost  = "at_most"
	ranged  = "range"
)

// Context is what a messy answer is read against.
type Context struct {
	Country      string // ISO 3166-1 alpha-3 of who answers, "" when unknown
	Lang         string // BCP 47, "" when unknown; only breaks ties
	Choices      []Choice
	Institutions []study.Institution
	Member       func(iso3 string) bool // nil: every country is a member
}

// Reading is what the rules made of one messy answer. Value has the fields that belong
// to the kind, as domain 6 spells them ("value", "qual", "low", "high" …).
type Reading struct {
	Value map[string]any
	Flags []string
	Rule  string
	Note  string // what stood beside the value
}

func (r *Reading) flag(flags ...string) {
	for _, f := range flags {
		if !slices.Contains(r.Flags, f) {
			r.Flags = append(r.Flags, f)
		}
	}
}

// review makes a reading that a person has to look at; the value is at most a suggestion.
func review(value map[string]any, flags ...string) Reading {
	return Reading{Value: value, Flags: append(flags, Review)}
}

// Doubtful reports whether the reading waits for a person.
func (r Reading) Doubtful() bool { return slices.Contains(r.Flags, Review) }

func missing(reason study.ReasonCode) Reading {
	return Reading{Value: map[string]any{"missing": string(reason)}, Flags: []string{flagMissing}}
}
