internal import Foundation
package import Scoring

/// The feature rows of one period of a model's own data set, with outcomes and the model's margins, for tools that are not Herald.
///
/// The feature function exists once, here; whoever wants to look at rows elsewhere gets them from it.
package struct FeatureRowTable {
    /// The periods a data set was divided into.
    package enum Part: String, CaseIterable, Sendable {
        case training
        case validation
        case calibration
        case test
    }

    /// Names of the columns of `features`.
    package let names: [String]
    /// Row-major, missing = NaN.
    package let features: [Float]
    /// 1 = delivered, 0 = not.
    package let labels: [Float]
    /// The model's, in log-odds, before calibration.
    package let margins: [Float]

    /// Rows written between two calls of the sink.
    private static let batch = 1024

    /// Reads the data set that the model of `manifest` and `model` was trained on and keeps the rows of `part`.
    ///
    /// Throws `AttemptLogError` for a file it cannot read, `ModelError` for a broken model, `TrainingError` where the file is another than
    /// that of the model's training, or was divided otherwise.
    package init(
        manifest: Manifest, model: [UInt8], dataPaths: [String], part: Part, progress: (_ rows: Int, _ share: Double) -> Void = { _, _ in }
    ) throws {
        // Also checks that manifest and model belong together.
        let model = try ScoringModel(manifest: manifest, model: model)
        let survey = try AttemptSurvey(.files(dataPaths)) { progress($0, $1 / 2) }
        guard survey.sha256 == manifest.data.sha256 else {
            throw TrainingError(
                .insufficientData,
                "\(Self.names(dataPaths)) is not the data set that \(manifest.modelVersion) was trained on (\(manifest.data.source), SHA-256 "
                    + "\(manifest.data.sha256)), so it cannot be told which of its rows are the \(part.rawValue) part")
        }
        guard let split = Self.split(of: manifest, survey) else {
            throw TrainingError(
                .insufficientData, "\(Self.names(dataPaths)) cannot be divided into the parts that \(manifest.modelVersion) tells of")
        }
        let rows = try SplitRows(.files(dataPaths), survey: survey, split: split, schema: manifest.schema) {
            progress($0, (1 + $1) / 2)
        }
        guard manifest.metrics["rows"].map({ $0.value == Double(rows.test.count) }) ?? true else {
            throw TrainingError(
                .insufficientData, "\(manifest.modelVersion) was not measured on the last \(rows.test.count) rows: it was divided otherwise"
            )
        }
        let chosen =
            switch part {
            case .training: rows.training
            case .validation: rows.validation
            case .calibration: rows.calibration
            case .test: rows.test
            }
        names = manifest.schema.names
        features = chosen.features
        labels = chosen.labels
        var margins = [Float](repeating: .nan, count: chosen.count)
        var output = margins.mutableSpan
        model.margins(of: chosen.features.span, into: &output)
        self.margins = margins
    }

    /// By the parts' rows as the manifest has them; with the shares that are usual where it says nothing.
    private static func split(of manifest: Manifest, _ survey: AttemptSurvey) -> TimeSplit? {
        if let periods = manifest.training?.periods { return survey.split(rowCounts: periods.map(\.rows)) }
        let usual = TrainingConfiguration(dataPaths: [], modelsPath: "", createdAt: manifest.createdAt, threads: 1)
        return survey.split(
            validationShare: usual.validationShare, calibrationShare: usual.calibrationShare, testShare: usual.testShare)
    }

    /// Writes the table as CSV, UTF-8: a header, then a line for each row.
    ///
    /// The columns are the features, `label` and `margin`; nine digits, which tell any two floats apart; empty = missing.
    package func write(_ sink: ([UInt8]) throws -> Void) throws {
        try sink(Array(((names + ["label", "margin"]).map(Self.quoted).joined(separator: ",") + "\n").utf8))
        for start in stride(from: 0, to: labels.count, by: Self.batch) {
            var text = ""
            for row in start..<min(start + Self.batch, labels.count) {
                for value in features[row * names.count..<(row + 1) * names.count] { text += Self.number(value) + "," }
                text += "\(Int(labels[row])),\(Self.number(margins[row]))\n"
            }
            try sink(Array(text.utf8))
        }
    }

    private static func names(_ paths: [String]) -> String { paths.joined(separator: ", ") }

    private static func number(_ value: Float) -> String {
        if value.isNaN { return "" }
        // Most features are small whole numbers.
        if let whole = Int32(exactly: value) { return String(whole) }
        return String(format: "%.9g", Double(value))
    }

    private static func quoted(_ name: String) -> String {
        name.contains { $0 == "," || $0 == "\"" || $0.isNewline } ? "\"\(name.replacing("\"", with: "\"\""))\"" : name
    }
}
