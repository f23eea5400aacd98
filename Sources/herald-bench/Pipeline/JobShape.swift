import Foundation

/// Jobs that a scorer decides among a known number of actions.
///
/// The ladder's steps are hours, so that no job comes back during a measurement.
struct JobShape {
    /// Steps of the ladder that every measurement has.
    static let ladder = ["1h", "2h", "3h", "4h", "6h", "8h", "10h", "12h"]

    /// Actions of each job: its providers × (now and each step that is over before it expires).
    var actions: Int
    private var providers: [String]
    private var expiryHours: Double

    static let one = JobShape(actions: 1, providers: ["em-a"], expiryHours: 0.75)
    static let twelve = JobShape(actions: 12, providers: ["em-a", "em-b", "em-c"], expiryHours: 3.75)
    static let thirtySix = JobShape(actions: 36, providers: ["em-a", "em-b", "em-c", "em-d"], expiryHours: 12.75)

    /// Jobs that failed some minutes ago; about 500 bytes each.
    ///
    /// - Parameter run: part of the ids, so that no run decides on jobs of another.
    func bodies(_ count: Int, run: String, now: Date = Date()) -> [[UInt8]] {
        func time(_ seconds: Double) -> String { now.addingTimeInterval(seconds).ISO8601Format() }
        let (created, due, last, expiry) = (time(-600), time(-60), time(-300), time(expiryHours * 3600))
        let countries = ["DE", "US", "FR", "IN", "BR", "GB", "JP", "ES"]
        let templates = ["transactional", "otp", "alert", "marketing"]
        let codes = [451, 421, 450, 452]
        let routes = providers.map { "\"\($0)\"" }.joined(separator: ",")
        return (0..<count).map { index in
            Array(
                """
                {"job_id":"\(Self.id(index, run: run))","notification_id":"n-\(run)-\(index)","channel":"email",\
                "provider":"\(providers[index % providers.count])","providers":[\(routes)],"recipient":"someone-\(index)@example.org",\
                "recipient_country":"\(countries[index % 8])","template_type":"\(templates[index / 8 % 4])",\
                "payload_size":\(1024 + index % 4096),"created_at":"\(created)","send_time":"\(due)","expires_at":"\(expiry)",\
                "previous_attempts":\(1 + index % 3),"last_status":"soft_bounce","response_code":\(codes[index / 32 % 4]),\
                "latency_ms":\(100 + index % 900).5,"last_attempt_at":"\(last)"}
                """.utf8)
        }
    }

    static func id(_ index: Int, run: String) -> String { "\(run)-\(index)" }

    /// The index in an id of `run`.
    static func index(of id: String, run: String) -> Int? {
        id.hasPrefix(run + "-") ? Int(id.dropFirst(run.utf8.count + 1)) : nil
    }
}
