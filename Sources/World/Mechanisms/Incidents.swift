import Scoring

/// All incidents: outages and brown-outs of providers, and trouble on the way from a provider into a country.
struct Incidents: Sendable {
    /// One kind of incident of one route, with what its phase says about later.
    private struct Track: Sendable {
        let timeline: IncidentTimeline
        let shape: IncidentShape
        let forecast: IncidentForecast

        func availability(at time: Timestamp) -> Double {
            shape.availability(in: timeline.phase(at: time))
        }

        func availability(at time: Timestamp, seenFrom now: Timestamp) -> Double {
            forecast.availability(from: timeline.phase(at: now), after: time - now)
        }
    }

    private let outages: [Track]
    private let brownOuts: [Track]
    /// By provider, then by country.
    private let regional: [[Track]]

    init(key: SeedKey, parameters: WorldParameters, forcedOutages: [Int: ForcedIncident], forcedBrownOuts: [Int: ForcedIncident]) {
        func tracks(_ shape: IncidentShape, _ key: SeedKey, _ count: Int, forced: [Int: ForcedIncident] = [:]) -> [Track] {
            let forecast = IncidentForecast(shape: shape)
            return (0..<count).map { index in
                let timeline = IncidentTimeline(
                    shape: shape, key: key[UInt64(index)], epoch: WorldParameters.epoch, forced: forced[index])
                return Track(timeline: timeline, shape: shape, forecast: forecast)
            }
        }
        let providers = WorldParameters.providers.count
        outages = tracks(parameters.outage, key[1], providers, forced: forcedOutages)
        brownOuts = tracks(parameters.brownOut, key[2], providers, forced: forcedBrownOuts)
        regional = (0..<providers).map { tracks(parameters.regionalTrouble, key[3][UInt64($0)], WorldParameters.countries.count) }
    }

    /// Share of attempts that an outage of `provider` lets through at `time`.
    func passingOutage(of provider: Int, at time: Timestamp) -> Double {
        outages[provider].availability(at: time)
    }

    /// Share of attempts that a brown-out of `provider` lets through at `time`.
    func passingBrownOut(of provider: Int, at time: Timestamp) -> Double {
        brownOuts[provider].availability(at: time)
    }

    /// Share of attempts that trouble between `provider` and `country` lets through at `time`.
    func passingRegion(of provider: Int, country: Int, at time: Timestamp) -> Double {
        regional[provider][country].availability(at: time)
    }

    /// Chance that no incident stops an attempt at `time`, knowing only the phases at `now`.
    func chanceOfPassing(through provider: Int, into country: Int, at time: Timestamp, seenFrom now: Timestamp) -> Double {
        outages[provider].availability(at: time, seenFrom: now) * brownOuts[provider].availability(at: time, seenFrom: now)
            * regional[provider][country].availability(at: time, seenFrom: now)
    }

    /// Phase of an outage of `provider` at `time`.
    func outagePhase(of provider: Int, at time: Timestamp) -> IncidentShape.Phase {
        outages[provider].timeline.phase(at: time)
    }

    /// Phase of a brown-out of `provider` at `time`.
    func brownOutPhase(of provider: Int, at time: Timestamp) -> IncidentShape.Phase {
        brownOuts[provider].timeline.phase(at: time)
    }
}
