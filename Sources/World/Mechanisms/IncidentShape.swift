/// How one kind of trouble comes and goes: it sets in, reaches its depth, and recovers, each phase of exponential length.
///
/// Exponential phases make the hidden state memoryless: given the phase now, nothing older says more about what follows. Four
/// phases in a row give total durations with the hump and the tail that public incident histories of messaging services show.
package struct IncidentShape: Equatable, Sendable {
    /// Where an incident stands.
    package enum Phase: UInt8, CaseIterable, Sendable {
        case quiet
        case onset
        case depth
        case recovery

        /// The phase that follows.
        var next: Phase { Phase(rawValue: (rawValue + 1) & 3) ?? .quiet }
    }

    /// Mean hours without trouble between two incidents, > 0.
    package var quietHours: Double
    /// Mean minutes of the onset, > 0.
    package var onsetMinutes: Double
    /// Mean minutes at full depth, > 0.
    package var depthMinutes: Double
    /// Mean minutes of the recovery, > 0.
    package var recoveryMinutes: Double
    /// Share of attempts that pass during the onset.
    package var onsetAvailability: Double
    /// Share of attempts that pass at full depth.
    package var depthAvailability: Double
    /// Share of attempts that pass during the recovery.
    package var recoveryAvailability: Double

    package init(
        quietHours: Double, onsetMinutes: Double, depthMinutes: Double, recoveryMinutes: Double, onsetAvailability: Double,
        depthAvailability: Double, recoveryAvailability: Double
    ) {
        self.quietHours = quietHours
        self.onsetMinutes = onsetMinutes
        self.depthMinutes = depthMinutes
        self.recoveryMinutes = recoveryMinutes
        self.onsetAvailability = onsetAvailability
        self.depthAvailability = depthAvailability
        self.recoveryAvailability = recoveryAvailability
    }

    /// Share of attempts that pass in `phase`.
    package func availability(in phase: Phase) -> Double {
        switch phase {
        case .quiet: 1
        case .onset: onsetAvailability
        case .depth: depthAvailability
        case .recovery: recoveryAvailability
        }
    }

    /// Mean length of `phase` in milliseconds.
    package func meanMilliseconds(of phase: Phase) -> Double {
        switch phase {
        case .quiet: quietHours * 3_600_000
        case .onset: onsetMinutes * 60_000
        case .depth: depthMinutes * 60_000
        case .recovery: recoveryMinutes * 60_000
        }
    }
}
