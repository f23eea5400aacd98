import Foundation

/// Jobs as JSON: of all channels, templates and histories, about 450 bytes each.
struct JobText {
    private let created, due, last, expiry: String

    init(now: Date) {
        func time(_ seconds: Double) -> String { now.addingTimeInterval(seconds).ISO8601Format() }
        (created, due, last, expiry) = (time(-600), time(-60), time(-300), time(3.75 * 3600))
    }

    private static let routes = [
        ("email", ["em-a", "em-b", "em-c"]), ("sms", ["sm-a", "sm-b"]), ("push", ["pu-a", "pu-b"]),
    ]
    private static let countries = ["DE", "US", "FR", "IN", "BR", "GB", "JP", "ES"]
    private static let templates = ["transactional", "otp", "alert", "marketing"]
    private static let statuses = ["none", "soft_bounce", "timeout", "throttled", "hard_bounce"]

    func job(_ number: Int, id: String) -> [UInt8] {
        let (channel, providers) = Self.routes[number % 3]
        let status = Self.statuses[number / 7 % 5]
        let history =
            status == "none"
            ? #""previous_attempts":0,"last_status":"none""#
            : #""previous_attempts":\#(1 + number % 3),"last_status":"\#(status)","latency_ms":120.5,"last_attempt_at":"\#(last)""#
        return Array(
            """
            {"job_id":"\(id)","notification_id":"n-\(id)","channel":"\(channel)","provider":"\(providers[0])",\
            "providers":[\(providers.map { "\"\($0)\"" }.joined(separator: ","))],"recipient":"someone-\(number)@example.org",\
            "recipient_country":"\(Self.countries[number % 8])","template_type":"\(Self.templates[number / 8 % 4])",\
            "payload_size":\(1024 + number % 4096),"created_at":"\(created)","send_time":"\(due)","expires_at":"\(expiry)",\(history)}
            """.utf8)
    }
}
