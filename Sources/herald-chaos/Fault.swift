import Broker

/// Something that goes wrong, and what may follow from it.
struct Fault: Sendable {
    /// Since when the line could have worked again.
    enum Over {
        /// Since the fault was inflicted, or taken back.
        case now
        /// Since a time; a decision counts if its job's number is at least `fresh`, so that it cannot have been made before.
        case since(MonotonicTime, fresh: Int)
    }

    let name: String
    /// Whether what was in flight may come out twice: where a process or a connection ends without a farewell.
    let mayDuplicate: Bool
    /// Longest until a decision comes out again, seconds.
    let recoverySeconds: Double
    /// Inflicts it, and takes it back.
    let inflict: @Sendable (ChaosLine) throws -> Over

    init(
        _ name: String, mayDuplicate: Bool = false, recoverySeconds: Double = 10, _ inflict: @escaping @Sendable (ChaosLine) throws -> Over
    ) {
        self.name = name
        self.mayDuplicate = mayDuplicate
        self.recoverySeconds = recoverySeconds
        self.inflict = inflict
    }
}
