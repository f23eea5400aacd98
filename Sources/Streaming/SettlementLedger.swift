/// What must have happened before a delivery is acknowledged.
package struct SettlementSteps: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The broker has confirmed the message that carries the decision (acked, not returned).
    package static let published = SettlementSteps(rawValue: 1)
    /// The decision's record is durable.
    package static let logged = SettlementSteps(rawValue: 2)
}

/// Says when a delivery may be acknowledged: after each step it needs is done, and never before.
///
/// A pure value: the steps come in any order and from any thread that holds the lock around it; what may be acknowledged comes back.
package struct SettlementLedger<Tag: Sendable>: Sendable {
    /// One batch in flight; ids ascend.
    package struct BatchID: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    private struct Batch: Sendable {
        var tags: [Tag]
        var open: [SettlementSteps]
        var openCount: Int
    }

    private var batches: [BatchID: Batch] = [:]
    private var nextNumber: UInt64 = 0

    /// Deliveries begun and not yet acknowledged.
    package private(set) var inFlight = 0

    package init() {}

    /// Takes a batch in: one tag and the steps it needs for each delivery, at least one.
    package mutating func begin(_ deliveries: [(tag: Tag, needs: SettlementSteps)]) -> BatchID {
        precondition(deliveries.allSatisfy { !$0.needs.isEmpty }, "a delivery that needs no step would never be acknowledged")
        let id = BatchID(number: nextNumber)
        nextNumber += 1
        guard !deliveries.isEmpty else { return id }
        batches[id] = Batch(tags: deliveries.map(\.tag), open: deliveries.map(\.needs), openCount: deliveries.count)
        inFlight += deliveries.count
        return id
    }

    /// Records that `step` is done for the deliveries at `positions` of the batch.
    ///
    /// - Returns: the tags that may now be acknowledged, in the order of the positions. A step done twice, or for a delivery that is
    ///   already through, returns nothing.
    package mutating func complete(_ step: SettlementSteps, at positions: some Sequence<Int>, of id: BatchID) -> [Tag] {
        guard var batch = batches.removeValue(forKey: id) else { return [] }
        var ready: [Tag] = []
        for position in positions where batch.open[position].contains(step) {
            batch.open[position].remove(step)
            if batch.open[position].isEmpty {
                ready.append(batch.tags[position])
                batch.openCount -= 1
            }
        }
        inFlight -= ready.count
        if batch.openCount > 0 { batches[id] = batch }
        return ready
    }
}
