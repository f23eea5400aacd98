/// Why a decision came out as it did: one sentence for people, and what it is made of.
///
/// Names no recipient. A pure function of decision, job and model: the same for a decision that was just taken and for its record.
package struct DecisionExplanation: Equatable, Sendable, Encodable {
    /// What one column of the feature row did to the chance of success.
    package struct Contribution: Equatable, Sendable, Encodable {
        /// Name of the column.
        package var name: String
        /// Its value with the unit, or the word it stands for.
        package var value: String
        /// What it adds to the model's margin, before calibration: log-odds, above 0 where it speaks for success.
        package var logOdds: Double

        private enum CodingKeys: String, CodingKey {
            case name
            case value
            case logOdds = "log_odds"
        }
    }

    /// One of the actions that were not taken.
    package struct Alternative: Equatable, Sendable, Encodable {
        package var provider: String
        package var delayMilliseconds: Int64
        /// Calibrated P(success).
        package var probability: Float
        /// In points.
        package var utility: Double
        /// By how many points the decision's action is better; by how many giving up is, where the job is given up.
        package var pointsBehind: Double

        private enum CodingKeys: String, CodingKey {
            case provider
            case delayMilliseconds = "delay_ms"
            case probability
            case utility
            case pointsBehind = "points_behind"
        }
    }

    /// One sentence.
    package var sentence: String
    /// Which rule or override decided.
    package var reason: DecisionReason
    /// `tree_shap` (exact) or `path`; `nil` where no model was asked.
    package var method: String?
    /// The model's mean margin in log-odds, to which all contributions are added.
    package var base: Double?
    /// The columns that did most, the strongest first; empty where no action was chosen.
    package var contributions: [Contribution]
    /// The best of the actions that were not chosen; `nil` where there is none.
    package var runnerUp: Alternative?

    private enum CodingKeys: String, CodingKey {
        case sentence
        case reason
        case method
        case base
        case contributions
        case runnerUp = "runner_up"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(sentence, forKey: .sentence)
        try container.encode(reason.rawValue, forKey: .reason)
        try container.encodeIfPresent(method, forKey: .method)
        try container.encodeIfPresent(base, forKey: .base)
        try container.encode(contributions, forKey: .contributions)
        try container.encodeIfPresent(runnerUp, forKey: .runnerUp)
    }
}
