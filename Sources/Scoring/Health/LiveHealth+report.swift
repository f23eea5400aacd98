/// What live health knows of one route, for people to look at.
package struct RouteReport: Equatable, Sendable {
    package var provider: String
    /// `nil` = the provider as a whole.
    package var country: CountryCode?
    package var reading: HealthReading
    /// Of the provider as a whole; `nil` where no outcome was counted since breakers are kept.
    package var control: RouteControl?
}

/// What live health knows of one destination, whoever delivers.
package struct DestinationReport: Equatable, Sendable {
    package var channel: Channel
    package var country: CountryCode
    package var reading: HealthReading
}

extension LiveHealth {
    /// Every route with evidence: the providers as a whole by name, then their ways into countries, those with the most outcomes first.
    ///
    /// - Parameter limit: most routes; the providers as a whole come first.
    package func routeReports(at now: Timestamp, limit: Int) -> (routes: [RouteReport], total: Int) {
        var wholes: [RouteReport] = []
        var ways: [RouteReport] = []
        for (name, number) in providers {
            guard let whole = evidence[.provider(number)] else { continue }
            wholes.append(RouteReport(provider: name, country: nil, reading: whole.reading(at: now), control: controls[number]))
        }
        let names = Dictionary(uniqueKeysWithValues: providers.map { ($0.value, $0.key) })
        for (key, entry) in evidence where key.scope == .providerCountry {
            guard let name = names[key.first], let country = CountryCode(ordinal: key.second) else { continue }
            ways.append(RouteReport(provider: name, country: country, reading: entry.reading(at: now), control: controls[key.first]))
        }
        wholes.sort { $0.provider < $1.provider }
        ways.sort { left, right in
            let (one, other) = (left.reading.long.outcomes, right.reading.long.outcomes)
            return one == other ? (left.provider, left.country?.packed ?? 0) < (right.provider, right.country?.packed ?? 0) : one > other
        }
        return (Array((wholes + ways).prefix(limit)), wholes.count + ways.count)
    }

    /// Every destination with evidence, those with the most outcomes first, `limit` at most.
    package func destinationReports(at now: Timestamp, limit: Int) -> (destinations: [DestinationReport], total: Int) {
        var found: [DestinationReport] = []
        for (key, entry) in evidence where key.scope == .channelCountry {
            guard let channel = key.channel, let country = CountryCode(ordinal: key.second) else { continue }
            found.append(DestinationReport(channel: channel, country: country, reading: entry.reading(at: now)))
        }
        found.sort { left, right in
            let (one, other) = (left.reading.long.outcomes, right.reading.long.outcomes)
            return one == other
                ? (left.channel.rawValue, left.country.packed) < (right.channel.rawValue, right.country.packed) : one > other
        }
        return (Array(found.prefix(limit)), found.count)
    }
}
