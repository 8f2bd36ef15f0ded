package diff

import (
	"slices"
	"sort"
)

// displaced returns the places in a sequence of distinct numbers that do not belong to
// its longest rising part: the fewest that can be moved to put it into order.
func displaced(numbers []int) []int {
	var tails []int // place of the smallest end of a rising part of each length
	before := make([]int, len(numbers))
	for i, n := range numbers {
		at := sort.Search(len(tails), func(k int) bool { return numbers[tails[k]] >= n })
		before[i] = -1
		if at > 0 {
			before[i] = tails[at-1]
		}
		if at == len(tails) {
			tails = append(tails, i)
		} else {
			tails[at] = i
		}
	}
	kept := make([]bool, len(numbers))
	if len(tails) > 0 {
		for i := tails[len(tails)-1]; i >= 0; i = before[i] {
			kept[i] = true
		}
	}
	var moved []int
	for i := range numbers {
		if !kept[i] {
			moved = append(moved, i)
		}
	}
	return slices.Clip(moved)
}
