package normalize

// Words of numbers in Spanish, English and French, folded. Words that two languages
// share mean the same in both.
var cardinals = map[string]float64{
	"cero": 0, "un": 1, "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
	"diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17, "dieciocho": 18, "diecinueve": 19,
	"veinte": 20, "veintiun": 21, "veintiuno": 21, "veintiuna": 21, "veintidos": 22, "veintitres": 23, "veinticuatro": 24, "veinticinco": 25,
	"veintiseis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29, "treinta": 30, "cuarenta": 40, "cincuenta": 50,
	"sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90, "cien": 100, "ciento": 100,
	"doscientos": 200, "trescientos": 300, "cuatrocientos": 400, "quinientos": 500, "seiscientos": 600, "setecientos": 700, "ochocientos": 800, "novecientos": 900,
	"doscientas": 200, "trescientas": 300, "cuatrocientas": 400, "quinientas": 500, "seiscientas": 600, "setecientas": 700, "ochocientas": 800, "novecientas": 900,

	"zero": 0, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
	"twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
	"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,

	"une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13,
	"quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
	"septante": 70, "huitante": 80, "octante": 80, "nonante": 90,
}

// scales multiply what stands before them.
var scales = map[string]float64{
	"hundred": 100, "cent": 100, "cents": 100,
	"mil": 1e3, "miles": 1e3, "thousand": 1e3, "mille": 1e3, "k": 1e3, "millar": 1e3, "millares": 1e3, "millier": 1e3, "milliers": 1e3,
	"millon": 1e6, "millones": 1e6, "million": 1e6, "millions": 1e6, "mill": 1e6, "mm": 1e6,
	"milliard": 1e9, "milliards": 1e9, "billion": 1e9, "bn": 1e9, "millardo": 1e9, "millardos": 1e9,
	"billon": 1e12, "billones": 1e12, "trillion": 1e12,
}

// collectives count as their number of pieces; those marked are about that many.
var collectives = map[string]struct {
	size  float64
	about bool
}{
	"docena": {12, false}, "docenas": {12, false}, "dozen": {12, false}, "douzaine": {12, false}, "douzaines": {12, false},
	"par": {2, false}, "pares": {2, false}, "pair": {2, false}, "pairs": {2, false}, "couple": {2, false}, "paire": {2, false}, "paires": {2, false},
	"decena": {10, true}, "decenas": {10, true}, "dizaine": {10, true}, "dizaines": {10, true}, "quinzaine": {15, true},
	"veintena": {20, true}, "vingtaine": {20, true}, "treintena": {30, true}, "trentaine": {30, true}, "quarantaine": {40, true},
	"cuarentena": {40, true}, "cincuentena": {50, true}, "cinquantaine": {50, true}, "soixantaine": {60, true},
	"centena": {100, true}, "centenas": {100, true}, "centenar": {100, true}, "centenares": {100, true}, "centaine": {100, true}, "centaines": {100, true},
}

// vague words tell an order of size and no number when they stand without one.
var vague = map[string]bool{
	"decenas": true, "docenas": true, "cientos": true, "centenares": true, "centenas": true, "miles": true, "millares": true, "millones": true,
	"dozens": true, "hundreds": true, "thousands": true, "millions": true, "dizaines": true, "douzaines": true, "centaines": true, "milliers": true,
	"varios": true, "varias": true, "muchos": true, "muchas": true, "pocos": true, "pocas": true, "algunos": true, "algunas": true,
	"several": true, "many": true, "few": true, "plusieurs": true, "beaucoup": true, "quelques": true,
}

var halves = map[string]bool{"medio": true, "media": true, "half": true, "demi": true, "demie": true}

// compound holds the words of numbers that are written in one word: "dosmil".
var numberWord = func() map[string]bool {
	all := map[string]bool{}
	for w := range cardinals {
		all[w] = true
	}
	for w := range scales {
		all[w] = true
	}
	for w := range collectives {
		all[w] = true
	}
	for w := range halves {
		all[w] = true
	}
	return all
}()
