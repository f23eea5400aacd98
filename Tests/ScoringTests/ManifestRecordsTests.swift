import Scoring
import Testing

/// What the manifest says of training, measurement and drift: the round trip, and every refusal.
struct ManifestRecordsTests {
    private static func manifest() throws -> Manifest {
        let stump = ModelFixture.Stump(feature: "delay_s", threshold: 1, below: -1, above: 1)
        var manifest = try ModelFixture.manifest(for: ModelFixture.model([stump]))
        manifest.calibration = .platt(slope: 1.5, intercept: -0.25)
        manifest.training = Manifest.TrainingRun(
            library: "xgboost 1.7.4", parameters: ["eta": 0.125], monotone: ["payload_size": -1], trees: 17, seed: 3, threads: 2,
            periods: [.init(name: "training", rows: 11, notifications: 7, rate: 0.625)],
            tuning: [.init(parameters: ["eta": 0.125], trees: 17, validationLogLoss: 0.53125)])
        manifest.assessment = Manifest.Assessment(
            operatingThreshold: 0.4375, resamples: 300, calibrationLogLosses: ["platt": 0.515625],
            baselineCalibration: ["prior": "identity"],
            segments: ["channel": ["sms": ["auc": .init(0.875, lower: 0.8125, upper: 0.9375)]]],
            gaps: [
                .init(
                    segment: "channel", metric: "ece", lowest: "sms", highest: "push", gap: .init(0.0625, lower: 0.03125, upper: 0.09375),
                    limit: 0.015625, isFlagged: true)
            ],
            comparisons: ["prior": .init(differences: ["log_loss": .init(-0.1875)], verdict: "better")],
            diagrams: .init(
                reliability: [
                    .init(predicted: 0.21875, observed: 0.28125, lower: 0.171875, upper: 0.390625, rows: 51),
                    .init(predicted: 0.71875, observed: 0.765625, lower: 0.703125, upper: 0.859375, rows: 52),
                ],
                roc: [
                    .init(falsePositiveRate: 0, truePositiveRate: 0), .init(falsePositiveRate: 0.046875, truePositiveRate: 0.578125),
                    .init(falsePositiveRate: 1, truePositiveRate: 1),
                ],
                precisionRecall: [.init(recall: 0.109375, precision: 0.984375), .init(recall: 1, precision: 0.640625)],
                importances: [
                    .init(feature: "channel", contribution: 0.34375, gain: 0.671875),
                    .init(feature: "delay_s", contribution: 0.140625, gain: 0.328125),
                ]))
        manifest.reference = Manifest.DriftReference(
            features: [
                "payload_size": .init(bins: .numeric(edges: [10.5, 20.5], counts: [21, 22, 23]), missing: 24),
                "channel": .init(bins: .words(["email": 31, "sms": 32]), missing: 33),
            ], probability: .init(bins: .numeric(edges: [0.5], counts: [41, 42]), missing: 0))
        return manifest
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let manifest = try Self.manifest()
        let copy = try Manifest(json: manifest.json())
        #expect(copy == manifest)
        #expect(try copy.json() == manifest.json())
    }

    @Test func aManifestOfBeforeIsStillRead() throws {
        var manifest = try Self.manifest()
        (manifest.training, manifest.assessment, manifest.reference) = (nil, nil, nil)
        let json = try manifest.json()
        #expect(!String(decoding: json, as: UTF8.self).contains("\"assessment\""))
        #expect(try Manifest(json: json) == manifest)
    }

    @Test func anAssessmentWithoutDiagramsIsStillRead() throws {
        var manifest = try Self.manifest()
        manifest.assessment?.diagrams = nil
        let json = try manifest.json()
        #expect(!String(decoding: json, as: UTF8.self).contains("\"diagrams\""))
        #expect(try Manifest(json: json) == manifest)
    }

    @Test(arguments: [
        ("\"trees\" : 17,\n    \"tuning\"", "\"trees\" : 0,\n    \"tuning\"", "training.trees"),
        ("\"threads\" : 2", "\"threads\" : 0", "training.threads"),
        ("\"payload_size\" : -1", "\"payload_size\" : 2", "training.monotone.payload_size"),
        ("\"rows\" : 11", "\"rows\" : -1", "training.periods.0.rows"),
        ("\"notifications\" : 7", "\"notifications\" : -7", "training.periods.0.notifications"),
        ("\"rate\" : 0.625", "\"rate\" : 1.625", "training.periods.0.rate"),
        ("\"validation_log_loss\" : 0.53125", "\"validation_log_loss\" : -1", "training.tuning.0.validation_log_loss"),
        ("\"operating_threshold\" : 0.4375", "\"operating_threshold\" : 1.5", "assessment.operating_threshold"),
        ("0.515625", "-0.5", "assessment.calibration_log_losses.platt"),
        ("\"resamples\" : 300", "\"resamples\" : -1", "assessment.resamples"),
        ("\"lower\" : 0.8125", "\"lower\" : 0.953125", "assessment.segments.channel.sms.auc"),
        ("\"lower\" : 0.03125,", "", "assessment.gaps.0.gap"),
        ("\"limit\" : 0.015625", "\"limit\" : -0.5", "assessment.gaps.0.limit"),
        ("\"better\"", "\"best\"", "assessment.comparisons.prior.verdict"),
        ("0.71875", "0.203125", "assessment.diagrams.reliability.1.predicted"),
        ("0.28125", "1.28125", "assessment.diagrams.reliability.0.observed"),
        ("0.171875", "0.296875", "assessment.diagrams.reliability.0.lower"),
        ("0.390625", "0.265625", "assessment.diagrams.reliability.0.upper"),
        ("\"rows\" : 51", "\"rows\" : 0", "assessment.diagrams.reliability.0.rows"),
        ("0.046875", "-0.046875", "assessment.diagrams.roc.1.false_positive_rate"),
        ("0.578125", "1.578125", "assessment.diagrams.roc.1.true_positive_rate"),
        ("0.109375", "1.109375", "assessment.diagrams.precision_recall.0.recall"),
        ("0.984375", "1.984375", "assessment.diagrams.precision_recall.0.precision"),
        ("0.140625", "0.359375", "assessment.diagrams.importances.1.contribution"),
        ("0.671875", "-0.671875", "assessment.diagrams.importances.0.gain"),
        ("20.5", "10.5", "reference.features.payload_size.edges"),
        (" 21,", " 21, 5,", "reference.features.payload_size.counts"),
        (" 22,", " -22,", "reference.features.payload_size.counts"),
        ("\"missing\" : 24", "\"missing\" : -1", "reference.features.payload_size.missing"),
        ("\"email\" : 31", "\"email\" : -31", "reference.features.channel.words"),
        ("\"slope\" : 1.5", "\"slope\" : -1.5", "calibration.slope"),
    ])
    func everyRefusalNamesItsKey(from: String, to: String, key: String) throws {
        let original = String(decoding: try Self.manifest().json(), as: UTF8.self)
        let changed = original.replacing(from, with: to, maxReplacements: 1)
        try #require(changed != original)
        let error = #expect(throws: ModelError.self) { try Manifest(json: Array(changed.utf8)) }
        #expect(error?.key == key)
        #expect(error?.code == .invalidValue)
    }

    @Test func tooManyEdgesAreRefused() throws {
        var manifest = try Self.manifest()
        let edges = (0..<33).map(Double.init)
        manifest.reference?.probability = .init(bins: .numeric(edges: edges, counts: [Int](repeating: 0, count: 34)), missing: 0)
        let error = #expect(throws: ModelError.self) { try manifest.json() }
        #expect(error?.key == "reference.probability.edges")
    }

    @Test func diagramsOfTooManyPointsAreRefused() throws {
        typealias Diagrams = Manifest.Assessment.Diagrams
        func key(_ change: (inout Diagrams) -> Void) throws -> String? {
            var manifest = try Self.manifest()
            var diagrams = try #require(manifest.assessment?.diagrams)
            change(&diagrams)
            manifest.assessment?.diagrams = diagrams
            return #expect(throws: ModelError.self) { try manifest.json() }?.key
        }
        let prefix = "assessment.diagrams"
        #expect(try key { $0.reliability = Array(repeating: $0.reliability[0], count: 21) } == "\(prefix).reliability")
        #expect(try key { $0.roc = Array(repeating: $0.roc[0], count: 65) } == "\(prefix).roc")
        #expect(try key { $0.precisionRecall = Array(repeating: $0.precisionRecall[0], count: 65) } == "\(prefix).precision_recall")
        #expect(try key { $0.importances = Array(repeating: $0.importances[0], count: 65) } == "\(prefix).importances")
        #expect(try key { $0.importances[0].contribution = .nan } == "\(prefix).importances.0.contribution")
    }

    @Test func calibratedProbabilitiesAreWhatTheModelGives() throws {
        let model = try ModelFixture.model([.init(feature: "delay_s", threshold: 1, below: -1, above: 1)])
        var manifest = try ModelFixture.manifest(for: model)
        manifest.calibration = .platt(slope: 2, intercept: -0.5)
        let loaded = try ScoringModel(manifest: manifest.json(), model: model)
        #expect(loaded.probability(margin: 0.75) == manifest.calibration.probability(margin: 0.75))
        #expect(loaded.probability(margin: 0.75) == Calibration.identity.probability(margin: 1))
    }
}
