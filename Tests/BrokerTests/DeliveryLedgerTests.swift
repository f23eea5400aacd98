import Broker
import Testing

/// The ledger, checked against a broker that keeps its own books and closes the channel over any mistake.
@Suite struct DeliveryLedgerTests {
    typealias Verdict = DeliveryLedger.Verdict

    /// RabbitMQ's side: outstanding deliveries, and what was said about each.
    struct ModelBroker {
        var outstanding: Set<UInt64> = []
        var heard: [UInt64: Verdict] = [:]
        var mistakes: [String] = []

        mutating func hear(_ settlement: DeliveryLedger.Settlement) {
            switch settlement {
            case .acknowledge(let tag, multiple: false): settle(tag, .acknowledged)
            case .acknowledge(let tag, multiple: true):
                if !outstanding.contains(tag) { mistakes.append("multiple up to the unknown tag \(tag)") }
                for lower in outstanding.filter({ $0 <= tag }) { settle(lower, .acknowledged) }
            case .reject(let tag, let requeue): settle(tag, .rejected(requeue: requeue))
            }
        }

        private mutating func settle(_ tag: UInt64, _ verdict: Verdict) {
            if outstanding.remove(tag) == nil { mistakes.append("unknown delivery tag \(tag)") }
            heard[tag] = verdict
        }
    }

    struct Pair {
        var ledger = DeliveryLedger(generation: 7)
        var broker = ModelBroker()
        var decided: [UInt64: Verdict] = [:]

        mutating func deliver(_ tag: UInt64) {
            #expect(ledger.deliver(tag, bytes: Int(tag)) == true)
            broker.outstanding.insert(tag)
        }

        mutating func settle(_ tag: UInt64, _ verdict: Verdict) -> Bool {
            let accepted = ledger.settle(DeliveryTag(generation: 7, tag: tag), as: verdict) == .accepted
            if accepted { decided[tag] = verdict }
            return accepted
        }

        /// Tells the broker; afterwards it must have heard exactly what was decided.
        mutating func flush() -> Bool {
            var settlements: [DeliveryLedger.Settlement] = []
            ledger.takeSettlements(into: &settlements)
            for settlement in settlements { broker.hear(settlement) }
            return broker.mistakes.isEmpty && broker.heard == decided
                && ledger.openCount == broker.outstanding.count
                && ledger.openBytes == broker.outstanding.reduce(0) { $0 + Int($1) }
        }
    }

    /// Four deliveries, settled in every order, with every verdict, flushed after any of the steps.
    @Test func saysExactlyWhatWasDecidedInEverySmallCase() {
        let verdicts: [Verdict] = [.acknowledged, .rejected(requeue: true), .rejected(requeue: false)]
        var cases = 0
        var failures: [String] = []
        func explore(_ pair: Pair, _ left: [UInt64], _ path: [String]) {
            for (position, tag) in left.enumerated() {
                for verdict in verdicts {
                    for flushes in [false, true] where failures.count < 3 {
                        var next = pair
                        var rest = left
                        rest.remove(at: position)
                        cases += 1
                        let accepted = next.settle(tag, verdict)
                        // The last step always flushes, or nothing would be compared.
                        let agrees = flushes || rest.isEmpty ? next.flush() : true
                        let step = path + ["\(tag) \(verdict)\(flushes ? " flush" : "")"]
                        if !accepted || !agrees { failures.append("\(step): \(next.broker.mistakes)") }
                        explore(next, rest, step)
                    }
                }
            }
        }
        var start = Pair()
        for tag in UInt64(1)...4 { start.deliver(tag) }
        explore(start, [1, 2, 3, 4], [])
        #expect(failures == [])
        #expect(cases > 30_000)
    }

    @Test(arguments: UInt64(1)...60) func saysExactlyWhatWasDecidedInLongRuns(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var pair = Pair()
        var next: UInt64 = 1
        for step in 0..<2000 {
            switch Int.random(in: 0..<10, using: &generator) {
            case ..<4:
                pair.deliver(next)
                next += 1
            case ..<9:
                // Mostly in order, sometimes any, sometimes one that is long settled or not delivered yet.
                let oldest = pair.broker.outstanding.subtracting(pair.decided.keys).min()
                let any = UInt64.random(in: 1...(next + 1), using: &generator)
                let tag = Int.random(in: 0..<3, using: &generator) > 0 ? oldest ?? any : any
                let verdict: Verdict =
                    [.acknowledged, .acknowledged, .rejected(requeue: false), .rejected(requeue: true)]
                    .randomElement(using: &generator) ?? .acknowledged
                let wasOpen = tag < next && pair.decided[tag] == nil
                #expect(pair.settle(tag, verdict) == wasOpen, "seed \(seed), step \(step), tag \(tag)")
            default:
                let agrees = pair.flush()
                #expect(agrees, "seed \(seed), step \(step): \(pair.broker.mistakes)")
                if !agrees { return }
            }
        }
        #expect(pair.flush() == true)
    }

    @Test func coalescesWhatIsSettledInARow() {
        var pair = Pair()
        for tag in UInt64(1)...100 { pair.deliver(tag) }
        var settlements: [DeliveryLedger.Settlement] = []
        for tag in UInt64(1)...50 { _ = pair.settle(tag, .acknowledged) }
        for tag in UInt64(60)...61 { _ = pair.settle(tag, .acknowledged) }
        pair.ledger.takeSettlements(into: &settlements)
        #expect(settlements == [.acknowledge(50, multiple: true), .acknowledge(60, multiple: false), .acknowledge(61, multiple: false)])
        #expect(pair.ledger.openCount == 48)
    }

    @Test func dropsTagsOfAnotherConnection() {
        var ledger = DeliveryLedger(generation: 2)
        #expect(ledger.deliver(1, bytes: 1) == true)
        #expect(ledger.settle(DeliveryTag(generation: 1, tag: 1), as: .acknowledged) == .stale)
        #expect(ledger.settle(DeliveryTag(generation: 2, tag: 2), as: .acknowledged) == .unknown)
        #expect(ledger.settle(DeliveryTag(generation: 2, tag: 1), as: .acknowledged) == .accepted)
        #expect(ledger.settle(DeliveryTag(generation: 2, tag: 1), as: .rejected(requeue: true)) == .unknown)
        var settlements: [DeliveryLedger.Settlement] = []
        ledger.takeSettlements(into: &settlements)
        #expect(settlements == [.acknowledge(1, multiple: false)])
    }

    @Test func refusesTagsThatDoNotAscend() {
        var ledger = DeliveryLedger(generation: 1)
        #expect(ledger.deliver(5, bytes: 1) == true)
        #expect(ledger.deliver(5, bytes: 1) == false)
        #expect(ledger.deliver(4, bytes: 1) == false)
    }
}
