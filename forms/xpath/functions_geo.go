package xpath

import (
	"math"
	"strconv"
	"strings"
)

// earthRadius in meters, as ODK's clients have it (WGS 84 equatorial radius).
const earthRadius = 6_378_100

type point struct{ lat, lon float64 }

// points reads a geopoint, geotrace or geoshape: "lat lon altitude accuracy; ...".
func points(s string) ([]point, bool) {
	var list []point
	for _, part := range strings.Split(strings.TrimSuffix(strings.TrimSpace(s), ";"), ";") {
		f := strings.Fields(part)
		if len(f) < 2 || len(f) > 4 {
			return nil, false
		}
		var n [4]float64
		for i, text := range f {
			var err error
			if n[i], err = strconv.ParseFloat(text, 64); err != nil {
				return nil, false
			}
		}
		if math.Abs(n[0]) > 90 || math.Abs(n[1]) > 180 {
			return nil, false
		}
		list = append(list, point{n[0], n[1]})
	}
	return list, true
}

// shape reads the points of the arguments: one text, or nodes one point each.
func (a args) shape() ([]point, bool) {
	var list []point
	values := a.spread(0)
	for _, v := range values {
		if v.String() == "" && len(values) > 1 {
			continue
		}
		p, ok := points(v.String())
		if !ok {
			return nil, false
		}
		list = append(list, p...)
	}
	return list, true
}

func radians(d float64) float64 { return d * math.Pi / 180 }

func between2(p, q point) float64 {
	dLat, dLon := radians(q.lat-p.lat), radians(q.lon-p.lon)
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(radians(p.lat))*math.Cos(radians(q.lat))*math.Pow(math.Sin(dLon/2), 2)
	return 2 * earthRadius * math.Atan2(math.Sqrt(h), math.Sqrt(1-h))
}

var geoFunctions = map[string]*function{
	"distance": fn(1, -1, NumberType, func(a args) Value {
		list, ok := a.shape()
		if !ok {
			a.fail("the value is not made of points")
		}
		total := 0.0
		for i := 1; i < len(list); i++ {
			total += between2(list[i-1], list[i])
		}
		return Number(math.Round(total*100) / 100)
	}),
	"area":          fn(1, 1, NumberType, areaOf),
	"enclosed-area": fn(1, 1, NumberType, areaOf), // its name in older forms
	"geofence": fn(2, 2, BooleanType, func(a args) Value {
		p, ok := points(a.str(0))
		fence, ok2 := points(a.str(1))
		closed := len(fence) > 3 && fence[0] == fence[len(fence)-1]
		a.c.spend(len(fence))
		return Boolean(ok && ok2 && len(p) == 1 && closed && inside(p[0], fence))
	}),
	"intersects": fn(1, 1, BooleanType, func(a args) Value {
		list, ok := a.shape()
		if len(list) > maxCrossing {
			a.fail("a line of more than %d points is too long to check", maxCrossing)
		}
		a.c.spend(len(list) * len(list) / 8)
		return Boolean(ok && crosses(list))
	}),
}

// maxCrossing bounds intersects(), which compares every stretch with every other.
const maxCrossing = 2000

// areaOf is the area of a shape, or of the shape that its points make; 0 for anything
// else.
func areaOf(a args) Value {
	list, ok := a.shape()
	if !ok {
		return Number(0)
	}
	return Number(math.Round(area(list)*100) / 100)
}

// area of a polygon on the sphere, in square meters.
func area(list []point) float64 {
	if len(list) > 1 && list[0] == list[len(list)-1] {
		list = list[:len(list)-1]
	}
	if len(list) < 3 {
		return 0
	}
	total := 0.0
	for i, p := range list {
		q := list[(i+1)%len(list)]
		total += radians(q.lon-p.lon) * (2 + math.Sin(radians(p.lat)) + math.Sin(radians(q.lat)))
	}
	return math.Abs(total * earthRadius * earthRadius / 2)
}

func inside(p point, fence []point) bool {
	in := false
	for i, j := 0, len(fence)-1; i < len(fence); j, i = i, i+1 {
		a, b := fence[i], fence[j]
		if (a.lat > p.lat) != (b.lat > p.lat) && p.lon < (b.lon-a.lon)*(p.lat-a.lat)/(b.lat-a.lat)+a.lon {
			in = !in
		}
	}
	return in
}

// crosses reports whether a line meets itself other than at neighboring points and at
// the closing point.
func crosses(list []point) bool {
	for i := 0; i+1 < len(list); i++ {
		for j := i + 2; j+1 < len(list); j++ {
			if i == 0 && j+2 == len(list) && list[0] == list[len(list)-1] {
				continue
			}
			if meet(list[i], list[i+1], list[j], list[j+1]) {
				return true
			}
		}
	}
	return false
}

func meet(a, b, c, d point) bool {
	side := func(p, q, r point) float64 { return (q.lon-p.lon)*(r.lat-p.lat) - (q.lat-p.lat)*(r.lon-p.lon) }
	on := func(p, q, r point) bool {
		return min(p.lat, q.lat) <= r.lat && r.lat <= max(p.lat, q.lat) && min(p.lon, q.lon) <= r.lon && r.lon <= max(p.lon, q.lon)
	}
	s1, s2, s3, s4 := side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)
	if s1*s2 < 0 && s3*s4 < 0 {
		return true
	}
	return s1 == 0 && on(a, b, c) || s2 == 0 && on(a, b, d) || s3 == 0 && on(c, d, a) || s4 == 0 && on(c, d, b)
}
