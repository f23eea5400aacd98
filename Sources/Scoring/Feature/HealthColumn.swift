/// The columns of live health, in order, behind those of `FeatureColumn`.
///
/// Health is that of the *decision*; together with the delay the model learns how fast knowledge of a route fades.
enum HealthColumn {
    /// For each scope and window: success rate, outcomes, latency, throttle rate.
    static let valuesPerWindow = 4
    static let valuesPerScope = valuesPerWindow * HealthWindow.allCases.count
    /// The first column of the scope's readings.
    static func first(of scope: HealthScope) -> Int { FeatureColumn.count + scope.rawValue * valuesPerScope }
    /// Seconds since the provider's last success, and since its last into the country.
    static let providerSinceSuccess = FeatureColumn.count + HealthScope.allCases.count * valuesPerScope
    static let providerCountrySinceSuccess = providerSinceSuccess + 1
    /// Of all columns together.
    static let end = providerCountrySinceSuccess + 1

    /// The columns as the schema describes them.
    static let features: [Feature] =
        HealthScope.allCases.flatMap { scope in
            HealthWindow.allCases.flatMap { window in
                [("success_rate", "share"), ("outcomes", "outcomes"), ("latency_ms", "milliseconds"), ("throttle_rate", "share")].map {
                    Feature(name: "\(scope.featurePrefix)_\($0)_\(window.rawValue)", type: .numeric(unit: $1))
                }
            }
        }
        + [HealthScope.provider, .providerCountry].map {
            Feature(name: "\($0.featurePrefix)_since_success_s", type: .numeric(unit: "seconds"))
        }
}
