/// What a training run produced.
package struct TrainingReport: Sendable {
    package let version: String
    /// The artifact's folder.
    package let path: String
    /// Rows of the three periods, and rows left out because their outcome is not known yet.
    package let trainingRows: Int
    package let validationRows: Int
    package let testRows: Int
    package let pendingRows: Int
    package let treeCount: Int
    package let countryCount: Int
    package let providerCount: Int
    /// Of the model, on the test period.
    package let model: Evaluation
    /// Of the training period's rate as the only answer, on the same rows.
    package let prior: Evaluation
}
