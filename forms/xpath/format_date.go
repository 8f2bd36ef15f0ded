package xpath

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// calendar names months and days in one language. The short names are the long ones'
// first letters unless they are given.
type calendar struct {
	months, shortMonths []string
	days, shortDays     []string
}

// calendars by language code. Source: CLDR, names in running text.
var calendars = map[string]calendar{
	"en": {
		months: strings.Fields("January February March April May June July August September October November December"),
		days:   strings.Fields("Sunday Monday Tuesday Wednesday Thursday Friday Saturday"),
	},
	"es": {
		months:      strings.Fields("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
		shortMonths: strings.Fields("ene feb mar abr may jun jul ago sept oct nov dic"),
		days:        strings.Fields("domingo lunes martes miércoles jueves viernes sábado"),
		shortDays:   strings.Fields("dom lun mar mié jue vie sáb"),
	},
	"fr": {
		months:      strings.Fields("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
		shortMonths: strings.Fields("janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."),
		days:        strings.Fields("dimanche lundi mardi mercredi jeudi vendredi samedi"),
		shortDays:   strings.Fields("dim. lun. mar. mer. jeu. ven. sam."),
	},
}

func calendarOf(lang string) calendar {
	code, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if names, ok := calendars[code]; ok {
		return names
	}
	return calendars["en"]
}

func (c calendar) monthShort(m time.Month) string {
	if c.shortMonths == nil {
		return c.months[m-1][:3]
	}
	return c.shortMonths[m-1]
}

func (c calendar) dayShort(d time.Weekday) string {
	if c.shortDays == nil {
		return c.days[d][:3]
	}
	return c.shortDays[d]
}

// formatDate writes a time by ODK's % codes, with names in the language of a code such
// as "es" or "es-MX"; English when it is not known.
func formatDate(t time.Time, format, lang string) string {
	names := calendarOf(lang)
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 >= len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		switch format[i] {
		case '%':
			b.WriteByte('%')
		case 'Y':
			fmt.Fprintf(&b, "%04d", t.Year())
		case 'y':
			b.WriteString(t.Format("06"))
		case 'm':
			b.WriteString(t.Format("01"))
		case 'n':
			b.WriteString(strconv.Itoa(int(t.Month())))
		case 'b':
			b.WriteString(names.monthShort(t.Month()))
		case 'B':
			b.WriteString(names.months[t.Month()-1])
		case 'd':
			b.WriteString(t.Format("02"))
		case 'e':
			b.WriteString(strconv.Itoa(t.Day()))
		case 'H':
			b.WriteString(t.Format("15"))
		case 'h':
			b.WriteString(strconv.Itoa(t.Hour()))
		case 'M':
			b.WriteString(t.Format("04"))
		case 'S':
			b.WriteString(t.Format("05"))
		case '3':
			fmt.Fprintf(&b, "%03d", t.Nanosecond()/1e6)
		case 'a':
			b.WriteString(names.dayShort(t.Weekday()))
		case 'A':
			b.WriteString(names.days[t.Weekday()])
		case 'W':
			_, week := t.ISOWeek()
			fmt.Fprintf(&b, "%02d", week)
		case 'j':
			fmt.Fprintf(&b, "%03d", t.YearDay())
		case 'w':
			b.WriteString(strconv.Itoa(int(t.Weekday())))
		default:
			b.WriteByte('%')
			b.WriteByte(format[i])
		}
	}
	return b.String()
}
