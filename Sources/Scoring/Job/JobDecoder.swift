internal import CJobJSON

/// Reads messages as jobs or outcomes: strict JSON, every field of the schema checked, everything else ignored.
///
/// One decoder serves one thread at a time and keeps its buffers; at most about 16 MiB after a message of the largest size.
///
/// Where the schema leaves a choice: ids and providers are 1–128 *bytes* of UTF-8; null is the same as absent; an empty `recipient` or
/// `providers` is the same as absent; integers are written without fraction and exponent. Contradictions between fields (an expiry before
/// the due time, a last attempt in the future) are not defects: clocks differ, and the policy deals with them.
@safe package struct JobDecoder: ~Copyable, @unchecked Sendable {
    // Sendable: the parser is bound to no thread, and being non-copyable and mutating lets only one use it at a time.
    private let parser: OpaquePointer?

    /// Bytes that must be readable behind a message for it to be decoded in place instead of from a copy.
    package static let padding = herald_json_padding()

    package init() {
        unsafe parser = herald_json_parser_create()
    }

    deinit {
        if let parser = unsafe parser { unsafe herald_json_parser_destroy(parser) }
    }

    /// Reads a job.
    package mutating func decode(_ bytes: Span<UInt8>) throws(JobDefect) -> Job {
        try Self.job(from: parse(bytes))
    }

    /// Reads an outcome.
    package mutating func decodeOutcome(_ bytes: Span<UInt8>) throws(JobDefect) -> Outcome {
        try Self.outcome(from: parse(bytes))
    }

    /// Reads a job; no copy is made where at least `padding` more bytes than the message has may be read.
    ///
    /// - Parameter readableByteCount: bytes that may be read from the message's first on, initialised or not; `nil` = only its own.
    @unsafe package mutating func decode(_ bytes: UnsafeRawBufferPointer, readableByteCount: Int? = nil) throws(JobDefect) -> Job {
        unsafe try Self.job(from: parse(bytes, readableByteCount: readableByteCount ?? bytes.count))
    }

    /// Reads an outcome; as for a job.
    @unsafe package mutating func decodeOutcome(
        _ bytes: UnsafeRawBufferPointer, readableByteCount: Int? = nil
    ) throws(JobDefect) -> Outcome {
        unsafe try Self.outcome(from: parse(bytes, readableByteCount: readableByteCount ?? bytes.count))
    }

    private mutating func parse(_ bytes: Span<UInt8>) throws(JobDefect) -> MessageFields {
        unsafe try bytes.withUnsafeBufferPointer { buffer throws(JobDefect) in
            unsafe try parse(UnsafeRawBufferPointer(buffer), readableByteCount: buffer.count)
        }
    }

    private mutating func parse(_ bytes: UnsafeRawBufferPointer, readableByteCount: Int) throws(JobDefect) -> MessageFields {
        guard let parser = unsafe parser else { throw JobDefect(.outOfMemory, "no memory for a parser") }
        guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { throw Self.notJSON }
        let status = unsafe herald_json_parse(parser, start, bytes.count, max(bytes.count, readableByteCount))
        switch status {
        case HERALD_JSON_OK: return unsafe MessageFields(herald_json_parser_document(parser))
        case HERALD_JSON_NOT_UTF8: throw JobDefect(.notUTF8, "a message must be valid UTF-8")
        case HERALD_JSON_NOT_AN_OBJECT: throw JobDefect(.notAnObject, "a message must be one JSON object")
        case HERALD_JSON_TOO_DEEP: throw JobDefect(.tooDeep, "a message may be nested \(HERALD_JSON_MAXIMUM_DEPTH) levels deep")
        case HERALD_JSON_TOO_LARGE: throw JobDefect(.tooLarge, "a message may have \(JobLimits.messageBytes) bytes")
        case HERALD_JSON_OUT_OF_MEMORY: throw JobDefect(.outOfMemory, "no memory to parse this message")
        default: throw Self.notJSON
        }
    }

    private static let notJSON = JobDefect(.notJSON, "a message must be one JSON object as RFC 8259 defines it")

    private static func job(from fields: MessageFields) throws(JobDefect) -> Job {
        Job(
            jobID: try fields.name(HERALD_JSON_JOB_ID),
            notificationID: try fields.name(HERALD_JSON_NOTIFICATION_ID),
            channel: try fields.word(HERALD_JSON_CHANNEL),
            provider: try fields.name(HERALD_JSON_PROVIDER),
            providers: try fields.providers(),
            recipient: try fields.recipient(),
            recipientCountry: try fields.country(HERALD_JSON_RECIPIENT_COUNTRY),
            templateType: try fields.word(HERALD_JSON_TEMPLATE_TYPE),
            payloadSize: try fields.integer(HERALD_JSON_PAYLOAD_SIZE, in: JobLimits.payloadSize),
            createdAt: try fields.time(HERALD_JSON_CREATED_AT),
            sendTime: try fields.time(HERALD_JSON_SEND_TIME),
            expiresAt: try fields.timeIfPresent(HERALD_JSON_EXPIRES_AT),
            previousAttempts: try fields.integer(HERALD_JSON_PREVIOUS_ATTEMPTS, in: JobLimits.previousAttempts),
            lastStatus: try fields.word(HERALD_JSON_LAST_STATUS),
            responseCode: try fields.integerIfPresent(HERALD_JSON_RESPONSE_CODE, in: JobLimits.responseCode),
            latencyMilliseconds: try fields.numberIfPresent(HERALD_JSON_LATENCY_MS, in: JobLimits.latencyMilliseconds),
            lastAttemptAt: try fields.timeIfPresent(HERALD_JSON_LAST_ATTEMPT_AT))
    }

    private static func outcome(from fields: MessageFields) throws(JobDefect) -> Outcome {
        let outcome = Outcome(
            jobID: try fields.name(HERALD_JSON_JOB_ID),
            notificationID: try fields.name(HERALD_JSON_NOTIFICATION_ID),
            provider: try fields.name(HERALD_JSON_PROVIDER),
            channel: try fields.word(HERALD_JSON_CHANNEL),
            recipientCountry: try fields.country(HERALD_JSON_RECIPIENT_COUNTRY),
            templateType: try fields.word(HERALD_JSON_TEMPLATE_TYPE),
            status: try fields.word(HERALD_JSON_STATUS),
            responseCode: try fields.integerIfPresent(HERALD_JSON_RESPONSE_CODE, in: JobLimits.responseCode),
            latencyMilliseconds: try fields.numberIfPresent(HERALD_JSON_LATENCY_MS, in: JobLimits.latencyMilliseconds),
            attemptedAt: try fields.time(HERALD_JSON_ATTEMPTED_AT),
            occurredAt: try fields.time(HERALD_JSON_OCCURRED_AT))
        guard outcome.status != .none else {
            throw JobDefect(.unknownValue, field: "status", "an outcome has a status other than none")
        }
        return outcome
    }
}
