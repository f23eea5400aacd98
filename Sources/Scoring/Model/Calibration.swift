/// How the model's margin becomes P(success).
///
/// A pure function of the margin that never falls, computed by `Logistic` and in double precision throughout, so that a decision is the
/// same to the bit wherever it is replayed. The `kind` in the manifest tells versions apart: one that this build does not know is refused.
package enum Calibration: Equatable, Sendable {
    /// The logistic function of the margin: the model's own probability.
    case identity
    /// Platt's scaling: the logistic function of `slope` · margin + `intercept`.
    ///
    /// Platt (1999), "Probabilistic outputs for support vector machines".
    case platt(slope: Double, intercept: Double)
    /// Isotonic regression of the outcome on the model's own probability.
    ///
    /// Zadrozny and Elkan (2002), "Transforming classifier scores into accurate multiclass probability estimates".
    case isotonic(IsotonicCurve)

    /// What is left of certainty: no P(success) is nearer to 0 or 1 than this, 2⁻²⁰.
    package static let margin = 0x1p-20
    /// Slopes of `platt`.
    package static let slopes = 1e-3...1e3
    /// Intercepts of `platt`.
    package static let intercepts = -100.0...100.0

    /// P(success) for a margin in log-odds: in [2⁻²⁰, 1 − 2⁻²⁰], never falling; NaN for NaN.
    package func probability(margin: Float) -> Float {
        let probability =
            switch self {
            case .identity: Logistic.probability(margin: Double(margin))
            case .platt(let slope, let intercept): Logistic.probability(margin: slope * Double(margin) + intercept)
            case .isotonic(let curve): curve.calibrated(Logistic.probability(margin: Double(margin)))
            }
        guard !probability.isNaN else { return .nan }
        return Float(min(max(probability, Self.margin), 1 - Self.margin))
    }

    /// Its name in the manifest.
    package var kind: String {
        switch self {
        case .identity: "identity"
        case .platt: "platt"
        case .isotonic: "isotonic"
        }
    }
}

extension Calibration: Codable {
    private enum CodingKeys: String, CodingKey {
        case kind
        case slope
        case intercept
        case knots
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(String.self, forKey: .kind) {
        case "identity":
            self = .identity
        case "platt":
            self = .platt(
                slope: try container.decode(Double.self, forKey: .slope), intercept: try container.decode(Double.self, forKey: .intercept))
            try validate()
        case "isotonic":
            self = .isotonic(try IsotonicCurve(knots: container.decode([IsotonicCurve.Knot].self, forKey: .knots)))
        case let kind:
            throw ModelError(
                .unknownFormat, key: "calibration.kind", "is '\(kind)', but this build knows only 'identity', 'platt' and 'isotonic'")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        switch self {
        case .identity: break
        case .platt(let slope, let intercept):
            try container.encode(slope, forKey: .slope)
            try container.encode(intercept, forKey: .intercept)
        case .isotonic(let curve): try container.encode(curve.knots, forKey: .knots)
        }
    }

    /// Throws `invalidValue` for a slope or an intercept out of its range; a curve is checked when it is made.
    func validate() throws(ModelError) {
        guard case .platt(let slope, let intercept) = self else { return }
        for (key, value, range) in [("slope", slope, Self.slopes), ("intercept", intercept, Self.intercepts)] {
            guard range.contains(value) else {
                throw ModelError(
                    .invalidValue, key: "calibration.\(key)", "is \(value), but must be from \(range.lowerBound) to \(range.upperBound)")
            }
        }
    }
}
