/// The deliveries of one connection that the broker still waits for, and what may be said to it about them.
///
/// Pure: it decides, the consumer's thread sends. Settlements come from `takeSettlements` in an order that the broker may
/// be told them in.
package struct DeliveryLedger: Sendable {
    /// What to tell the broker.
    package enum Settlement: Equatable, Sendable {
        /// Done; with `multiple`, so is every lower tag that is still open.
        case acknowledge(UInt64, multiple: Bool)
        /// Failed: back to the queue, or dead-lettered. Counts as an attempt.
        case reject(UInt64, requeue: Bool)
    }

    /// What was decided for a delivery.
    package enum Verdict: Equatable, Sendable {
        case acknowledged
        case rejected(requeue: Bool)
    }

    /// What became of a call to `settle`.
    package enum Acceptance: Equatable, Sendable {
        case accepted
        /// Of an earlier connection: the broker has already requeued the message. Saying it would settle another one.
        case stale
        /// Not open: settled before, or never delivered.
        case unknown
    }

    private struct Entry {
        let tag: UInt64
        let bytes: Int
        var verdict: Verdict?
    }

    /// The connection these tags belong to.
    package let generation: UInt32
    /// Sum of the sizes of deliveries without a verdict, bytes.
    package private(set) var openBytes = 0
    /// Deliveries without a verdict.
    package private(set) var openCount = 0
    /// Ascending by tag; bounded by the prefetch (of a stream, and one chunk), since settled ones leave with `takeSettlements`.
    private var entries: [Entry] = []
    /// Where the next verdict probably belongs: verdicts mostly come in order.
    private var cursor = 0
    /// Whether `takeSettlements` has something to tell.
    package private(set) var hasVerdicts = false

    /// The first delivery that still has no verdict, as of the last `takeSettlements`.
    package var lowestOpen: UInt64? { entries.first?.tag }

    package init(generation: UInt32) {
        self.generation = generation
    }

    /// Enters a delivery; false if its tag is not above all before it, which a broker never sends.
    package mutating func deliver(_ tag: UInt64, bytes: Int) -> Bool {
        guard tag > (entries.last?.tag ?? 0) else { return false }
        entries.append(Entry(tag: tag, bytes: bytes, verdict: nil))
        openBytes += bytes
        openCount += 1
        return true
    }

    /// Enters a verdict; only the first one for a delivery counts.
    package mutating func settle(_ tag: DeliveryTag, as verdict: Verdict) -> Acceptance {
        guard tag.generation == generation else { return .stale }
        guard let index = index(of: tag.tag), entries[index].verdict == nil else { return .unknown }
        entries[index].verdict = verdict
        openBytes -= entries[index].bytes
        openCount -= 1
        hasVerdicts = true
        cursor = index + 1
        return .accepted
    }

    /// Appends what the broker can be told now, and forgets these deliveries.
    ///
    /// Rejections come before a `multiple` acknowledgement that would cover them. `multiple` is used only where every lower
    /// tag has a verdict; behind the first open delivery each tag is acknowledged by itself.
    package mutating func takeSettlements(into settlements: inout [Settlement]) {
        guard hasVerdicts else { return }
        hasVerdicts = false
        cursor = 0
        var lastCovered: UInt64?
        var covered = 0
        var prefixEnd = 0
        while prefixEnd < entries.count, let verdict = entries[prefixEnd].verdict {
            let tag = entries[prefixEnd].tag
            if verdict == .acknowledged {
                lastCovered = tag
                covered += 1
            } else {
                append(verdict, for: tag, to: &settlements)
            }
            prefixEnd += 1
        }
        if let lastCovered { settlements.append(.acknowledge(lastCovered, multiple: covered > 1)) }
        takeScattered(after: prefixEnd, into: &settlements)
    }

    private mutating func takeScattered(after prefixEnd: Int, into settlements: inout [Settlement]) {
        var kept = 0
        for index in prefixEnd..<entries.count {
            if let verdict = entries[index].verdict {
                append(verdict, for: entries[index].tag, to: &settlements)
            } else {
                entries[kept] = entries[index]
                kept += 1
            }
        }
        entries.removeSubrange(kept...)
    }

    private func append(_ verdict: Verdict, for tag: UInt64, to settlements: inout [Settlement]) {
        switch verdict {
        case .acknowledged: settlements.append(.acknowledge(tag, multiple: false))
        case .rejected(let requeue): settlements.append(.reject(tag, requeue: requeue))
        }
    }

    private func index(of tag: UInt64) -> Int? {
        if cursor < entries.count, entries[cursor].tag == tag { return cursor }
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].tag < tag { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].tag == tag ? low : nil
    }
}
