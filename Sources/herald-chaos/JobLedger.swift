import Broker
import Scoring

/// What became of every job: which the broker has confirmed to their producer, and which decisions came out.
final class JobLedger: Sendable {
    struct State: Sendable {
        /// By a job's number: whether the broker has taken it for good.
        var confirmed: [Bool] = []
        /// By a job's number: messages that came out, at most 255.
        var seen: [UInt8] = []
        /// Different jobs that came out.
        var seenCount = 0
        var confirmedCount = 0
        /// Highest number that came out; −1 = none.
        var highestSeen = -1
        /// All numbers below have come out.
        var completeBelow = 0
        /// Messages beyond a job's first, by the fault under way or just over.
        var duplicates: [Int: Int] = [:]
        /// Duplicates that the reader got again because its own connection was lost: the broker says so.
        var rereadCount = 0
        /// Ids that nobody published.
        var unexpected: [String] = []
        /// Messages whose decision id is not that of their job.
        var misdecided: [String] = []
        /// Jobs in quarantine that do not belong there, with the reason.
        var innocents: [String] = []
        /// Messages of faults that came out, by id: the queue's last word, and the reason in quarantine.
        var specials: [String: String] = [:]
        /// Models that decided since `models` was emptied.
        var models: Set<String> = []
        /// Ordinal of the fault that duplicates are put down to.
        var fault = -1
    }

    private static let prefix = "c-"
    /// Ids of what faults publish themselves.
    static let specialPrefix = "x-"
    private static let mostNamed = 20

    private let state = Monitor(State())

    /// Id of job `number`.
    static func id(_ number: Int) -> String { "\(prefix)\(number)" }

    func read<Value>(_ body: (State) -> Value) -> Value { state.withLock { body($0) } }

    /// Jobs are about to be published.
    func grow(to count: Int) {
        state.update { state in
            let more = count - state.confirmed.count
            guard more > 0 else { return }
            state.confirmed += [Bool](repeating: false, count: more)
            state.seen += [UInt8](repeating: 0, count: more)
        }
    }

    /// Jobs handed over to be published so far.
    var handedOver: Int { state.withLock { $0.confirmed.count } }

    func confirm(_ numbers: [Int]) {
        state.update { state in
            for number in numbers { state.confirmed[number] = true }
            state.confirmedCount += numbers.count
        }
    }

    /// Duplicates from now on are put down to fault `ordinal`.
    func begin(fault ordinal: Int) {
        state.update { state in
            state.fault = ordinal
            state.models = []
        }
    }

    /// Takes messages of one queue in.
    func take(_ deliveries: [Delivery], isQuarantine: Bool) {
        let messages = deliveries.map { delivery in
            (
                id: delivery.messageID ?? "", decision: delivery.header("x-herald-decision-id"), reason: delivery.header("x-herald-reason"),
                model: delivery.header("x-herald-model"), redelivered: delivery.redelivered
            )
        }
        state.update { state in
            for message in messages {
                if message.id.hasPrefix(Self.specialPrefix) {
                    state.specials[message.id] = isQuarantine ? message.reason ?? "?" : "decided"
                    continue
                }
                guard message.id.hasPrefix(Self.prefix), let number = Int(message.id.dropFirst(Self.prefix.count)),
                    state.seen.indices.contains(number)
                else {
                    state.unexpected.note(message.id, atMost: Self.mostNamed)
                    continue
                }
                if isQuarantine { state.innocents.note("\(message.id): \(message.reason ?? "?")", atMost: Self.mostNamed) }
                if !isQuarantine, message.decision != DecisionID(jobID: message.id, previous: nil).text {
                    state.misdecided.note(message.id, atMost: Self.mostNamed)
                }
                if let model = message.model { state.models.insert(model) }
                state.note(number, redelivered: message.redelivered)
            }
        }
    }

    /// Waits until `condition` holds; `false` where it does not within `seconds`.
    func wait(seconds: Double, _ condition: (State) -> Bool) -> Bool {
        state.wait(until: .now + .seconds(seconds)) { condition($0) ? true : nil } ?? false
    }
}

extension JobLedger.State {
    fileprivate mutating func note(_ number: Int, redelivered: Bool) {
        if seen[number] == 0 {
            seenCount += 1
            highestSeen = max(highestSeen, number)
        } else if redelivered {
            rereadCount += 1
            return
        } else {
            duplicates[fault, default: 0] += 1
        }
        if seen[number] < .max { seen[number] += 1 }
        while completeBelow < seen.count, seen[completeBelow] > 0 { completeBelow += 1 }
    }
}

extension [String] {
    fileprivate mutating func note(_ text: String, atMost limit: Int) {
        if count < limit { append(text) }
    }
}
