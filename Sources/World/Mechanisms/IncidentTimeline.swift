package import Scoring

/// The incidents of one route, drawn from the seed for a long period and repeated after it, so that any time has a phase.
package struct IncidentTimeline: Sendable {
    package typealias Phase = IncidentShape.Phase

    /// Length of the drawn period: 512 days.
    static let periodMilliseconds: Int64 = 512 * 86_400_000

    private let epoch: Timestamp
    /// Start of each phase in milliseconds after the start of the period, ascending; the first is 0.
    private let starts: [Int64]
    private let phases: [Phase]
    private let forced: ForcedIncident?

    /// - Parameters:
    ///   - forced: an incident that a scenario starts whatever the dice say.
    package init(shape: IncidentShape, key: SeedKey, epoch: Timestamp, forced: ForcedIncident? = nil) {
        self.epoch = epoch
        self.forced = forced
        var starts: [Int64] = []
        var phases: [Phase] = []
        var time: Int64 = 0
        var phase = Phase.quiet
        var number: UInt64 = 0
        while time < Self.periodMilliseconds {
            starts.append(time)
            phases.append(phase)
            let length = shape.meanMilliseconds(of: phase) * key[number].exponential
            time += max(1000, Int64(min(length, Double(Self.periodMilliseconds))))
            phase = phase.next
            number += 1
        }
        self.starts = starts
        self.phases = phases
    }

    /// The phase at `time`.
    package func phase(at time: Timestamp) -> Phase {
        if let phase = forced?.phase(at: time) { return phase }
        var offset = (time - epoch) % Self.periodMilliseconds
        if offset < 0 { offset += Self.periodMilliseconds }
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        return phases[low]
    }
}

/// An incident at a set time, as a scenario stages it.
package struct ForcedIncident: Equatable, Sendable {
    package var start: Timestamp
    package var onsetMilliseconds: Int64
    package var depthMilliseconds: Int64
    package var recoveryMilliseconds: Int64

    /// The phase at `time`; `nil` outside the incident.
    func phase(at time: Timestamp) -> IncidentShape.Phase? {
        let elapsed = time - start
        guard elapsed >= 0 else { return nil }
        if elapsed < onsetMilliseconds { return .onset }
        if elapsed < onsetMilliseconds + depthMilliseconds { return .depth }
        return elapsed < onsetMilliseconds + depthMilliseconds + recoveryMilliseconds ? .recovery : nil
    }
}
