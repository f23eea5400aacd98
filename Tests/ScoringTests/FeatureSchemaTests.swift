import FoundationEssentials
import Scoring
import Testing

/// The schema's names, fingerprint and form in the manifest.
struct FeatureSchemaTests {
    @Test func theFingerprintOfARevisionNeverChanges() throws {
        // A change of this literal orphans every model: raise `FeatureSchema.revision` and retrain.
        #expect(try ModelFixture.schema.fingerprint == "86a1f0c6a604c8f40780050bce8be90be041134aca32ca1da3f80416cf40e83f")
    }

    @Test func theColumnsInOrder() throws {
        #expect(
            try ModelFixture.schema.names == [
                "channel", "provider", "recipient_country", "template_type", "payload_size", "previous_attempts", "last_status",
                "response_code", "response_class", "latency_ms", "delay_s", "since_last_attempt_s", "age_s", "until_expiry_s", "hour_utc",
                "hour_local", "weekday_local", "is_callers_provider",
            ] + HealthFixture.columnNames + [
                "provider_since_success_s", "provider_country_since_success_s",
            ])
    }

    @Test func everyPartOfTheVocabulariesIsInTheFingerprint() throws {
        let schemas = [
            try FeatureSchema(countries: [], providers: []), try FeatureSchema(countries: ["DE"], providers: []),
            try FeatureSchema(countries: ["DE", "FR"], providers: []), try FeatureSchema(countries: ["FR", "DE"], providers: []),
            try FeatureSchema(countries: [], providers: ["DE"]), try FeatureSchema(countries: [], providers: ["a b"]),
            try FeatureSchema(countries: [], providers: ["a", "b"]), try FeatureSchema(countries: [], providers: ["b", "a"]),
            try FeatureSchema(countries: [], providers: ["a\n1 b"]),
        ]
        #expect(Set(schemas.map(\.fingerprint)).count == schemas.count)
    }

    @Test(
        arguments: [
            (["de"], []), (["DE", "DE"], []), (["UK"], []), ([], ["a", "a"]), ([], [""]), ([], [String(repeating: "x", count: 129)]),
            ([], (0...1024).map { "p\($0)" }),
        ] as [([String], [String])])
    func defectiveVocabulariesAreRefused(_ countries: [String], _ providers: [String]) {
        let error = #expect(throws: ModelError.self) { try FeatureSchema(countries: countries, providers: providers) }
        #expect(error?.code == .invalidValue)
    }

    @Test func theManifestsFormIsReadBack() throws {
        let schema = try ModelFixture.schema
        let json = try JSONEncoder().encode(schema)
        let copy = try JSONDecoder().decode(FeatureSchema.self, from: json)
        #expect(copy == schema)
        #expect(copy.features == schema.features)
        #expect(copy.countries == ["DE", "FR"])
    }
}
