package fill

import "math/bits"

// queue holds the elements to evaluate: a list for each rank, and a bit for each list
// that holds something. Elements of one rank come out in the order they went in.
type queue struct {
	head, tail []*element
	bits       []uint64
	low        int // no bit is set in words before it
}

func newQueue(ranks int) queue {
	return queue{head: make([]*element, ranks), tail: make([]*element, ranks), bits: make([]uint64, ranks/64+1)}
}

func (q *queue) push(e *element) {
	r := e.t.rank
	if q.head[r] == nil {
		q.head[r] = e
		q.bits[r/64] |= 1 << (r % 64)
		q.low = min(q.low, r/64)
	} else {
		q.tail[r].next = e
	}
	q.tail[r] = e
}

// pop takes out the first element of the lowest rank; nil when there is none.
func (q *queue) pop() *element {
	for q.low < len(q.bits) && q.bits[q.low] == 0 {
		q.low++
	}
	if q.low == len(q.bits) {
		return nil
	}
	r := q.low*64 + bits.TrailingZeros64(q.bits[q.low])
	e := q.head[r]
	q.head[r], e.next = e.next, nil
	if q.head[r] == nil {
		q.tail[r] = nil
		q.bits[q.low] &^= 1 << (r % 64)
	}
	return e
}
