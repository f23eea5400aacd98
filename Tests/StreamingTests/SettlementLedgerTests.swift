import Streaming
import Testing

@Suite struct SettlementLedgerTests {
    typealias Ledger = SettlementLedger<Int, String>

    private func entry(_ tag: Int, _ needs: SettlementSteps, key: String? = nil) -> Ledger.Entry {
        Ledger.Entry(tag: tag, key: key, needs: needs)
    }

    @Test func acknowledgesOnlyAfterBothSteps() {
        var ledger = Ledger(memory: 8)
        let batch = ledger.begin([entry(7, [.published, .logged])])
        #expect(ledger.complete(.logged, at: [0], of: batch) == [])
        #expect(ledger.inFlight == 1)
        #expect(ledger.complete(.published, at: [0], of: batch) == [7])
        #expect(ledger.inFlight == 0)
    }

    @Test func aStepDoneTwiceAcknowledgesOnce() {
        var ledger = Ledger(memory: 8)
        let batch = ledger.begin([entry(1, .published), entry(2, [.published, .logged])])
        #expect(ledger.complete(.published, at: [0, 0, 1], of: batch) == [1])
        #expect(ledger.complete(.published, at: [0, 1], of: batch) == [])
        #expect(ledger.complete(.logged, at: [0, 1], of: batch) == [2])
        #expect(ledger.complete(.logged, at: [1], of: batch) == [])
    }

    @Test func anEmptyBatchIsThroughAtOnce() {
        var ledger = Ledger(memory: 8)
        let batch = ledger.begin([])
        #expect(ledger.inFlight == 0)
        #expect(ledger.complete(.published, at: [], of: batch) == [])
    }

    @Test func aRedeliveredMessageInFlightIsAcknowledgedUnderItsNewTagOnly() {
        var ledger = Ledger(memory: 8)
        let batch = ledger.begin([entry(1, [.published, .logged], key: "a"), entry(2, .published, key: "b")])
        #expect(ledger.complete(.published, at: [0], of: batch) == [])
        #expect(ledger.recognise("a", redeliveredAs: 11) == .inFlight)
        #expect(ledger.recognise("a", redeliveredAs: 21) == .inFlight)
        #expect(ledger.inFlight == 2)
        #expect(ledger.complete(.logged, at: [0], of: batch) == [21])
        #expect(ledger.complete(.published, at: [1], of: batch) == [2])
    }

    @Test func aRedeliveredMessageThatIsFinishedIsKnownAsLongAsTheMemoryReaches() {
        var ledger = Ledger(memory: 2)
        for (tag, key) in ["a", "b", "c"].enumerated() {
            let batch = ledger.begin([entry(tag, .published, key: key)])
            #expect(ledger.complete(.published, at: [0], of: batch) == [tag])
        }
        #expect(ledger.recognise("a", redeliveredAs: 10) == .unknown)
        #expect(ledger.recognise("b", redeliveredAs: 11) == .finished)
        #expect(ledger.recognise("c", redeliveredAs: 12) == .finished)
        #expect(ledger.recognise("d", redeliveredAs: 13) == .unknown)
    }

    @Test func aMessagePublishedTwiceByItsProducerIsSettledTwice() {
        var ledger = Ledger(memory: 8)
        let first = ledger.begin([entry(1, .published, key: "a")])
        let second = ledger.begin([entry(2, .published, key: "a")])
        #expect(ledger.complete(.published, at: [0], of: first) == [1])
        #expect(ledger.recognise("a", redeliveredAs: 12) == .inFlight)
        #expect(ledger.complete(.published, at: [0], of: second) == [12])
        #expect(ledger.recognise("a", redeliveredAs: 13) == .finished)
    }

    /// Every order of the steps of two batches of two deliveries, with one delivery that needs a single step: 7 events, 5 040 orders.
    @Test func everyOrderAcknowledgesEachDeliveryOnceAndNeverEarly() {
        typealias Event = (batch: Int, position: Int, step: SettlementSteps)
        let needs: [[SettlementSteps]] = [[[.published, .logged], .published], [[.published, .logged], [.published, .logged]]]
        let events: [Event] = needs.enumerated().flatMap { batch, deliveries in
            deliveries.enumerated().flatMap { position, steps in
                [SettlementSteps.published, .logged].filter { steps.contains($0) }.map { (batch, position, $0) }
            }
        }
        var orders = 0
        for order in Permutations(count: events.count) {
            var ledger = Ledger(memory: 8)
            let ids = needs.enumerated().map { batch, steps in
                ledger.begin(steps.enumerated().map { entry(batch * 10 + $0, $1) })
            }
            var done: [Int: SettlementSteps] = [:]
            var acknowledged: [Int] = []
            for (batch, position, step) in order.map({ events[$0] }) {
                let tag = batch * 10 + position
                done[tag, default: []].formUnion(step)
                let ready = ledger.complete(step, at: [position], of: ids[batch])
                #expect(ready == (done[tag] == needs[batch][position] ? [tag] : []))
                acknowledged += ready
            }
            #expect(acknowledged.sorted() == [0, 1, 10, 11])
            #expect(ledger.inFlight == 0)
            orders += 1
        }
        #expect(orders == 5040)
    }
}

/// All orders of 0 ..< count, by Heap's method.
private struct Permutations: Sequence, IteratorProtocol {
    private var order: [Int]
    private var counters: [Int]
    private var index = 0
    private var isFirst = true

    init(count: Int) {
        order = Array(0..<count)
        counters = Array(repeating: 0, count: count)
    }

    mutating func next() -> [Int]? {
        if isFirst {
            isFirst = false
            return order
        }
        while index < order.count {
            if counters[index] < index {
                order.swapAt(index.isMultiple(of: 2) ? 0 : counters[index], index)
                counters[index] += 1
                index = 0
                return order
            }
            counters[index] = 0
            index += 1
        }
        return nil
    }
}
