import Scoring

/// Events by time, the earliest first; of equal times the one that was added first.
///
/// A binary heap.
struct EventQueue<Event> {
    private struct Entry {
        let time: Int64
        let number: UInt64
        let event: Event

        func precedes(_ other: Entry) -> Bool {
            time != other.time ? time < other.time : number < other.number
        }
    }

    private var heap: [Entry] = []
    private var number: UInt64 = 0

    /// Time of the earliest event.
    var nextTime: Timestamp? { heap.first.map { Timestamp(milliseconds: $0.time) } }

    /// How many events wait.
    var count: Int { heap.count }

    mutating func add(_ event: Event, at time: Timestamp) {
        let entry = Entry(time: time.milliseconds, number: number, event: event)
        number += 1
        heap.append(entry)
        var index = heap.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard entry.precedes(heap[parent]) else { break }
            heap[index] = heap[parent]
            index = parent
        }
        heap[index] = entry
    }

    /// Removes the earliest event.
    mutating func removeFirst() -> (time: Timestamp, event: Event)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if !heap.isEmpty { sink(last) }
        return (Timestamp(milliseconds: first.time), first.event)
    }

    /// Puts `entry` where the root was.
    private mutating func sink(_ entry: Entry) {
        var index = 0
        while true {
            var child = 2 * index + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
            guard heap[child].precedes(entry) else { break }
            heap[index] = heap[child]
            index = child
        }
        heap[index] = entry
    }
}
