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
/// It also knows a message again that the broker delivers a second time, because the connection was lost while it was in flight: such a
/// message is not worked on twice, it is only acknowledged under its new tag.
package struct SettlementLedger<Tag: Sendable, Key: Hashable & Sendable>: Sendable {
    /// A delivery taken in.
    package struct Entry: Sendable {
        package var tag: Tag
        /// Tells the message from all others; `nil` = not to be known again.
        package var key: Key?
        /// At least one.
        package var needs: SettlementSteps

        package init(tag: Tag, key: Key?, needs: SettlementSteps) {
            self.tag = tag
            self.key = key
            self.needs = needs
        }
    }

    /// What is known of a message that was delivered before.
    package enum Recognition: Equatable, Sendable {
        /// Nothing: it must be worked on.
        case unknown
        /// It is in flight, from now on under its new tag.
        case inFlight
        /// All its steps are done: acknowledge it.
        case finished
    }

    /// One batch in flight; ids ascend.
    package struct BatchID: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    private struct Batch: Sendable {
        var entries: [Entry]
        var openCount: Int
    }

    private struct Place: Equatable, Sendable {
        var batch: BatchID
        var position: Int
    }

    private var batches: [BatchID: Batch] = [:]
    private var nextNumber: UInt64 = 0
    private var places: [Key: Place] = [:]
    private var finished: RecentKeys<Key>

    /// Deliveries begun and not yet acknowledged.
    package private(set) var inFlight = 0

    /// - Parameter memory: finished messages that are remembered, ≥ 1: at least as many as can be in flight at once.
    package init(memory: Int) {
        finished = RecentKeys(capacity: memory)
    }

    /// Looks a redelivered message up, and gives it its new tag where it is in flight.
    package mutating func recognise(_ key: Key, redeliveredAs tag: Tag) -> Recognition {
        if let place = places[key] {
            batches[place.batch]?.entries[place.position].tag = tag
            return .inFlight
        }
        return finished.contains(key) ? .finished : .unknown
    }

    /// Takes a batch in.
    package mutating func begin(_ entries: [Entry]) -> BatchID {
        precondition(entries.allSatisfy { !$0.needs.isEmpty }, "a delivery that needs no step would never be acknowledged")
        let id = BatchID(number: nextNumber)
        nextNumber += 1
        guard !entries.isEmpty else { return id }
        for (position, entry) in entries.enumerated() {
            if let key = entry.key { places[key] = Place(batch: id, position: position) }
        }
        batches[id] = Batch(entries: entries, openCount: entries.count)
        inFlight += entries.count
        return id
    }

    /// Records that `step` is done for the entries at `positions` of the batch.
    ///
    /// - Returns: the tags that may now be acknowledged, in the order of the positions. A step done twice, or for an entry that is
    ///   already through, returns nothing.
    package mutating func complete(_ step: SettlementSteps, at positions: some Sequence<Int>, of id: BatchID) -> [Tag] {
        guard var batch = batches.removeValue(forKey: id) else { return [] }
        var ready: [Tag] = []
        for position in positions where batch.entries[position].needs.contains(step) {
            batch.entries[position].needs.remove(step)
            if batch.entries[position].needs.isEmpty {
                ready.append(batch.entries[position].tag)
                finish(batch.entries[position].key, at: Place(batch: id, position: position))
                batch.openCount -= 1
            }
        }
        inFlight -= ready.count
        if batch.openCount > 0 { batches[id] = batch }
        return ready
    }

    private mutating func finish(_ key: Key?, at place: Place) {
        guard let key else { return }
        // The same message published twice by its producer may be in flight twice; the later one keeps the key.
        if places[key] == place { places[key] = nil }
        finished.insert(key)
    }
}
