package import Scoring

/// The time that commands go by: the wall clock, or one that runs faster for simulations.
///
/// All processes of a simulation share `origin` and `speed`, and so agree on the time without talking.
package struct SimulationClock: Equatable, Sendable {
    /// Simulated seconds in a real one, 1–3600.
    package var speed: Int
    /// When simulated and real time were the same.
    package var origin: Timestamp

    /// The wall clock itself.
    package static let real = SimulationClock(speed: 1, origin: Timestamp(milliseconds: 0))

    package init(speed: Int, origin: Timestamp) {
        self.speed = speed
        self.origin = origin
    }

    /// An origin that processes started on the same day agree on without being told: 00:00 UTC.
    static func lastMidnight(before time: Timestamp) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds - time.milliseconds % 86_400_000)
    }

    /// The time now.
    package var now: Timestamp { time(atReal: .now) }

    /// The time when the wall clock shows `real`.
    package func time(atReal real: Timestamp) -> Timestamp {
        origin + (real - origin) * Int64(speed)
    }
}
