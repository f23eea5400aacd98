package import Scoring

/// What to train on, how, and where the artifact goes.
package struct TrainingConfiguration: Sendable {
    /// The attempts to learn from.
    package var source: AttemptSource
    /// The folder with one folder for each version; made if it is not there.
    package var modelsPath: String
    /// Name of the new version; by default its time of creation, such as `20260102-030405`.
    package var version: String?
    /// The version it is to replace, if any.
    package var parentVersion: String?
    /// Now: goes into the manifest and the default version.
    package var createdAt: Timestamp
    /// The same data and the same seed give the same model, byte by byte, for the same number of threads.
    package var seed: UInt32 = 1
    /// Threads of libxgboost, 1 to 1024.
    ///
    /// More than 1 only on idle cores or with `OMP_WAIT_POLICY=passive` in the environment the process starts with: OpenMP's threads
    /// spin while they wait for each other, and next to other busy processes that makes training ten times slower.
    package var threads: Int
    /// Share of the rows, behind those of training, that decides how many trees there are; in [0.01, 0.4].
    package var validationShare = 0.10
    /// Share of the rows, behind those of validation, that calibration and operating threshold are chosen on; in [0.01, 0.4].
    package var calibrationShare = 0.10
    /// Share of the rows, the last ones, that the model is measured on; in [0.01, 0.4].
    package var testShare = 0.15
    /// Most trees the model may have, 1 to 10 000.
    ///
    /// Scoring time grows with it.
    package var maximumTrees = defaultMaximumTrees
    /// Training ends when this many trees in a row have not lowered the validation log loss; 1 to 1000.
    package var patience = defaultPatience
    /// Most bins that a feature's values are sorted into, 2 to 65 536.
    package var maximumBins = 256
    /// What shapes the trees; where the search starts from.
    package var boosting = BoostingParameters()
    /// Trials of the search for better parameters, 0 (none) to 200.
    package var tuningTrials = 0
    /// Directions, 1 or −1, that features are held to; a name that no feature has is an error.
    package var monotone = MonotoneConstraints.standard
    /// Trees of the random forest that the model is compared with, 1 to 1000.
    package var baselineForestTrees = 60
    /// Resamples of the notifications behind every 95 % interval, 0 (no intervals) or 40 to 10 000.
    package var resamples = 300
    /// Whether the trees also learn from delayed attempts as they came back; see `Returns`.
    package var learnsFromReturns = true
    /// Folder of the artifact that is champion now, to be compared with on the same rows.
    package var championPath: String?
    /// CSV file with the true probability of every row, where the data come from a world that knows it.
    package var truthPath: String?
    /// What goes into the manifest for the policy.
    package var policy = PolicyParameters()

    package static let defaultMaximumTrees = 600
    package static let defaultPatience = 60

    /// - Parameter dataPaths: CSV files with the columns of `AttemptColumn`, in the order of time.
    package init(dataPaths: [String], modelsPath: String, createdAt: Timestamp, threads: Int) {
        self.init(source: .files(dataPaths), modelsPath: modelsPath, createdAt: createdAt, threads: threads)
    }

    package init(source: AttemptSource, modelsPath: String, createdAt: Timestamp, threads: Int) {
        self.source = source
        self.modelsPath = modelsPath
        self.createdAt = createdAt
        self.threads = threads
    }

    /// The version's name as it will be.
    package var effectiveVersion: String {
        version ?? String(createdAt.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" }.map { $0 == "T" ? "-" : $0 })
    }

    /// Throws a `TrainingError` that names the first key out of its range.
    package func validate() throws {
        try Self.check("threads", Double(threads), in: 1...1024)
        try Self.check("validationShare", validationShare, in: 0.01...0.4)
        try Self.check("calibrationShare", calibrationShare, in: 0.01...0.4)
        try Self.check("testShare", testShare, in: 0.01...0.4)
        let heldBack = validationShare + calibrationShare + testShare
        guard heldBack <= 0.8 else {
            throw TrainingError(
                .configuration,
                "validationShare, calibrationShare and testShare are \(heldBack) together, but must leave 0.2 or more to training")
        }
        try Self.check("maximumTrees", Double(maximumTrees), in: 1...10_000)
        try Self.check("patience", Double(patience), in: 1...1000)
        try Self.check("maximumBins", Double(maximumBins), in: 2...65_536)
        try Self.check("tuningTrials", Double(tuningTrials), in: 0...200)
        try Self.check("baselineForestTrees", Double(baselineForestTrees), in: 1...1000)
        if resamples != 0 { try Self.check("resamples", Double(resamples), in: 40...10_000) }
        try boosting.validate()
        try policy.validate()
        for version in [effectiveVersion, parentVersion].compactMap(\.self) {
            guard (1...64).contains(version.utf8.count), version.utf8.allSatisfy(Self.isVersionByte), version.first != "." else {
                throw TrainingError(
                    .configuration, "'\(version.prefix(80))' is no version: write 1 to 64 letters, digits, '.', '_' and '-', no '.' first")
            }
        }
    }

    /// The characters `Manifest` allows; checked here so that a run does not fail at its end.
    private static func isVersionByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }

    static func check(_ key: String, _ value: Double, in range: ClosedRange<Double>) throws(TrainingError) {
        guard range.contains(value) else {
            throw TrainingError(.configuration, "\(key) is \(value), but must be from \(range.lowerBound) to \(range.upperBound)")
        }
    }
}
