package import Scoring

/// Everything that `report.html` of a model artifact shows.
///
/// What is absent or empty is left out of the page. All rates, shares and probabilities are in [0, 1].
package struct ReportPage: Sendable {
    /// What was trained, when, on what.
    package struct Header: Sendable {
        package var version: String
        package var createdAt: Timestamp
        /// The version it is to replace.
        package var parentVersion: String?
        /// The artifact's model, such as `80 trees, depth 6`.
        package var model: String
        /// Name of the data set.
        package var source: String
        /// SHA-256 of the data set, hexadecimal.
        package var sourceSHA256: String
        /// Times of the first and the last decision.
        package var from: Timestamp
        package var to: Timestamp
        /// By time, the test part last.
        package var parts: [Part]
        /// Rows left out because their outcome is not known yet.
        package var pendingRows: Int
        package var featureCount: Int
        package var schemaFingerprint: String

        package init(
            version: String, createdAt: Timestamp, parentVersion: String? = nil, model: String, source: String, sourceSHA256: String,
            from: Timestamp, to: Timestamp, parts: [Part], pendingRows: Int, featureCount: Int, schemaFingerprint: String
        ) {
            self.version = version
            self.createdAt = createdAt
            self.parentVersion = parentVersion
            self.model = model
            self.source = source
            self.sourceSHA256 = sourceSHA256
            self.from = from
            self.to = to
            self.parts = parts
            self.pendingRows = pendingRows
            self.featureCount = featureCount
            self.schemaFingerprint = schemaFingerprint
        }
    }

    /// A period of the data set.
    package struct Part: Sendable {
        /// Such as `training`.
        package var name: String
        /// What it is for, in a few words.
        package var purpose: String
        package var rows: Int
        /// Share of delivered rows.
        package var rate: Double
        /// Creation of its first notification.
        package var from: Timestamp?

        package init(name: String, purpose: String, rows: Int, rate: Double, from: Timestamp? = nil) {
            self.name = name
            self.purpose = purpose
            self.rows = rows
            self.rate = rate
            self.from = from
        }
    }

    /// A measure's value on the test rows, or the difference of two.
    package struct MeasuredValue: Sendable {
        package var measure: Measure
        package var estimate: Estimate

        package init(_ measure: Measure, _ estimate: Estimate) {
            self.measure = measure
            self.estimate = estimate
        }
    }

    /// Reliability before and after calibration.
    package struct Reliability: Sendable {
        /// Such as `isotonic`; `identity` for none.
        package var kind: String
        /// Of the model's own probability; `nil` where it is the final one.
        package var before: ReliabilityCurve?
        package var after: ReliabilityCurve

        package init(kind: String, before: ReliabilityCurve? = nil, after: ReliabilityCurve) {
            self.kind = kind
            self.before = before
            self.after = after
        }
    }

    /// Another model, measured on the same rows.
    package struct Comparison: Sendable {
        package var name: String
        package var isChampion: Bool
        package var values: [MeasuredValue]
        /// This model's value minus the other's, with the interval of the difference.
        package var differences: [MeasuredValue]

        package init(name: String, isChampion: Bool = false, values: [MeasuredValue], differences: [MeasuredValue]) {
            self.name = name
            self.isChampion = isChampion
            self.values = values
            self.differences = differences
        }
    }

    /// What a forecast that knows the true chances reaches on the same rows.
    package struct Optimum: Sendable {
        package var auc: Double
        /// In nats.
        package var logLoss: Double

        package init(auc: Double, logLoss: Double) {
            self.auc = auc
            self.logLoss = logLoss
        }
    }

    /// Segments along one dimension.
    package struct SegmentGroup: Sendable {
        /// Such as `Provider`.
        package var dimension: String
        package var segments: [Segment]

        package init(dimension: String, segments: [Segment]) {
            self.dimension = dimension
            self.segments = segments
        }
    }

    /// Test rows that have something in common.
    package struct Segment: Sendable {
        package var name: String
        package var rows: Int
        /// Share of delivered rows.
        package var rate: Double
        package var meanPrediction: Double
        /// NaN where only one kind of row occurs.
        package var auc: Double
        /// In nats.
        package var logLoss: Double
        package var calibrationError: Double
        /// What was judged a gap to the other segments, each in a sentence; empty for none.
        package var gaps: [String]

        package init(
            name: String, rows: Int, rate: Double, meanPrediction: Double, auc: Double, logLoss: Double, calibrationError: Double,
            gaps: [String] = []
        ) {
            self.name = name
            self.rows = rows
            self.rate = rate
            self.meanPrediction = meanPrediction
            self.auc = auc
            self.logLoss = logLoss
            self.calibrationError = calibrationError
            self.gaps = gaps
        }
    }

    /// One set of parameters that was tried.
    package struct Trial: Sendable {
        package var parameters: [(name: String, value: String)]
        /// In nats.
        package var validationLogLoss: Double
        package var trees: Int
        package var isChosen: Bool

        package init(parameters: [(name: String, value: String)], validationLogLoss: Double, trees: Int, isChosen: Bool) {
            self.parameters = parameters
            self.validationLogLoss = validationLogLoss
            self.trees = trees
            self.isChosen = isChosen
        }
    }

    package var header: Header
    /// Of the model on the test rows, in the order to be shown.
    package var metrics: [MeasuredValue]
    package var optimum: Optimum?
    package var comparisons: [Comparison] = []
    package var roc: ROCCurve?
    package var precisionRecall: PrecisionRecallCurve?
    package var reliability: Reliability?
    package var histogram: ProbabilityHistogram?
    package var thresholds: ThresholdTable?
    package var importances: FeatureImportances?
    package var segments: [SegmentGroup] = []
    package var learning: LearningCurve?
    package var boosting: BoostingCurve?
    package var trials: [Trial] = []

    package init(header: Header, metrics: [MeasuredValue]) {
        self.header = header
        self.metrics = metrics
    }

    func value(_ measure: Measure) -> Estimate? {
        metrics.first { $0.measure == measure }?.estimate
    }
}

extension [ReportPage.MeasuredValue] {
    subscript(_ measure: Measure) -> Estimate? {
        first { $0.measure == measure }?.estimate
    }
}
