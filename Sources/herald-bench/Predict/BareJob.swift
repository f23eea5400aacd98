/// A job as Codable reads it: what any route has to do with the same JSON, and no more.
struct BareJob: Codable {
    var jobID: String
    var notificationID: String
    var channel: String
    var provider: String
    var providers: [String]?
    var recipient: String?
    var recipientCountry: String
    var templateType: String
    var payloadSize: Int
    var createdAt: String
    var sendTime: String
    var expiresAt: String?
    var previousAttempts: Int
    var lastStatus: String
    var responseCode: Int?
    var latencyMilliseconds: Double?
    var lastAttemptAt: String?

    private enum CodingKeys: String, CodingKey {
        case jobID = "job_id"
        case notificationID = "notification_id"
        case channel
        case provider
        case providers
        case recipient
        case recipientCountry = "recipient_country"
        case templateType = "template_type"
        case payloadSize = "payload_size"
        case createdAt = "created_at"
        case sendTime = "send_time"
        case expiresAt = "expires_at"
        case previousAttempts = "previous_attempts"
        case lastStatus = "last_status"
        case responseCode = "response_code"
        case latencyMilliseconds = "latency_ms"
        case lastAttemptAt = "last_attempt_at"
    }
}
