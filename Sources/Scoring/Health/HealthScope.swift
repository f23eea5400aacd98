/// What live health is kept for: four crossings of route, destination and kind of message.
///
/// A key of a scope that has no evidence falls back to its parent's readings with a count of 0.
package enum HealthScope: Int, CaseIterable, Sendable {
    /// One provider.
    case provider
    /// One provider's way into one country; its parent is the provider.
    case providerCountry
    /// One provider and one kind of message; its parent is the provider.
    case providerTemplate
    /// One channel into one country, whoever delivers: tells the destination's trouble from a route's. Without a parent.
    case channelCountry

    /// First part of the names of its features.
    var featurePrefix: String {
        switch self {
        case .provider: "provider"
        case .providerCountry: "provider_country"
        case .providerTemplate: "provider_template"
        case .channelCountry: "channel_country"
        }
    }
}

/// One thing that evidence is gathered on, packed: scope, then its two parts.
struct HealthKey: Hashable, Comparable {
    let packed: UInt64

    /// - Parameter provider: the number that `LiveHealth` has given to the name.
    static func provider(_ provider: Int) -> HealthKey { HealthKey(.provider, provider, 0) }

    static func provider(_ provider: Int, into country: CountryCode) -> HealthKey {
        HealthKey(.providerCountry, provider, country.ordinal)
    }

    static func provider(_ provider: Int, with template: TemplateType) -> HealthKey {
        HealthKey(.providerTemplate, provider, template.position)
    }

    static func channel(_ channel: Channel, into country: CountryCode) -> HealthKey {
        HealthKey(.channelCountry, channel.position, country.ordinal)
    }

    init(packed: UInt64) {
        self.packed = packed
    }

    init(_ scope: HealthScope, _ first: Int, _ second: Int) {
        packed = UInt64(scope.rawValue) << 48 | UInt64(first) << 16 | UInt64(second)
    }

    /// `nil` for a number that is no key.
    var scope: HealthScope? { HealthScope(rawValue: Int(packed >> 48)) }
    /// Whether its parts lie within their vocabularies; a provider's number is for the snapshot to check.
    var isPossible: Bool {
        switch scope {
        case .provider: second == 0
        case .providerCountry: second < CountryCode.ordinalCount
        case .providerTemplate: second < TemplateType.allCases.count
        case .channelCountry: first < Channel.allCases.count && second < CountryCode.ordinalCount
        case nil: false
        }
    }

    var first: Int { Int(packed >> 16 & 0xFFFF_FFFF) }
    var second: Int { Int(packed & 0xFFFF) }
    /// Of a `channelCountry` key.
    var channel: Channel? { Channel.allCases.first { $0.position == first } }

    static func < (left: HealthKey, right: HealthKey) -> Bool { left.packed < right.packed }
}

extension Channel {
    /// Position in `allCases`.
    fileprivate var position: Int {
        switch self {
        case .email: 0
        case .sms: 1
        case .push: 2
        }
    }
}

extension TemplateType {
    /// Position in `allCases`.
    fileprivate var position: Int {
        switch self {
        case .otp: 0
        case .transactional: 1
        case .alert: 2
        case .marketing: 3
        }
    }
}
