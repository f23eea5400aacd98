internal import Scoring

/// A model or a baseline with its calibration: all are treated alike, on the same rows.
struct Contestant {
    /// As the manifest calls it: `model`, `prior`, `logistic_regression`, `random_forest`.
    let name: String
    let calibration: Calibration
    /// Cross-validated log loss of each kind of calibration, in nats.
    let calibrationLogLosses: [String: Double]
    /// P(success) of the rows it was calibrated on and of the test rows.
    let calibrationProbabilities: [Float]
    let testProbabilities: [Float]

    /// Fits and chooses the calibration on the calibration period.
    ///
    /// - Parameters:
    ///   - calibrationMargins: log-odds of the rows of the calibration period.
    ///   - testMargins: log-odds of the test rows.
    init(_ name: String, calibrationMargins: [Float], testMargins: [Float], calibratedOn rows: EvaluationRows, seed: UInt32) throws {
        self.name = name
        let choice = try CalibrationChoice(margins: calibrationMargins, rows: rows, seed: UInt64(seed))
        let calibration = choice.calibration
        self.calibration = calibration
        calibrationLogLosses = choice.logLosses
        calibrationProbabilities = calibrationMargins.map { calibration.probability(margin: $0) }
        testProbabilities = testMargins.map { calibration.probability(margin: $0) }
    }
}
