/// The policies that are compared.
///
/// Raw values are the words of `--policies`.
package enum Contestant: String, CaseIterable, Codable, Sendable {
    case blind
    case fixed
    case exponential
    case threshold
    /// Herald with the given model.
    case model
    /// The optimiser with true probabilities.
    case oracle
}
