/// What a row of features means: ordered names, types and vocabularies, and a fingerprint of them.
///
/// Stored in the model artifact and with every decision; a model trained on another schema is refused.
package struct FeatureSchema: Sendable {
    /// Number of the feature function's meaning: raised when a column is computed differently under the same name, half-lives of live
    /// health included.
    package static let revision = 2
    /// At most this many providers have an index of their own.
    package static let maximumProviderCount = 1024

    /// The columns in order.
    package let features: [Feature]
    /// The countries with an index of their own, in index order: ISO 3166-1 alpha-2.
    package let countries: [String]
    /// The providers with an index of their own, in index order.
    package let providers: [String]
    /// SHA-256 over the canonical text of all of the above and the revision: 64 lower-case hexadecimal digits.
    package let fingerprint: String

    /// Index in `countries` by `CountryCode.ordinal`; NaN where not in the vocabulary.
    let countryIndices: [Float]
    /// Index in `providers` by name.
    let providerIndices: [String: Float]

    /// The schema over these vocabularies; their order is part of it, so sort what has no order of its own.
    ///
    /// Throws `invalidValue` for a word that is not valid, is there twice, or is one too many.
    package init(countries: [String], providers: [String]) throws(ModelError) {
        var countryIndices = [Float](repeating: .nan, count: CountryCode.ordinalCount)
        for (index, country) in countries.enumerated() {
            guard let code = CountryCode(country), countryIndices[code.ordinal].isNaN else {
                throw ModelError(.invalidValue, key: "schema.countries", "'\(country)' is no country code or is there twice")
            }
            countryIndices[code.ordinal] = Float(index)
        }
        var providerIndices: [String: Float] = [:]
        guard providers.count <= Self.maximumProviderCount else {
            throw ModelError(.invalidValue, key: "schema.providers", "\(providers.count) are more than \(Self.maximumProviderCount)")
        }
        for (index, provider) in providers.enumerated() {
            guard Job.identifierLengths.contains(provider.utf8.count), providerIndices.updateValue(Float(index), forKey: provider) == nil
            else {
                throw ModelError(.invalidValue, key: "schema.providers", "'\(provider)' is empty, longer than 128 bytes or there twice")
            }
        }
        self.features = FeatureColumn.allCases.map { $0.feature(countries: countries, providers: providers) } + HealthColumn.features
        self.countries = countries
        self.providers = providers
        self.countryIndices = countryIndices
        self.providerIndices = providerIndices
        self.fingerprint = Checksum.sha256(Self.canonicalText(of: features))
    }

    /// Columns of the matrix.
    package var featureCount: Int { features.count }
    /// Names in column order, as the model artifact repeats them.
    package var names: [String] { features.map(\.name) }

    /// One line a feature, one line a word of its vocabulary, each word behind its length in bytes so that no word can pass for a line.
    private static func canonicalText(of features: [Feature]) -> [UInt8] {
        var text = "herald features revision \(revision)\n"
        for feature in features {
            switch feature.type {
            case .numeric(let unit):
                text += "\(feature.name) numeric \(unit)\n"
            case .cyclic(let unit, let period):
                text += "\(feature.name) cyclic \(unit) \(period)\n"
            case .categorical(let vocabulary):
                text += "\(feature.name) categorical \(vocabulary.count)\n"
                for word in vocabulary { text += "\(word.utf8.count) \(word)\n" }
            }
        }
        return Array(text.utf8)
    }
}

extension FeatureSchema: Equatable {
    package static func == (left: FeatureSchema, right: FeatureSchema) -> Bool {
        left.fingerprint == right.fingerprint
    }
}

extension FeatureSchema: Codable {
    private enum CodingKeys: String, CodingKey {
        case revision
        case fingerprint
        case features
    }

    /// Rebuilds the schema from its vocabularies and refuses any difference from what this build computes.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let features = try container.decode([Feature].self, forKey: .features)
        func vocabulary(_ name: String) throws -> [String] {
            for feature in features where feature.name == name {
                if case .categorical(let vocabulary) = feature.type { return vocabulary }
            }
            throw ModelError(.schemaMismatch, key: "schema.features", "the categorical feature '\(name)' is missing")
        }
        self = try FeatureSchema(countries: vocabulary("recipient_country"), providers: vocabulary("provider"))
        let revision = try container.decode(Int.self, forKey: .revision)
        guard revision == Self.revision else {
            throw ModelError(.schemaMismatch, key: "schema.revision", "is \(revision), but this build computes \(Self.revision)")
        }
        guard features == self.features else {
            throw ModelError(.schemaMismatch, key: "schema.features", "the features are not those this build computes")
        }
        let declared = try container.decode(String.self, forKey: .fingerprint)
        guard declared == fingerprint else {
            throw ModelError(.schemaMismatch, key: "schema.fingerprint", "is '\(declared)', but this build computes \(fingerprint)")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.revision, forKey: .revision)
        try container.encode(fingerprint, forKey: .fingerprint)
        try container.encode(features, forKey: .features)
    }
}
