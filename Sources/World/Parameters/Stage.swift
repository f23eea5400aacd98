import Scoring

/// What a scenario changes in the world: parameters, staged incidents and waves of traffic.
struct Stage: Sendable {
    /// More traffic for a while.
    struct Wave: Sendable {
        var start: Timestamp
        var durationMilliseconds: Int64
        /// Multiple of the traffic of the hour, ≥ 1.
        var factor: Double
        /// The template of the additional traffic; `nil` = the usual mix.
        var template: TemplateType?

        /// Factor at `time`: 1 outside, rising and falling over a tenth of the duration.
        func factor(at time: Timestamp) -> Double {
            let elapsed = Double(time - start)
            let duration = Double(durationMilliseconds)
            guard elapsed >= 0, elapsed < duration else { return 1 }
            let edge = duration / 10
            return 1 + (factor - 1) * min(1, min(elapsed, duration - elapsed) / edge)
        }
    }

    var parameters = WorldParameters()
    var outages: [Int: ForcedIncident] = [:]
    var brownOuts: [Int: ForcedIncident] = [:]
    var changes: [RouteQuality.Change] = []
    var wave: Wave?
    /// Multiple of every provider's capacity.
    var capacityFactor = 1.0

    /// - Parameter opening: when the scenario's events begin.
    init(scenario: Scenario, opening: Timestamp) {
        let abrupt = parameters.abruptChange
        if let provider = Self.index(abrupt.provider) {
            changes = [RouteQuality.Change(provider: provider, at: abrupt.at, shift: abrupt.shift)]
        }
        switch scenario {
        case .default: break
        case .outage: stageOutage(opening)
        case .drift: stageDrift(opening)
        case .overload: stageOverload(opening)
        case .holiday: stageHoliday(opening)
        }
    }

    private mutating func stageOutage(_ opening: Timestamp) {
        func incident(afterMinutes: Int64, depthMinutes: Int64) -> ForcedIncident {
            ForcedIncident(
                start: opening + afterMinutes * 60_000, onsetMilliseconds: 4 * 60_000, depthMilliseconds: depthMinutes * 60_000,
                recoveryMilliseconds: 25 * 60_000)
        }
        Self.index("sm-a").map { outages[$0] = incident(afterMinutes: 0, depthMinutes: 150) }
        Self.index("em-a").map { outages[$0] = incident(afterMinutes: 60, depthMinutes: 180) }
        Self.index("pu-a").map { brownOuts[$0] = incident(afterMinutes: 0, depthMinutes: 240) }
    }

    private mutating func stageDrift(_ opening: Timestamp) {
        parameters.driftDeviation *= 3
        for (name, minutes) in [("em-a", Int64(0)), ("sm-a", 360), ("pu-a", 720)] {
            guard let provider = Self.index(name) else { continue }
            changes.append(RouteQuality.Change(provider: provider, at: opening + minutes * 60_000, shift: -1.6))
        }
    }

    private mutating func stageOverload(_ opening: Timestamp) {
        capacityFactor = 0.45
        wave = Wave(start: opening, durationMilliseconds: 6 * 3_600_000, factor: 4, template: nil)
    }

    private mutating func stageHoliday(_ opening: Timestamp) {
        wave = Wave(start: opening, durationMilliseconds: 16 * 3_600_000, factor: 2.4, template: .marketing)
        parameters.spamFilter.marketing *= 1.8
        parameters.carrierFilter.marketing *= 1.5
        // People are up, and on the road, two hours longer.
        parameters.activityByHour = Self.later(parameters.activityByHour, hours: 2)
        parameters.offlineByHour.sms = Self.later(parameters.offlineByHour.sms, hours: 2).map { $0 * 1.3 }
        parameters.offlineByHour.push = Self.later(parameters.offlineByHour.push, hours: 2).map { $0 * 1.3 }
        parameters.burstChance *= 2
    }

    private static func later(_ table: [Double], hours: Int) -> [Double] {
        table.indices.map { table[($0 - hours + table.count) % table.count] }
    }

    private static func index(_ name: String) -> Int? {
        WorldParameters.providers.firstIndex { $0.name == name }
    }
}
