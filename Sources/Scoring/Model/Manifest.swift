/// What `models/<version>/manifest.json` says of a model.
package struct Manifest: Equatable, Sendable {
    /// A measured figure, with its 95 % interval where one was computed.
    ///
    /// All numbers are finite.
    package struct Metric: Codable, Equatable, Sendable {
        package var value: Double
        package var lower: Double?
        package var upper: Double?

        package init(_ value: Double, lower: Double? = nil, upper: Double? = nil) {
            self.value = value
            self.lower = lower
            self.upper = upper
        }
    }

    /// What the model was trained on.
    package struct TrainingData: Equatable, Sendable {
        /// Where the rows came from, such as `data/attempts.csv`.
        package var source: String
        /// Rows of all splits together.
        package var rowCount: Int
        /// Time of the first and of the last decision.
        package var from: Timestamp
        package var to: Timestamp
        /// SHA-256 of the bytes read: 64 lower-case hexadecimal digits.
        package var sha256: String

        package init(source: String, rowCount: Int, from: Timestamp, to: Timestamp, sha256: String) {
            self.source = source
            self.rowCount = rowCount
            self.from = from
            self.to = to
            self.sha256 = sha256
        }
    }

    /// A file beside the manifest.
    package struct File: Codable, Equatable, Sendable {
        /// Without a folder.
        package var name: String
        /// Length in bytes.
        package var bytes: Int
        /// 64 lower-case hexadecimal digits.
        package var sha256: String

        package init(name: String, contents: [UInt8]) {
            self.name = name
            self.bytes = contents.count
            self.sha256 = Checksum.sha256(contents)
        }
    }

    /// The format this build writes and reads.
    package static let currentFormatVersion = 1
    /// Name of the model's file: native XGBoost.
    package static let modelFileName = "model.ubj"
    /// Name of the model's file where LightGBM trained it: its own text.
    package static let lightGBMFileName = "model.txt"
    /// Largest manifest that is read, in bytes.
    package static let maximumByteCount = 16 << 20

    package var formatVersion = Manifest.currentFormatVersion
    /// The model's version: 1–64 letters, digits, `.`, `_` and `-`; also the folder's name and what every decision carries.
    package var modelVersion: String
    package var createdAt: Timestamp
    /// The champion it was trained to replace.
    package var parentVersion: String?
    package var schema: FeatureSchema
    package var calibration: Calibration
    package var policy: PolicyParameters
    /// By name (`auc`, `pr_auc`, `log_loss`, `brier`, `ece` …), of calibrated probabilities on the test period.
    package var metrics: [String: Metric]
    /// By baseline (`prior` …), each on the same rows as `metrics`.
    package var baselines: [String: [String: Metric]]
    package var data: TrainingData
    /// How the model was trained; `nil` in artifacts of before this was recorded, and of models trained elsewhere.
    package var training: TrainingRun?
    /// What the measurement says beyond `metrics`; `nil` in artifacts of before this was recorded.
    package var assessment: Assessment?
    /// What drift is measured against; `nil` in artifacts of before this was recorded.
    package var reference: DriftReference?
    /// Every file of the artifact but the manifest.
    package var files: [File]

    package init(
        modelVersion: String, createdAt: Timestamp, parentVersion: String? = nil, schema: FeatureSchema,
        calibration: Calibration = .identity, policy: PolicyParameters = PolicyParameters(), metrics: [String: Metric],
        baselines: [String: [String: Metric]], data: TrainingData,
        training: TrainingRun? = nil, assessment: Assessment? = nil, reference: DriftReference? = nil, files: [File]
    ) {
        self.modelVersion = modelVersion
        self.createdAt = createdAt
        self.parentVersion = parentVersion
        self.schema = schema
        self.calibration = calibration
        self.policy = policy
        self.metrics = metrics
        self.baselines = baselines
        self.data = data
        self.training = training
        self.assessment = assessment
        self.reference = reference
        self.files = files
    }
}

extension Manifest {
    /// The one file that holds the trees.
    ///
    /// Throws `invalidValue` where none is listed, or two.
    package var modelFile: File {
        get throws(ModelError) {
            let found = files.filter { [Self.modelFileName, Self.lightGBMFileName].contains($0.name) }
            guard found.count == 1 else {
                let what = found.isEmpty ? "is not listed" : "and '\(Self.lightGBMFileName)' are both listed; one model is allowed"
                throw ModelError(.invalidValue, key: "files", "'\(Self.modelFileName)' \(what)")
            }
            return found[0]
        }
    }
}

extension Manifest: Codable {
    enum CodingKeys: String, CodingKey {
        case formatVersion = "format_version"
        case modelVersion = "model_version"
        case createdAt = "created_at"
        case parentVersion = "parent_version"
        case schema
        case calibration
        case policy
        case metrics
        case baselines
        case data
        case training
        case assessment
        case reference
        case files
    }
}

extension Manifest.TrainingData: Codable {
    private enum CodingKeys: String, CodingKey {
        case source
        case rowCount = "rows"
        case from
        case to
        case sha256
    }
}
