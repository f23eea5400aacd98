import Scoring
import Testing

/// Which messages are jobs, and the reason code of each that is not.
struct JobDecoderTests {
    @Test func aCompleteMessageIsReadFieldByField() throws {
        var decoder = JobDecoder()
        #expect(try decoder.decode(JobFixture.message().span) == JobFixture.job)
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var field: String
        var json: String?
        var code: JobDefectCode

        init(_ field: String, _ json: String?, _ code: JobDefectCode) {
            self.field = field
            self.json = json
            self.code = code
        }

        var testDescription: String { "\(field) = \((json ?? "absent").prefix(40)): \(code)" }
    }

    private static let required = [
        "job_id", "notification_id", "channel", "provider", "recipient_country", "template_type", "payload_size", "created_at", "send_time",
        "previous_attempts", "last_status",
    ]
    private static let names = ["job_id", "notification_id", "provider"]
    private static let words = ["channel", "template_type", "last_status"]
    private static let times = ["created_at", "send_time", "expires_at", "last_attempt_at"]
    private static let integers = ["payload_size", "previous_attempts", "response_code"]

    private static let requiredDefects = required.flatMap { [Case($0, nil, .missingField), Case($0, "null", .missingField)] }

    private static let nameDefects = names.flatMap { (name: String) -> [Case] in
        [
            Case(name, "7", .wrongType), Case(name, #""""#, .empty), Case(name, "\"\(String(repeating: "x", count: 129))\"", .tooLong),
            // 43 characters of three bytes are 129 bytes.
            Case(name, "\"\(String(repeating: "€", count: 43))\"", .tooLong), Case(name, #""a\u0000b""#, .nulCharacter),
        ]
    }

    private static let wordDefects = words.flatMap { (name: String) -> [Case] in
        [
            Case(name, "true", .wrongType), Case(name, #""""#, .unknownValue), Case(name, #""Email""#, .unknownValue),
            Case(name, #""a much longer word than any of the vocabulary""#, .unknownValue),
        ]
    }

    private static let timeDefects = times.flatMap { (name: String) -> [Case] in
        [
            Case(name, "1772600767", .wrongType), Case(name, #""""#, .badTimestamp), Case(name, #""2026-03-04""#, .badTimestamp),
            Case(name, #""2026-02-29T00:00:00Z""#, .badTimestamp), Case(name, #""2026-03-04T05:06:07""#, .badTimestamp),
        ]
    }

    private static let integerDefects = integers.flatMap { (name: String) -> [Case] in
        [
            Case(name, #""5""#, .wrongType), Case(name, "5.0", .wrongType), Case(name, "1e3", .wrongType), Case(name, "-1", .outOfRange),
            Case(name, "9223372036854775808", .outOfRange), Case(name, "99999999999999999999999999", .outOfRange),
            Case(name, "-99999999999999999999999999", .outOfRange), Case(name, "1e999", .wrongType),
        ]
    }

    private static let otherDefects: [Case] = [
        Case("payload_size", "1073741825", .outOfRange), Case("previous_attempts", "10001", .outOfRange),
        Case("response_code", "100000", .outOfRange), Case("latency_ms", "-0.1", .outOfRange),
        Case("latency_ms", "2592000000.1", .outOfRange), Case("latency_ms", "1e999", .outOfRange),
        Case("latency_ms", "99999999999999999999999", .outOfRange), Case("latency_ms", #""12""#, .wrongType),
        Case("latency_ms", "NaN", .notJSON), Case("recipient_country", #""de""#, .unknownValue),
        Case("recipient_country", #""UK""#, .unknownValue), Case("recipient_country", #""DEU""#, .unknownValue),
        Case("recipient_country", "49", .wrongType), Case("recipient", "7", .wrongType),
        Case("recipient", "\"\(String(repeating: "x", count: 4097))\"", .tooLong), Case("providers", #""alpha""#, .wrongType),
        Case("providers", #"["alpha",1]"#, .wrongType), Case("providers", #"["alpha",""]"#, .empty),
        Case("providers", #"["a\u0000"]"#, .nulCharacter), Case("providers", #"["alpha","alpha"]"#, .duplicateValue),
        Case("providers", "[\"\(String(repeating: "x", count: 129))\"]", .tooLong), Case("providers", #"[["alpha"]]"#, .wrongType),
        Case("providers", "[\((0..<17).map { "\"p\($0)\"" }.joined(separator: ","))]", .tooMany),
    ]

    private static let defects = [requiredDefects, nameDefects, wordDefects, timeDefects, integerDefects, otherDefects].flatMap { $0 }

    @Test(arguments: defects) func everyDefectOfAFieldHasItsCode(_ example: Case) {
        var decoder = JobDecoder()
        let message = JobFixture.message(with: example.field, example.json)
        let defect = #expect(throws: JobDefect.self) { try decoder.decode(message.span) }
        #expect(defect?.code == example.code)
        #expect(defect?.field == (example.code == .notJSON ? nil : example.field))
        #expect(defect?.message.isEmpty == false)
        #expect(defect?.isRetriable == false)
    }

    @Test(arguments: JobFixture.fields.map(\.name)) func aKnownFieldThatIsThereTwiceIsADefect(_ name: String) {
        var decoder = JobDecoder()
        for second in ["null", "1", JobFixture.fields.first { $0.name == name }?.json ?? ""] {
            let message = String(decoding: JobFixture.message().dropLast(), as: UTF8.self) + ",\"\(name)\":\(second)}"
            let defect = #expect(throws: JobDefect.self) { try decoder.decode(Array(message.utf8).span) }
            #expect(defect?.code == .duplicateField)
            #expect(defect?.field == name)
        }
    }

    @Test func aKeyThatIsWrittenWithEscapesIsTheSameKey() {
        var decoder = JobDecoder()
        let message = String(decoding: JobFixture.message().dropLast(), as: UTF8.self) + #","job\u005fid":"other"}"#
        let defect = #expect(throws: JobDefect.self) { try decoder.decode(Array(message.utf8).span) }
        #expect(defect?.code == .duplicateField)
    }

    static let unusual: [(String, String)] = [
        ("recipient", "null"), ("recipient", #""""#), ("providers", "null"), ("providers", "[]"), ("expires_at", "null"),
        ("response_code", "null"), ("latency_ms", "null"), ("last_attempt_at", "null"),
    ]

    @Test(arguments: unusual) func nullAndEmptyAreTheSameAsAbsent(_ name: String, _ json: String) throws {
        var decoder = JobDecoder()
        let absent = try decoder.decode(JobFixture.message(with: name, nil).span)
        #expect(try decoder.decode(JobFixture.message(with: name, json).span) == absent)
        #expect(absent != (try JobFixture.job))
    }

    @Test func withoutProvidersThePolicyHasTheCallersRoute() throws {
        var decoder = JobDecoder()
        #expect(try decoder.decode(JobFixture.message(with: "providers", nil).span).providers == ["alpha"])
        #expect(try decoder.decode(JobFixture.message(with: "providers", #"["beta"]"#).span).providers == ["beta"])
    }

    @Test func theLimitsThemselvesAreAllowed() throws {
        var decoder = JobDecoder()
        let longest = String(repeating: "é", count: 64)
        #expect(try decoder.decode(JobFixture.message(with: "job_id", "\"\(longest)\"").span).jobID == longest)
        #expect(try decoder.decode(JobFixture.message(with: "payload_size", "1073741824").span).payloadSize == 1 << 30)
        #expect(try decoder.decode(JobFixture.message(with: "payload_size", "0").span).payloadSize == 0)
        #expect(try decoder.decode(JobFixture.message(with: "payload_size", "-0").span).payloadSize == 0)
        #expect(try decoder.decode(JobFixture.message(with: "latency_ms", "7").span).latencyMilliseconds == 7)
        #expect(try decoder.decode(JobFixture.message(with: "latency_ms", "-0.0").span).latencyMilliseconds?.sign == .plus)
        let sixteen = "[\((0..<16).map { "\"p\($0)\"" }.joined(separator: ","))]"
        #expect(try decoder.decode(JobFixture.message(with: "providers", sixteen).span).providers.count == 16)
    }

    @Test func escapesAreReadAndContradictionsAreLeftToThePolicy() throws {
        var decoder = JobDecoder()
        #expect(try decoder.decode(JobFixture.message(with: "job_id", #""\u00e9\ud83d\ude00\"\\\/\n""#).span).jobID == "é😀\"\\/\n")
        let expired = JobFixture.message(with: "expires_at", #""1999-01-01T00:00:00Z""#)
        #expect(try decoder.decode(expired.span).expiresAt == JobFixture.time("1999-01-01T00:00:00Z"))
    }

    @Test func aBodyAmongOthersIsReadWithoutTouchingThem() throws {
        var decoder = JobDecoder()
        let message = JobFixture.message()
        let arena = message + message + [UInt8](repeating: 0xFF, count: JobDecoder.padding)
        let job = try JobFixture.job
        try arena.withUnsafeBytes { bytes throws in
            let first = UnsafeRawBufferPointer(rebasing: bytes[..<message.count])
            let second = UnsafeRawBufferPointer(rebasing: bytes[message.count..<2 * message.count])
            #expect(try decoder.decode(first, readableByteCount: bytes.count) == job)
            #expect(try decoder.decode(second, readableByteCount: bytes.count - message.count) == job)
            #expect(try decoder.decode(second) == job)
        }
    }

    @Test func anOutcomeIsReadFieldByField() throws {
        var decoder = JobDecoder()
        let outcome = try decoder.decodeOutcome(JobFixture.message(JobFixture.outcomeFields).span)
        #expect(
            outcome
                == Outcome(
                    jobID: "job-1", notificationID: "note-1", provider: "alpha", channel: .sms,
                    recipientCountry: try JobFixture.country("FR"), templateType: .otp, status: .timeout, responseCode: 504,
                    latencyMilliseconds: 30000, attemptedAt: try JobFixture.time("2026-03-04T05:06:07Z"),
                    occurredAt: try JobFixture.time("2026-03-04T05:06:37Z")))
    }

    @Test(arguments: [
        Case("status", #""none""#, .unknownValue), Case("status", nil, .missingField), Case("attempted_at", nil, .missingField),
        Case("occurred_at", #""yesterday""#, .badTimestamp), Case("job_id", "null", .missingField),
        Case("provider", "[]", .wrongType), Case("latency_ms", "-1", .outOfRange),
    ])
    func everyDefectOfAnOutcomeHasItsCode(_ example: Case) {
        var decoder = JobDecoder()
        let message = JobFixture.message(JobFixture.outcomeFields, with: example.field, example.json)
        let defect = #expect(throws: JobDefect.self) { try decoder.decodeOutcome(message.span) }
        #expect(defect?.code == example.code)
        #expect(defect?.field == example.field)
    }
}
