/// How the model's probability becomes P(success).
///
/// The `kind` in the manifest tells versions apart: a kind that this build does not know is refused.
package enum Calibration: Equatable, Sendable {
    /// The model's own probability.
    case identity

    /// P(success) for the model's `probability`.
    func calibrated(_ probability: Float) -> Float {
        switch self {
        case .identity: probability
        }
    }
}

extension Calibration: Codable {
    private enum CodingKeys: String, CodingKey {
        case kind
    }

    package init(from decoder: any Decoder) throws {
        let kind = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .kind)
        guard kind == "identity" else {
            throw ModelError(.unknownFormat, key: "calibration.kind", "is '\(kind)', but this build knows only 'identity'")
        }
        self = .identity
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("identity", forKey: .kind)
    }
}
