package normalize

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// countryCodes are the two- and three-letter codes that mean one country here; codes
// that the region also uses for something else are in ambiguousCodes.
var countryCodes = func() map[string]string {
	all := map[string]string{}
	for a := byte('A'); a <= 'Z'; a++ {
		for b := byte('A'); b <= 'Z'; b++ {
			r, err := language.ParseRegion(string([]byte{a, b}))
			if err != nil || !r.IsCountry() || len(r.ISO3()) != 3 || r.String() != string([]byte{a, b}) {
				continue
			}
			all[r.String()] = r.ISO3()
			all[r.ISO3()] = r.ISO3()
		}
	}
	return all
}()

// ambiguousCodes: Spain or El Salvador, Canada or Central America, Panama's old code or
// Pakistan, Germany or "Estado de", Morocco or Massachusetts and the like stay open.
var ambiguousCodes = map[string]bool{"ES": true, "CA": true, "DO": false, "SA": true, "AL": true, "GU": true, "PAN": false, "DOM": false}

// shortForms are codes of custom, not of ISO.
var shortForms = map[string]string{"RD": "DOM", "DR": "DOM", "EU": "USA", "EUA": "USA", "EEUU": "USA", "UK": "GBR", "RU": "", "ESA": "SLV", "UAE": "ARE", "COSTA RICA": "CRI", "MEXICO": "MEX",
	"GUA": "GTM", "HON": "HND", "ELS": "SLV", "SAL": "SLV", "COS": "CRI", "NCA": "NIC", "PTY": "PAN", "BEL": "", "CDN": "CAN", "US OF A": "USA"}

// countryVariants are names beside those of the tables of the three languages, folded
// to bare words.
var countryVariants = map[string]string{
	"DOM": "dominicana|la dominicana|rep dom|rep dominicana|republica dom|dominican rep|dom rep|the dominican republic|la republica dominicana|rd|r d|dr|d r|santo domingo",
	"BLZ": "belice|belize|honduras britanica|british honduras",
	"USA": "estados unidos|estados unidos de america|estados unidos de norteamerica|estados unidos de norte america|ee uu|eeuu|ee uu a|eeuua|e u a|eua|e u|u s a|usa|us|u s|united states|united states of america|the united states of america|the united states|the us|the usa|los estados unidos|ee uu de america|etats unis|etats unis d amerique|les etats unis|u s of america|the states",
	"MEX": "estados unidos mexicanos|los estados unidos mexicanos|united mexican states|republica mexicana|mejico|mexico|etats unis mexicains",
	"SLV": "el salvador|salvador|rep de el salvador|republica de el salvador|republic of el salvador|republique d el salvador|republique du salvador",
	"CRI": "costarica|costa rica", "GTM": "guate|guatemala", "HND": "honduras", "NIC": "nicaragua", "PAN": "panama", "CAN": "canada|dominio de canada",
	"VEN": "venezuela|rep bolivariana de venezuela|republica bolivariana de venezuela|bolivarian republic of venezuela|venezuela rep bolivariana de", "BOL": "bolivia|estado plurinacional de bolivia", "GBR": "reino unido|gran bretana|inglaterra|england|great britain|uk|united kingdom|royaume uni",
	"HTI": "haiti|republica de haiti", "DMA": "dominica|commonwealth of dominica|mancomunidad de dominica|la dominique", "RUS": "rusia|russia|federacion rusa|russian federation", "KOR": "corea del sur|south korea|republica de corea|republic of korea", "PRK": "corea del norte|north korea",
	"COD": "congo kinshasa|rd congo|drc|dr congo|rdc|republica democratica del congo|democratic republic of the congo", "COG": "congo brazzaville|republica del congo", "CHN": "china|china popular|rep popular china|republica popular china|people s republic of china|prc",
	"TWN": "taiwan", "VNM": "vietnam|viet nam", "SYR": "siria|syria", "IRN": "iran", "CIV": "costa de marfil|ivory coast|cote d ivoire", "CPV": "cabo verde|cape verde", "TTO": "trinidad y tobago|trinidad y tabago|trinidad|trinidad and tobago|trinidad tobago",
	"NLD": "holanda|paises bajos|holland|netherlands", "CZE": "republica checa|chequia|czech republic", "MMR": "birmania|burma|myanmar", "SWZ": "suazilandia|swaziland", "PSE": "palestina|palestine|estado de palestina", "VAT": "vaticano|santa sede|holy see", "TUR": "turquia|turkey|turkiye",
	"KNA": "san cristobal y nieves|saint kitts and nevis|st kitts and nevis", "VCT": "san vicente y las granadinas|san vicente|st vincent", "LCA": "santa lucia|st lucia", "PRI": "puerto rico", "GUY": "guyana", "SUR": "surinam|suriname",
}

// demonyms: stems and words for nationals in Spanish (masculine singular), English and French.
var demonyms = map[string]string{
	"HND": "hondureno honduran hondurien", "GTM": "guatemalteco guatemalan guatemalteque chapin", "SLV": "salvadoreno salvadoran salvadorean salvadorien guanaco", "CUB": "cubano cuban cubain", "NIC": "nicaraguense nicaraguan nicaraguayen nica", "CRI": "costarricense costarrican costaricien tico",
	"PAN": "panameno panamanian panameen", "MEX": "mexicano mexican mexicain", "DOM": "dominicano dominican dominicain quisqueyano", "BLZ": "beliceno belizean belizien", "USA": "estadounidense norteamericano american americain", "CAN": "canadiense canadian canadien", "HTI": "haitiano haitian haitien",
	"VEN": "venezolano venezuelan venezuelien", "COL": "colombiano colombian colombien", "ECU": "ecuatoriano ecuadorian ecuadorean equatorien", "PER": "peruano peruvian peruvien", "BOL": "boliviano bolivian bolivien", "BRA": "brasileno brazilian bresilien brasilero", "ARG": "argentino argentinian argentine argentin", "CHL": "chileno chilean chilien", "URY": "uruguayo uruguayan uruguayen", "PRY": "paraguayo paraguayan paraguayen",
	"ESP": "espanol spanish spaniard espagnol", "ITA": "italiano italian italien", "FRA": "frances french francais", "DEU": "aleman german allemand", "GBR": "britanico british britannique ingles", "CHN": "chino chinese chinois", "IND": "indio indian indien hindu", "JAM": "jamaiquino jamaican jamaicano jamaicain", "RUS": "ruso russian russe", "SYR": "sirio syrian syrien", "COD": "congoleno congolese congolais", "CMR": "camerunes cameroonian camerounais", "NGA": "nigeriano nigerian", "BGD": "bangladesi bangladeshi", "NPL": "nepales nepalese nepali", "PAK": "pakistani paquistani pakistanais", "GHA": "ghanes ghanaian ghaneen", "AGO": "angoleno angolan angolais", "ERI": "eritreo eritrean erythreen", "ETH": "etiope ethiopian ethiopien", "SOM": "somali", "UKR": "ucraniano ukrainian ukrainien", "AFG": "afgano afghan", "TUR": "turco turkish turc", "IRN": "irani iranian iranien", "JPN": "japones japanese japonais", "KOR": "coreano korean coreen", "PHL": "filipino philippin", "PRT": "portugues portuguese portugais", "SEN": "senegales senegalese senegalais", "UZB": "uzbeko uzbek", "LBN": "libanes lebanese libanais", "GUY": "guyanes guyanese guyanais",
}

// groups of countries that officials name as one.
var countryGroups = map[string][]string{
	"GTM SLV HND NIC":                             {"ca 4", "ca4", "c a 4", "paises del ca 4", "convenio ca 4", "centroamerica 4", "central america 4", "central america four"},
	"GTM SLV HND":                                 {"triangulo norte", "northern triangle", "triangle nord", "triangulo norte de centroamerica", "triangulo norte centroamericano", "tnca", "northern triangle of central america", "norte de centroamerica", "northern central america", "el triangulo norte", "the northern triangle", "tn"},
	"BLZ CRI GTM HND NIC PAN SLV":                 {"centroamerica", "america central", "central america", "amerique centrale", "istmo centroamericano", "paises centroamericanos"},
	"CAN MEX USA":                                 {"america del norte", "norteamerica", "north america", "amerique du nord", "t mec", "tmec", "usmca", "tlcan", "nafta"},
	"BLZ CRI DOM GTM HND NIC PAN SLV":             {"sica", "paises del sica", "sica countries", "sistema de la integracion centroamericana"},
	"BLZ CAN CRI DOM GTM HND MEX NIC PAN SLV USA": {"crm", "rcm", "paises de la crm", "conferencia regional sobre migracion", "regional conference on migration", "paises miembros", "member countries"},
}

type countryTable struct {
	names, demonyms map[string]string
	groups          map[string][]string
}

// countryNames is made once, when the first name is looked up.
var countryNames = sync.OnceValue(func() countryTable {
	t := countryTable{map[string]string{}, map[string]string{}, map[string][]string{}}
	for _, tag := range []language.Tag{language.English, language.Spanish, language.LatinAmericanSpanish, language.French} {
		namer := display.Regions(tag)
		for code, iso3 := range countryCodes {
			if len(code) != 2 {
				continue
			}
			if name := namer.Name(language.MustParseRegion(code)); name != "" {
				t.names[bare(name)] = iso3
			}
		}
	}
	for iso3, list := range countryVariants {
		for _, name := range strings.Split(list, "|") {
			if name != "" && len(iso3) == 3 {
				t.names[name] = iso3
			}
		}
	}
	delete(t.names, "congo") // there are two
	for iso3, list := range demonyms {
		for _, w := range strings.Fields(list) {
			t.demonyms[w] = iso3
		}
	}
	for members, names := range countryGroups {
		for _, name := range names {
			t.groups[name] = strings.Fields(members)
		}
	}
	return t
})
