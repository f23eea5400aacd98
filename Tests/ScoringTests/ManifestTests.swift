import Scoring
import Testing

/// The manifest's round trip and every refusal, of the manifest and of a model that does not belong to it.
struct ManifestTests {
    private static let stumps = [ModelFixture.Stump(feature: "delay_s", threshold: 1, below: -1, above: 1)]

    private func text(_ manifest: Manifest) throws -> String {
        String(decoding: try manifest.json(), as: UTF8.self)
    }

    @Test func whatIsWrittenIsReadBack() throws {
        var manifest = try ModelFixture.manifest(for: ModelFixture.model(Self.stumps))
        manifest.parentVersion = "v0"
        manifest.policy.patienceHalfLives = 0.1 + 0.2
        let json = try manifest.json()
        let copy = try Manifest(json: json)
        #expect(copy == manifest)
        #expect(try copy.json() == json)
        #expect(copy.policy == manifest.policy)
    }

    @Test func aModelThatPassesIsTakenOver() throws {
        let model = try ModelFixture.model(Self.stumps)
        let manifest = try ModelFixture.manifest(for: model, version: "2026-03-04.a_b-1")
        let loaded = try ScoringModel(manifest: manifest.json(), model: model)
        #expect(loaded.version == "2026-03-04.a_b-1")
        #expect(try loaded.schema == ModelFixture.schema)
        #expect(loaded.parameters == manifest.policy)
    }

    struct Change: CustomTestStringConvertible, Sendable {
        var from: String
        var to: String
        var code: ModelError.Code
        var key: String

        init(_ from: String, _ to: String, _ code: ModelError.Code, _ key: String) {
            self.from = from
            self.to = to
            self.code = code
            self.key = key
        }

        var testDescription: String { "\(from) → \(to)" }
    }

    @Test(arguments: [
        Change("\"format_version\" : 1", "\"format_version\" : 2", .unknownFormat, "format_version"),
        Change("\"format_version\" : 1", "\"format_version\" : \"1\"", .malformedManifest, "format_version"),
        Change("\"format_version\" : 1,", "", .malformedManifest, "format_version"),
        Change("\"model_version\"", "\"modelversion\"", .malformedManifest, "model_version"),
        Change("\"v1\"", "\"../v1\"", .invalidValue, "model_version"),
        Change("\"v1\"", "\"none\"", .invalidValue, "model_version"),
        Change("\"v1\"", "\"\"", .invalidValue, "model_version"),
        Change("2026-03-04T00:00:00.000Z", "2026-03-04", .malformedManifest, "created_at"),
        Change("\"identity\"", "\"beta\"", .unknownFormat, "calibration.kind"),
        Change("\"identity\"", "\"isotonic\"", .malformedManifest, "calibration.knots"),
        Change("\"identity\"", "\"platt\"", .malformedManifest, "calibration.slope"),
        Change("\"lower\" : 0.74", "\"lower\" : 0.77", .invalidValue, "metrics.auc"),
        Change("\"revision\" : 2", "\"revision\" : 1", .schemaMismatch, "schema.revision"),
        Change("\"recipient_country\"", "\"country\"", .schemaMismatch, "schema.features"),
        Change("\"payload_size\"", "\"payload\"", .schemaMismatch, "schema.features"),
        Change("\"FR\"", "\"ES\"", .schemaMismatch, "schema.fingerprint"),
        Change("\"FR\"", "\"DE\"", .invalidValue, "schema.countries"),
        Change("\"cyclic\"", "\"circular\"", .malformedManifest, "schema.features"),
        Change("\"share\" : 0.02", "\"share\" : 0.5", .invalidValue, "policy.exploration.share"),
        Change("\"half_life_s\" : 60,", "\"half_life_s\" : 0,", .invalidValue, "policy.templates.otp.half_life_s"),
        Change("\"maximum_attempts\" : 5,", "\"maximum_attempts\" : 0,", .invalidValue, "policy.templates.otp.maximum_attempts"),
        Change("\"maximum_attempts\" : 5,", "\"attempts\" : 5,", .malformedManifest, "policy.templates.otp.attempts"),
        Change("\"maximum_attempts\" : 5,", "\"maximum_attempts\" : 5.5,", .malformedManifest, "policy.templates.otp.maximum_attempts"),
        Change("\"half_life_s\" : 60,", "\"half_life_s\" : null,", .malformedManifest, "policy.templates.otp.half_life_s"),
        Change("\"otp\" : {", "\"otp\" : 5, \"code\" : {", .malformedManifest, "policy.templates.code"),
        Change("\"attempt_cost\"", "\"cost\"", .malformedManifest, "policy.channels.email.cost"),
        Change("\"known_after_s\"", "\"known_s\"", .malformedManifest, "policy.channels.email.news.known_s"),
        Change("\"minimum_per_s\"", "\"per_s\"", .malformedManifest, "policy.control.retry_budget.global.per_s"),
        Change("\"rows\" : 10", "\"rows\" : \"10\"", .malformedManifest, "data.rows"),
        Change("\"model.ubj\"", "\"other.ubj\"", .invalidValue, "files"),
    ])
    func everyRefusalNamesItsKey(_ change: Change) throws {
        let model = try ModelFixture.model(Self.stumps)
        let original = try text(ModelFixture.manifest(for: model))
        let changed = original.replacing(change.from, with: change.to, maxReplacements: 1)
        #expect(changed != original)
        let error = #expect(throws: ModelError.self) { try ScoringModel(manifest: Array(changed.utf8), model: model) }
        #expect(error?.code == change.code)
        #expect(error?.key.hasPrefix(change.key) == true, "\(error?.key ?? "")")
    }

    @Test func aManifestThatIsCutOffAnywhereIsRefused() throws {
        let json = try ModelFixture.manifest(for: ModelFixture.model(Self.stumps)).json()
        for length in stride(from: 0, to: json.count - 2, by: 17) {
            #expect(throws: ModelError.self) { try Manifest(json: Array(json.prefix(length))) }
        }
    }

    @Test func everyChangedByteOfTheModelIsNoticed() throws {
        let model = try ModelFixture.model(Self.stumps)
        let manifest = try ModelFixture.manifest(for: model)
        for position in stride(from: 0, to: model.count, by: 29) {
            var changed = model
            changed[position] ^= 1
            let error = #expect(throws: ModelError.self) { try ScoringModel(manifest: manifest, model: changed) }
            #expect(error?.code == .checksumMismatch)
        }
        #expect(throws: ModelError.self) { try ScoringModel(manifest: manifest, model: model.dropLast()) }
    }

    @Test func aModelOfAnotherSchemaIsRefused() throws {
        let names = try ModelFixture.schema.names
        var swapped = names
        swapped.swapAt(0, 1)
        let models: [([UInt8], ModelError.Code)] = [
            (try ModelFixture.model(Self.stumps, names: swapped), .schemaMismatch),
            (try ModelFixture.model(Self.stumps, names: names.dropLast()), .schemaMismatch),
            (try ModelFixture.model(Self.stumps, names: names + ["more"]), .schemaMismatch),
            (try ModelFixture.model(Self.stumps, objective: "reg:squarederror"), .schemaMismatch),
            (try ModelFixture.model(Self.stumps, objective: "multi:softmax"), .unreadableModel),
            (Array("no model".utf8), .unreadableModel),
        ]
        for (model, code) in models {
            let error = #expect(throws: ModelError.self) { try ScoringModel(manifest: ModelFixture.manifest(for: model), model: model) }
            #expect(error?.code == code)
            #expect(error?.key == "model.ubj")
        }
    }

    @Test func numbersThatAreNotFiniteAreNotWritten() throws {
        let model = try ModelFixture.model(Self.stumps)
        var manifest = try ModelFixture.manifest(for: model)
        manifest.metrics["auc"] = .init(.nan)
        #expect(throws: ModelError.self) { try manifest.json() }
        manifest.metrics["auc"] = nil
        manifest.policy.channels.sms.attemptCost = .infinity
        let error = #expect(throws: ModelError.self) { try manifest.json() }
        #expect(error?.key == "policy.channels.sms.attempt_cost")
    }
}
