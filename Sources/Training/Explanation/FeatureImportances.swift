/// How much each feature matters to a model.
package struct FeatureImportances: Equatable, Sendable {
    package struct Feature: Equatable, Sendable {
        package var name: String
        /// Share of the loss reduction of all splits that is due to splits on this feature; 0 for one that is never split on.
        package var gainShare: Double
        /// Mean absolute contribution to the margin of the sampled rows (SHAP), in log-odds.
        package var meanAbsoluteContribution: Double

        package init(name: String, gainShare: Double, meanAbsoluteContribution: Double) {
            self.name = name
            self.gainShare = gainShare
            self.meanAbsoluteContribution = meanAbsoluteContribution
        }
    }

    /// By falling mean absolute contribution.
    package var features: [Feature]
    /// Rows that the contributions were averaged over.
    package var sampledRows: Int
    /// Whether the contributions are those of Saabas' approximation and not of exact TreeSHAP.
    package var isApproximate: Bool

    package init(features: [Feature], sampledRows: Int, isApproximate: Bool) {
        self.features = features
        self.sampledRows = sampledRows
        self.isApproximate = isApproximate
    }
}
