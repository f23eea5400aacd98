/// The columns of a data set, in order.
enum AttemptColumn: Int, CaseIterable {
    case jobID
    case notificationID
    case channel
    /// The one the attempt was made through.
    case provider
    case recipient
    case recipientCountry
    case templateType
    case payloadSize
    case createdAt
    /// When the decision was taken.
    case sendTime
    case expiresAt
    case previousAttempts
    case lastStatus
    case responseCode
    case latencyMilliseconds
    case lastAttemptAt
    /// From the decision to the attempt.
    case delayMilliseconds
    /// The policy that decided.
    case loggingPolicy
    /// Probability with which it chose this action.
    case propensity
    /// The outcome's; empty while it is pending.
    case status
    case outcomeResponseCode
    case outcomeLatencyMilliseconds

    /// The header's names, in the order of the cases.
    static let names: [String] = """
        job_id,notification_id,channel,provider,recipient,recipient_country,template_type,payload_size,created_at,send_time,expires_at,\
        previous_attempts,last_status,response_code,latency_ms,last_attempt_at,delay_ms,logging_policy,propensity,status,\
        outcome_response_code,outcome_latency_ms
        """
        .split(separator: ",").map(String.init)

    var name: String { Self.names[rawValue] }
}
