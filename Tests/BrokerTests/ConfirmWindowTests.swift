import Broker
import Testing

/// The window, compared with a list that is searched naively.
@Suite struct ConfirmWindowTests {
    enum Event: CustomStringConvertible {
        case publish
        case acknowledge(UInt64, multiple: Bool)
        case refuse(UInt64, multiple: Bool)
        case giveBack(Int)
        case lose

        var description: String {
            switch self {
            case .publish: "publish"
            case .acknowledge(let sequence, let multiple): "ack \(sequence)\(multiple ? "+" : "")"
            case .refuse(let sequence, let multiple): "nack \(sequence)\(multiple ? "+" : "")"
            case .giveBack(let key): "return \(key)"
            case .lose: "lose"
            }
        }
    }

    /// Messages carry a number of their own and a key that returns are matched by; keys repeat.
    struct Message: Sendable, Equatable {
        let number: Int
        let key: Int
    }

    struct Outcome: Equatable {
        let number: Int
        let answer: ConfirmWindow<Message>.Answer
    }

    struct Model {
        var open: [(sequence: UInt64, message: Message, returned: Bool)] = []
        var sequence: UInt64 = 0
        var published = 0
        var lastReturned: UInt64 = 0

        mutating func answer(_ sequence: UInt64, _ multiple: Bool, _ answer: ConfirmWindow<Message>.Answer) -> [Outcome] {
            let isAll = multiple && sequence == 0
            guard isAll || open.contains(where: { $0.sequence == sequence }) || (multiple && sequence <= self.sequence) else { return [] }
            let hit = open.filter { isAll || $0.sequence == sequence || (multiple && $0.sequence < sequence) }
            open.removeAll { entry in hit.contains { $0.sequence == entry.sequence } }
            return hit.map {
                Outcome(number: $0.message.number, answer: $0.returned ? .returned(code: 312, text: "NO_ROUTE") : answer)
            }
        }

        /// Returns arrive in publishing order: the first match behind the last return, else the first match.
        mutating func giveBack(_ key: Int) -> Bool {
            let matches = open.indices.filter { open[$0].message.key == key && !open[$0].returned }
            guard let index = matches.first(where: { open[$0].sequence > lastReturned }) ?? matches.first else { return false }
            open[index].returned = true
            lastReturned = open[index].sequence
            return true
        }
    }

    struct Pair {
        var window: ConfirmWindow<Message>
        var model = Model()

        /// Applies the event to both; returns a difference, nil if there is none.
        mutating func apply(_ event: Event) -> String? {
            var settled: [ConfirmWindow<Message>.Settled] = []
            var expected: [Outcome] = []
            switch event {
            case .publish:
                guard window.hasRoom(for: 10) else { return nil }
                let message = Message(number: model.published, key: model.published % 2)
                window.publish(message, bytes: 10, now: MonotonicTime(nanoseconds: Int64(model.published)))
                model.published += 1
                model.sequence += 1
                model.open.append((model.sequence, message, false))
            case .acknowledge(let sequence, let multiple):
                window.acknowledge(sequence, multiple: multiple, into: &settled)
                expected = model.answer(sequence, multiple, .confirmed)
            case .refuse(let sequence, let multiple):
                window.refuse(sequence, multiple: multiple, into: &settled)
                expected = model.answer(sequence, multiple, .refused)
            case .giveBack(let key):
                let isKnown = window.giveBack(code: 312, text: "NO_ROUTE") { $0.key == key }
                if isKnown != model.giveBack(key) { return "return \(key): \(isKnown)" }
            case .lose:
                let lost = window.takeUnanswered()
                if lost != model.open.map(\.message) { return "lost \(lost)" }
                model.open = []
                model.sequence = 0
                model.lastReturned = 0
            }
            let found = settled.map { Outcome(number: $0.message.number, answer: $0.answer) }
            if found != expected { return "settled \(found), expected \(expected)" }
            if window.count != model.open.count || window.bytes != model.open.count * 10 { return "count \(window.count)" }
            if window.nextSequence != model.sequence + 1 { return "next sequence \(window.nextSequence)" }
            let oldest = model.open.first.map { MonotonicTime(nanoseconds: Int64($0.message.number)) }
            return window.waitingSince == oldest ? nil : "waiting since \(String(describing: window.waitingSince))"
        }
    }

    private static let alphabet: [Event] =
        [.publish, .giveBack(0), .giveBack(1), .lose]
        + (0...5).flatMap { sequence in
            [true, false].flatMap { multiple in
                [Event.acknowledge(UInt64(sequence), multiple: multiple), .refuse(UInt64(sequence), multiple: multiple)]
            }
        }

    /// Every sequence of up to four events after 0 to 4 publications: about three million.
    @Test(arguments: 0...4) func agreesWithTheModelOnEverySmallCase(published: Int) {
        var start = Pair(window: ConfirmWindow(limits: .init(messages: 4, bytes: 1000)))
        for _ in 0..<published { #expect(start.apply(.publish) == nil) }
        var failures: [String] = []
        var cases = 0
        func explore(_ pair: Pair, _ path: [Event]) {
            for event in Self.alphabet where failures.count < 3 {
                var next = pair
                cases += 1
                if let difference = next.apply(event) {
                    failures.append("\(path + [event]): \(difference)")
                } else if path.count < 3 {
                    explore(next, path + [event])
                }
            }
        }
        explore(start, [])
        #expect(failures == [])
        #expect(cases > 600_000)
    }

    @Test(arguments: UInt64(1)...60) func agreesWithTheModelOnLongRuns(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let limit = Int.random(in: 1...40, using: &generator)
        var pair = Pair(window: ConfirmWindow(limits: .init(messages: limit, bytes: 10 * limit - 5)))
        for step in 0..<3000 {
            let near = Int64(pair.model.sequence) - Int64.random(in: -2...Int64(limit) * 2, using: &generator)
            let sequence = UInt64(max(0, near))
            let event: Event =
                switch Int.random(in: 0..<100, using: &generator) {
                case ..<50: .publish
                case ..<70: .acknowledge(sequence, multiple: false)
                case ..<82: .acknowledge(sequence, multiple: true)
                case ..<88: .refuse(sequence, multiple: Bool.random(using: &generator))
                case ..<99: .giveBack(Int.random(in: 0...1, using: &generator))
                default: .lose
                }
            let difference = pair.apply(event)
            #expect(difference == nil, "seed \(seed), step \(step), \(event)")
            if difference != nil { return }
        }
        #expect(pair.model.published > 100)
    }

    @Test func limitsMessagesAndBytes() {
        var window = ConfirmWindow<Int>(limits: .init(messages: 3, bytes: 100))
        let now = MonotonicTime(nanoseconds: 1)
        // A message larger than all that may be in flight still goes, but alone.
        #expect(window.hasRoom(for: 1000))
        window.publish(0, bytes: 1000, now: now)
        #expect(!window.hasRoom(for: 1))
        var settled: [ConfirmWindow<Int>.Settled] = []
        window.acknowledge(1, multiple: false, into: &settled)
        window.publish(1, bytes: 50, now: now)
        #expect(window.hasRoom(for: 50))
        #expect(!window.hasRoom(for: 51))
        window.publish(2, bytes: 1, now: now)
        window.publish(3, bytes: 1, now: now)
        #expect(!window.hasRoom(for: 1))
    }

    @Test func oneLateConfirmDoesNotStopTheOthers() {
        var window = ConfirmWindow<Int>(limits: .init(messages: 4, bytes: 1000))
        let now = MonotonicTime(nanoseconds: 1)
        window.publish(1, bytes: 1, now: now)
        var settled: [ConfirmWindow<Int>.Settled] = []
        for number in 2...16 {
            #expect(window.hasRoom(for: 1))
            window.publish(number, bytes: 1, now: now)
            window.acknowledge(UInt64(number), multiple: false, into: &settled)
        }
        #expect(settled.map(\.message) == Array(2...16))
        // Its patience has an end: the ring holds four times the window.
        #expect(!window.hasRoom(for: 1))
        #expect(window.takeUnanswered() == [1])
    }

    @Test func timeInWhichTheBrokerWasBlockedDoesNotCount() {
        var window = ConfirmWindow<Int>()
        window.publish(1, bytes: 1, now: MonotonicTime(nanoseconds: 5))
        #expect(window.waitingSince == MonotonicTime(nanoseconds: 5))
        window.restartClock(now: MonotonicTime(nanoseconds: 50))
        #expect(window.waitingSince == MonotonicTime(nanoseconds: 50))
        window.publish(2, bytes: 1, now: MonotonicTime(nanoseconds: 70))
        var settled: [ConfirmWindow<Int>.Settled] = []
        window.acknowledge(1, multiple: false, into: &settled)
        #expect(window.waitingSince == MonotonicTime(nanoseconds: 70))
    }
}
