extension Manifest {
    /// What the measurement on the test period says beyond the model's own metrics.
    package struct Assessment: Codable, Equatable, Sendable {
        /// The model against another on the same rows: differences of their metrics, model − other, with paired intervals.
        package struct Comparison: Codable, Equatable, Sendable {
            package var differences: [String: Metric]
            /// How the log loss compares: `better` or `worse` where the whole interval is, else `indistinguishable`.
            package var verdict: String

            package init(differences: [String: Metric], verdict: String) {
                self.differences = differences
                self.verdict = verdict
            }
        }

        /// The largest distance of a metric between two groups of one kind.
        package struct Gap: Codable, Equatable, Sendable {
            /// The feature that divides the rows, such as `channel`.
            package var segment: String
            /// The metric that is compared.
            package var metric: String
            /// The groups with the lowest and the highest value.
            package var lowest: String
            package var highest: String
            /// How far they are apart, with the interval of this difference.
            package var gap: Metric
            /// What a gap may be, in the metric's unit.
            package var limit: Double
            /// Whether the gap is above its limit and cannot be explained by chance.
            package var isFlagged: Bool

            package init(
                segment: String, metric: String, lowest: String, highest: String, gap: Metric, limit: Double, isFlagged: Bool
            ) {
                self.segment = segment
                self.metric = metric
                self.lowest = lowest
                self.highest = highest
                self.gap = gap
                self.limit = limit
                self.isFlagged = isFlagged
            }

            private enum CodingKeys: String, CodingKey {
                case segment
                case metric
                case lowest
                case highest
                case gap
                case limit
                case isFlagged = "flagged"
            }
        }

        /// The probability from which a row counts as predicted to be delivered: the one with the highest F1 on the calibration period.
        package var operatingThreshold: Double
        /// Resamples of the notifications behind every interval.
        package var resamples: Int
        /// Cross-validated log loss in nats of each kind of calibration on the calibration period; the lowest one was chosen.
        package var calibrationLogLosses: [String: Double]?
        /// How each baseline was calibrated, by its name.
        package var baselineCalibration: [String: String]
        /// By feature, then by group: `rows`, `base_rate` and the metrics of the group.
        package var segments: [String: [String: [String: Metric]]]
        package var gaps: [Gap]
        /// By the other's name: a baseline's or `champion`.
        package var comparisons: [String: Comparison]
        /// What is drawn of the test period; `nil` in artifacts of before this was recorded.
        package var diagrams: Diagrams?

        package init(
            operatingThreshold: Double, resamples: Int, calibrationLogLosses: [String: Double]? = nil,
            baselineCalibration: [String: String],
            segments: [String: [String: [String: Metric]]], gaps: [Gap], comparisons: [String: Comparison], diagrams: Diagrams? = nil
        ) {
            self.operatingThreshold = operatingThreshold
            self.resamples = resamples
            self.calibrationLogLosses = calibrationLogLosses
            self.baselineCalibration = baselineCalibration
            self.segments = segments
            self.gaps = gaps
            self.comparisons = comparisons
            self.diagrams = diagrams
        }

        private enum CodingKeys: String, CodingKey {
            case operatingThreshold = "operating_threshold"
            case resamples
            case calibrationLogLosses = "calibration_log_losses"
            case baselineCalibration = "baseline_calibration"
            case segments
            case gaps
            case comparisons
            case diagrams
        }

        func validate() throws(ModelError) {
            let limit = Manifest.maximumEntryCount
            try Manifest.bound(operatingThreshold, 0...1, key: "assessment.operating_threshold")
            try Manifest.bound(resamples, 0...1_000_000, key: "assessment.resamples")
            for (kind, loss) in calibrationLogLosses ?? [:] {
                try Manifest.bound(loss, 0...Double.greatestFiniteMagnitude, key: "assessment.calibration_log_losses.\(kind)")
            }
            try Manifest.bound(calibrationLogLosses?.count ?? 0, 0...limit, key: "assessment.calibration_log_losses")
            try Manifest.bound(baselineCalibration.count, 0...limit, key: "assessment.baseline_calibration")
            try Manifest.bound(segments.count, 0...limit, key: "assessment.segments")
            try Manifest.bound(gaps.count, 0...limit, key: "assessment.gaps")
            try Manifest.bound(comparisons.count, 0...limit, key: "assessment.comparisons")
            for (feature, groups) in segments {
                try Manifest.bound(groups.count, 0...limit, key: "assessment.segments.\(feature)")
                for (group, metrics) in groups { try Manifest.validate(metrics, key: "assessment.segments.\(feature).\(group)") }
            }
            for (index, gap) in gaps.enumerated() {
                try Manifest.validate(["gap": gap.gap], key: "assessment.gaps.\(index)")
                try Manifest.bound(gap.limit, 0...Double.greatestFiniteMagnitude, key: "assessment.gaps.\(index).limit")
            }
            for (name, comparison) in comparisons {
                try Manifest.validate(comparison.differences, key: "assessment.comparisons.\(name).differences")
                guard ["better", "worse", "indistinguishable"].contains(comparison.verdict) else {
                    throw ModelError(
                        .invalidValue, key: "assessment.comparisons.\(name).verdict", "is none of better, worse, indistinguishable")
                }
            }
            try diagrams?.validate()
        }
    }
}
