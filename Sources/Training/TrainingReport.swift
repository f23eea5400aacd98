package import Scoring

/// What a training run produced.
package struct TrainingReport: Sendable {
    package let version: String
    /// The artifact's folder.
    package let path: String
    /// What the artifact says of itself.
    package let manifest: Manifest
    /// Rows left out because their outcome is not known yet.
    package let pendingRows: Int
    /// Decisions of a log that no row was made of, by the reason; none for files.
    package let leftOut: LeftOutDecisions
    package let measurement: TestMeasurement
    /// The test period, and what each contestant said of it: for curves.
    package let test: TestPeriod

    /// Outcomes of the test rows and the probabilities that were given to them.
    package struct TestPeriod: Sendable {
        package let rows: EvaluationRows
        /// Calibrated, by name: `model`, then the baselines.
        package let probabilities: [(name: String, values: [Float])]
    }
}
