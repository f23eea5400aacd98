internal import FoundationEssentials

/// Live health as it is saved; `LiveHealth(snapshot:)` goes on from it.
package struct HealthSnapshot: Equatable, Sendable {
    /// Why a snapshot was refused.
    package struct Defect: Error, Equatable, Sendable, CustomStringConvertible {
        /// One sentence that names the key.
        package let description: String
    }

    /// One key with its evidence.
    struct Key: Equatable, Sendable, Codable {
        let key: UInt64
        let evidence: HealthEvidence
    }

    /// Breaker and price of one provider.
    struct Route: Equatable, Sendable, Codable {
        /// Index into `providers`.
        let provider: Int
        let control: RouteControl
    }

    /// The format this build writes and reads; another is refused.
    static let currentFormatVersion = 1
    /// The same for `routes`, which snapshots of before there were breakers do not have: those begin with closed ones.
    static let currentRoutesVersion = 1
    /// More than all outcomes of a long half-life, and than their latencies in milliseconds.
    private static let largestSum = 1e20
    /// Largest snapshot that is read, in bytes.
    package static let maximumByteCount = 14 << 20

    /// Everything visible by then is counted.
    package let advancedTo: Timestamp
    let providers: [String]
    let keys: [Key]
    let routes: [Route]

    init(advancedTo: Timestamp, providers: [String], keys: [Key], routes: [Route]) {
        self.advancedTo = advancedTo
        self.providers = providers
        self.keys = keys
        self.routes = routes
    }

    /// Reads what `json()` has written.
    package init(json bytes: [UInt8]) throws(Defect) {
        guard bytes.count <= Self.maximumByteCount else {
            throw Defect(description: "a snapshot of live health has at most \(Self.maximumByteCount) bytes, not \(bytes.count)")
        }
        do {
            self = try JSONDecoder().decode(HealthSnapshot.self, from: Data(bytes))
        } catch let defect as Defect {
            throw defect
        } catch {
            throw Defect(description: "this is no snapshot of live health: \(error)")
        }
        try validate()
    }

    /// The snapshot as JSON, the same bytes for the same state.
    package func json() throws(Defect) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        do {
            return try Array(encoder.encode(self))
        } catch {
            throw Defect(description: "this live health cannot be written: \(error)")
        }
    }

    func validate() throws(Defect) {
        let names = providers.filter { !$0.isEmpty }
        guard providers.count <= FeatureSchema.maximumProviderCount, Set(names).count == names.count else {
            throw Defect(description: "providers: more than \(FeatureSchema.maximumProviderCount), or one is there twice")
        }
        guard Set(keys.map(\.key)).count == keys.count else { throw Defect(description: "keys: one is there twice") }
        for key in keys {
            let packed = HealthKey(packed: key.key)
            guard let scope = packed.scope, packed.isPossible,
                scope == .channelCountry || packed.first < providers.count && !providers[packed.first].isEmpty
            else {
                throw Defect(description: "keys: \(key.key) names no scope or no provider of the snapshot")
            }
            guard key.evidence.at <= advancedTo, key.evidence.lastSuccessAt.map({ $0 <= key.evidence.at }) ?? true else {
                throw Defect(description: "keys: the times of \(key.key) lie ahead of 'advanced_to' or of one another")
            }
            for sums in [key.evidence.short, key.evidence.long] {
                let numbers = [sums.outcomes, sums.successes, sums.throttled, sums.timed, sums.latencyMilliseconds]
                guard numbers.allSatisfy({ (0...Self.largestSum).contains($0) }) else {
                    throw Defect(description: "keys: the evidence of \(key.key) has a number that is negative, too large or not finite")
                }
                // Sums of the same weights, rounded each by itself.
                let bound = sums.outcomes * (1 + 1e-9)
                guard max(sums.successes, sums.throttled, sums.timed) <= bound else {
                    throw Defect(description: "keys: the evidence of \(key.key) has a part larger than the whole")
                }
            }
        }
        try validateRoutes()
    }

    private func validateRoutes() throws(Defect) {
        guard Set(routes.map(\.provider)).count == routes.count else { throw Defect(description: "routes: one is there twice") }
        for route in routes {
            guard providers.indices.contains(route.provider), !providers[route.provider].isEmpty else {
                throw Defect(description: "routes: \(route.provider) is no provider of the snapshot")
            }
            if let defect = route.control.defect(advancedTo: advancedTo) {
                throw Defect(description: "routes: \(providers[route.provider]): \(defect)")
            }
        }
    }
}

extension HealthSnapshot: Codable {
    private enum CodingKeys: String, CodingKey {
        case formatVersion = "format_version"
        case shortHalfLife = "short_half_life_ms"
        case longHalfLife = "long_half_life_ms"
        case advancedTo = "advanced_to"
        case providers
        case keys
        case routesVersion = "routes_version"
        case routes
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard try container.decode(Int.self, forKey: .formatVersion) == Self.currentFormatVersion,
            try container.decode(Int64.self, forKey: .shortHalfLife) == HealthWindow.short.halfLifeMilliseconds,
            try container.decode(Int64.self, forKey: .longHalfLife) == HealthWindow.long.halfLifeMilliseconds
        else {
            throw Defect(description: "format_version: the snapshot is of another format or of other half-lives than this build's")
        }
        advancedTo = try container.decode(Timestamp.self, forKey: .advancedTo)
        providers = try container.decode([String].self, forKey: .providers)
        keys = try container.decode([Key].self, forKey: .keys)
        if let version = try container.decodeIfPresent(Int.self, forKey: .routesVersion) {
            guard version == Self.currentRoutesVersion else {
                throw Defect(description: "routes_version: is \(version), but this build reads only \(Self.currentRoutesVersion)")
            }
            routes = try container.decode([Route].self, forKey: .routes)
        } else {
            routes = []
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.currentFormatVersion, forKey: .formatVersion)
        try container.encode(HealthWindow.short.halfLifeMilliseconds, forKey: .shortHalfLife)
        try container.encode(HealthWindow.long.halfLifeMilliseconds, forKey: .longHalfLife)
        try container.encode(advancedTo, forKey: .advancedTo)
        try container.encode(providers, forKey: .providers)
        try container.encode(keys, forKey: .keys)
        try container.encode(Self.currentRoutesVersion, forKey: .routesVersion)
        try container.encode(routes, forKey: .routes)
    }
}
