package import Scoring

/// The synthetic world: hidden state as a function of seed and time, and what becomes of attempts in it.
///
/// Everything but the providers' queues is a pure function of (seed, scenario, opening, time), so that the process that makes
/// traffic and the one that plays the providers agree without talking. The queues are a value of the caller's (`ProviderLoads`).
/// What a job or an outcome carries is what a real service would see; the truth is only ever returned beside it.
package struct World: Sendable {
    package let seed: UInt64
    package let scenario: Scenario
    /// When the scenario's events begin; without meaning in `default`.
    package let opening: Timestamp
    /// Mean first attempts per second that capacities are sized for.
    package let notificationsPerSecond: Double

    let parameters: WorldParameters
    /// Draws what the service sees and does: traffic, identities, the logging policy.
    let visibleKey: SeedKey
    /// Draws what only the world knows.
    let hiddenKey: SeedKey
    let wave: Stage.Wave?
    let curve: TrafficCurve
    let providers: [Provider]
    /// Names of the providers of each channel, the largest first.
    let routes: PerChannel<[String]>
    /// The same providers as places in `providers`.
    let routeIndices: PerChannel<[Int]>
    let countries: [Country]
    let incidents: Incidents
    let quality: RouteQuality
    let capacities: [ProviderCapacity]
    let addresses: AddressBook
    let greylisting: Greylisting
    let mailbox: Mailbox
    let frequencyLimit: FrequencyLimit
    let hostFault: HostFault
    let spamFilter: SpamFilter
    let carrierFilter: CarrierFilter
    let reachability: Reachability
    let answers: AnswerBook
    let latency: LatencyModel

    /// Where a closed-loop evaluation begins by default: eight weeks after the dataset's first day, 2026-03-02, 00:00 UTC.
    package static let evaluationStart = WorldParameters.epoch + 56 * 86_400_000

    /// - Parameters:
    ///   - opening: when the scenario's events begin: now for a running demo; by default six hours into the evaluation.
    ///   - hiddenSeed: draws the hidden state instead of `seed`: the same traffic in another world.
    ///   - notificationsPerSecond: mean traffic that the providers' capacities are sized for, > 0; by default the dataset's density.
    package init(
        seed: UInt64, scenario: Scenario = .default, opening: Timestamp = World.evaluationStart + 6 * 3_600_000,
        hiddenSeed: UInt64? = nil, notificationsPerSecond: Double? = nil
    ) {
        let stage = Stage(scenario: scenario, opening: opening)
        let parameters = stage.parameters
        let key = SeedKey(seed: hiddenSeed ?? seed)
        let rate = max(1e-6, notificationsPerSecond ?? parameters.notificationsPerDay / 86_400)
        self.seed = seed
        self.scenario = scenario
        self.opening = opening
        self.notificationsPerSecond = rate
        self.parameters = parameters
        visibleKey = SeedKey(seed: seed)
        hiddenKey = key
        wave = stage.wave
        curve = TrafficCurve(parameters: parameters)
        providers = WorldParameters.providers
        func names(_ channel: Channel) -> [String] {
            WorldParameters.providers.filter { $0.channel == channel }.map(\.name)
        }
        routes = PerChannel(email: names(.email), sms: names(.sms), push: names(.push))
        func indices(_ channel: Channel) -> [Int] {
            WorldParameters.providers.indices.filter { WorldParameters.providers[$0].channel == channel }
        }
        routeIndices = PerChannel(email: indices(.email), sms: indices(.sms), push: indices(.push))
        countries = WorldParameters.countries
        incidents = Incidents(
            key: key[.incidents], parameters: parameters, forcedOutages: stage.outages, forcedBrownOuts: stage.brownOuts)
        quality = RouteQuality(key: key[.quality], parameters: parameters, changes: stage.changes, curve: curve)
        capacities = WorldParameters.providers.map { provider in
            let load = rate * parameters.channels[provider.channel] * provider.share
            return ProviderCapacity(
                perSecond: load * provider.headroom * stage.capacityFactor, usualPerSecond: load * parameters.attemptsPerNotification,
                parameters: parameters)
        }
        addresses = AddressBook(key: key[.addresses], parameters: parameters)
        greylisting = Greylisting(key: key[.greylisting], parameters: parameters)
        mailbox = Mailbox(key: key[.mailbox], parameters: parameters)
        frequencyLimit = FrequencyLimit(key: key[.frequencyLimit], parameters: parameters)
        hostFault = HostFault(key: key[.hostFault], parameters: parameters)
        spamFilter = SpamFilter(key: key[.spamFilter], parameters: parameters)
        carrierFilter = CarrierFilter(key: key[.carrierFilter], parameters: parameters)
        reachability = Reachability(key: key[.reachability], parameters: parameters)
        answers = AnswerBook()
        latency = LatencyModel(parameters: parameters)
    }

    /// The provider's place in the world; `nil` if there is none of that name.
    package func provider(named name: String) -> Int? {
        providers.firstIndex { $0.name == name }
    }

    /// Names of the providers of a channel, the largest first.
    package func providerNames(for channel: Channel) -> [String] {
        routes[channel]
    }

    /// Attempts per second that a provider carries out.
    package func capacityPerSecond(of provider: Int) -> Double {
        capacities[provider].perMillisecond * 1000
    }
}
