internal import Broker
internal import Scoring

/// Why a message goes to quarantine.
struct MessageDefect: Error {
    /// Reason code, as in the `x-herald-reason` header.
    var reason: String
    /// The offending field of the message, where there is one.
    var field: String?
    /// One sentence: what was expected.
    var detail: String

    init(reason: String, field: String? = nil, detail: String) {
        self.reason = reason
        self.field = field
        self.detail = detail
    }

    init(_ defect: JobDefect) {
        self.init(reason: defect.code.rawValue, field: defect.field, detail: defect.message)
    }

    /// It has come back so often that whoever takes it is in danger.
    static func crashing(_ deliveries: Int) -> MessageDefect {
        MessageDefect(
            reason: "crash_poison",
            detail: "it came back \(deliveries) times: whoever took it ended, or lost its connection, the last times alone")
    }

    init(_ defect: Delivery.Defect) {
        switch defect {
        case .oversized(let bytes):
            self.init(
                reason: JobDefectCode.tooLarge.rawValue,
                detail: "a message may have \(JobLimits.messageBytes) bytes, not \(bytes); only its beginning is kept")
        }
    }
}
