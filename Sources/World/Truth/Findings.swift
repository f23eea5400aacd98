import Scoring

/// What the attempts of one notification have met, as somebody would know who is told the true cause of every failure.
///
/// An attempt meets conditions in a fixed order and stops at the first that holds: those before it did not hold, those after it
/// were not met. This is all that the oracle knows of what passes by itself.
package struct Findings: Sendable {
    /// How one condition stood when it was last met.
    struct Finding: Sendable {
        var held: Bool
        var at: Timestamp
    }

    /// By route, in the order of the channel's providers.
    private var routeFaults = Routes()
    private var spamFilters = Routes()
    private(set) var carrierFilter: Finding?
    private(set) var hostFault: Finding?
    private(set) var greylisting: Finding?
    private(set) var mailbox: Finding?
    private(set) var frequencyLimit: Finding?
    private(set) var offline: Finding?

    /// One finding for each of a channel's routes, at most four.
    private struct Routes: Sendable {
        private var slots: (Finding?, Finding?, Finding?, Finding?) = (nil, nil, nil, nil)

        subscript(provider: Int) -> Finding? {
            get {
                switch provider & 3 {
                case 0: slots.0
                case 1: slots.1
                case 2: slots.2
                default: slots.3
                }
            }
            set {
                switch provider & 3 {
                case 0: slots.0 = newValue
                case 1: slots.1 = newValue
                case 2: slots.2 = newValue
                default: slots.3 = newValue
                }
            }
        }
    }

    init() {}

    /// How the route of `provider` stood.
    func routeFault(of provider: Int) -> Finding? { routeFaults[provider] }

    /// How the content filter of `provider` stood.
    func spamFilter(of provider: Int) -> Finding? { spamFilters[provider] }

    /// Adds what an attempt at `time` met, failing with `cause` known at `knownAt`; `nil` = delivered.
    mutating func add(_ cause: FailureCause?, through provider: Int, at time: Timestamp, knownAt: Timestamp) {
        let stop = cause?.rawValue ?? .max
        func finding(_ condition: FailureCause) -> Finding? {
            condition.rawValue > stop ? nil : Finding(held: condition == cause, at: time)
        }
        func update(_ slot: inout Finding?, _ condition: FailureCause) {
            if let finding = finding(condition) { slot = finding }
        }
        if let finding = finding(.routeFault) { routeFaults[provider] = finding }
        if let finding = finding(.spamFilter) { spamFilters[provider] = finding }
        update(&carrierFilter, .carrierFilter)
        update(&hostFault, .hostFault)
        update(&greylisting, .greylisting)
        update(&mailbox, .mailboxFull)
        update(&frequencyLimit, .frequencyLimit)
        // A message that expired waited in vain until its outcome was known.
        if cause == .offline { offline = Finding(held: true, at: knownAt) }
    }
}
