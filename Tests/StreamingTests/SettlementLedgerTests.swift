import Streaming
import Testing

@Suite struct SettlementLedgerTests {
    typealias Ledger = SettlementLedger<Int>

    @Test func acknowledgesOnlyAfterBothSteps() {
        var ledger = Ledger()
        let batch = ledger.begin([(tag: 7, needs: [.published, .logged])])
        #expect(ledger.complete(.logged, at: [0], of: batch) == [])
        #expect(ledger.inFlight == 1)
        #expect(ledger.complete(.published, at: [0], of: batch) == [7])
        #expect(ledger.inFlight == 0)
    }

    @Test func aStepDoneTwiceAcknowledgesOnce() {
        var ledger = Ledger()
        let batch = ledger.begin([(tag: 1, needs: .published), (tag: 2, needs: [.published, .logged])])
        #expect(ledger.complete(.published, at: [0, 0, 1], of: batch) == [1])
        #expect(ledger.complete(.published, at: [0, 1], of: batch) == [])
        #expect(ledger.complete(.logged, at: [0, 1], of: batch) == [2])
        #expect(ledger.complete(.logged, at: [1], of: batch) == [])
    }

    @Test func anEmptyBatchIsThroughAtOnce() {
        var ledger = Ledger()
        let batch = ledger.begin([])
        #expect(ledger.inFlight == 0)
        #expect(ledger.complete(.published, at: [], of: batch) == [])
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
            var ledger = Ledger()
            let ids = needs.enumerated().map { batch, steps in
                ledger.begin(steps.enumerated().map { (tag: batch * 10 + $0, needs: $1) })
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
