/// One column of the feature matrix.
package struct Feature: Equatable, Sendable {
    package var name: String
    package var type: FeatureType

    package init(name: String, type: FeatureType) {
        self.name = name
        self.type = type
    }
}

/// How the number in a column is to be read.
///
/// Missing is NaN in every type.
package enum FeatureType: Equatable, Sendable {
    /// A quantity in `unit`.
    case numeric(unit: String)
    /// The index of a word in `vocabulary`; a word that is not in it is missing.
    case categorical(vocabulary: [String])
    /// A position in [0, `period`) on a circle, in `unit`.
    case cyclic(unit: String, period: Int)
}

extension Feature: Codable {
    private enum CodingKeys: String, CodingKey {
        case name
        case type
        case unit
        case period
        case vocabulary
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        switch try container.decode(String.self, forKey: .type) {
        case "numeric":
            type = .numeric(unit: try container.decode(String.self, forKey: .unit))
        case "categorical":
            type = .categorical(vocabulary: try container.decode([String].self, forKey: .vocabulary))
        case "cyclic":
            type = .cyclic(
                unit: try container.decode(String.self, forKey: .unit), period: try container.decode(Int.self, forKey: .period))
        case let other:
            throw DecodingError.dataCorruptedError(
                forKey: .type, in: container, debugDescription: "'\(other)' is none of numeric, categorical, cyclic")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        switch type {
        case .numeric(let unit):
            try container.encode("numeric", forKey: .type)
            try container.encode(unit, forKey: .unit)
        case .categorical(let vocabulary):
            try container.encode("categorical", forKey: .type)
            try container.encode(vocabulary, forKey: .vocabulary)
        case .cyclic(let unit, let period):
            try container.encode("cyclic", forKey: .type)
            try container.encode(unit, forKey: .unit)
            try container.encode(period, forKey: .period)
        }
    }
}
