/// Features that P(success) may only rise or only fall with, where the domain demands it.
package struct MonotoneConstraints: Equatable, Sendable {
    /// The demands, each with its reason; a feature that is not here may do as the data say.
    ///
    /// Few columns qualify. Waiting helps against full mailboxes and throttling but not at night or near expiry, so neither delays nor ages
    /// are held to a direction; a retry is likelier to fail than a first attempt, except after greylisting, which a retry passes.
    package static let standard: [String: Int] = [
        // Limits only ever cut off what is large: SMTP's SIZE (RFC 1870), the parts of a long SMS that must all arrive, the 4 KB of a push
        // message. Where a large message did better by chance, the model must not learn to prefer it.
        "payload_size": -1
    ]

    /// 1, −1 or 0 for each feature.
    private let directions: [Int]

    /// Throws a `TrainingError` for a name that no feature has, and for a direction other than 1 and −1.
    package init(_ table: [String: Int], featureNames: [String]) throws {
        for (name, direction) in table.sorted(by: { $0.key < $1.key }) {
            guard featureNames.contains(name) else {
                throw TrainingError(
                    .configuration, "monotone: there is no feature '\(name)'; there are \(featureNames.joined(separator: ", "))")
            }
            guard direction == 1 || direction == -1 else {
                throw TrainingError(.configuration, "monotone: the direction of '\(name)' is \(direction), but must be 1 or -1")
            }
        }
        directions = featureNames.map { table[$0] ?? 0 }
    }

    /// As libxgboost takes it; `nil` without constraints.
    var argument: String? {
        directions.allSatisfy { $0 == 0 } ? nil : "(\(directions.map(String.init).joined(separator: ",")))"
    }
}
