internal import Broker
internal import Foundation
internal import Scoring

/// A message as `GET /quarantine` and `GET /quarantine/{id}` show it.
struct QuarantineEntryAnswer: Encodable, Sendable {
    /// How the body's bytes are written.
    enum Form: String, Encodable, Sendable {
        case text
        case base64
    }

    var id: String
    var reason: String
    var detail: String?
    var field: String?
    var queue: String?
    var at: String?
    var messageID: String?
    var contentType: String?
    var size: Int
    var requeued: Int
    var isRequeueable: Bool
    var body: String?
    var bodyForm: Form?
    var isTruncated: Bool
    var isHidden: Bool

    /// - Parameters:
    ///   - limit: most bytes of the body that are shown, after masking.
    ///   - showsUnparsed: whether a body that is no JSON is shown, in which a recipient may stand anywhere.
    init(_ message: QuarantinedMessage, limit: Int, showsUnparsed: Bool, isRequeueable: Bool) {
        id = message.id
        reason = message.reason
        detail = message.detail
        field = message.field
        queue = message.queue
        at = message.at?.rfc3339
        messageID = message.messageID
        contentType = message.contentType
        size = message.size
        requeued = message.requeued
        self.isRequeueable = isRequeueable
        let mask = RecipientMask(message.body.bytes)
        isHidden = !mask.isJSON && !showsUnparsed
        isTruncated = !isHidden && (mask.bytes.count > limit || message.isCut)
        guard !isHidden else { return }
        let shown = mask.bytes.prefix(limit)
        // A character cut in two at the end is left out.
        if let text = (0...3).lazy.compactMap({ String(validating: shown.dropLast($0), as: UTF8.self) }).first,
            isTruncated || text.utf8.count == shown.count
        {
            body = text
            bodyForm = .text
        } else {
            body = Data(shown).base64EncodedString()
            bodyForm = .base64
        }
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case reason
        case detail
        case field
        case queue
        case at
        case messageID = "message_id"
        case contentType = "content_type"
        case size
        case requeued
        case isRequeueable = "requeueable"
        case body
        case bodyForm = "body_form"
        case isTruncated = "truncated"
        case isHidden = "hidden"
    }

    func encode(to encoder: any Encoder) throws {
        // Every key is always there: null says that it is not known.
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(reason, forKey: .reason)
        try container.encode(detail, forKey: .detail)
        try container.encode(field, forKey: .field)
        try container.encode(queue, forKey: .queue)
        try container.encode(at, forKey: .at)
        try container.encode(messageID, forKey: .messageID)
        try container.encode(contentType, forKey: .contentType)
        try container.encode(size, forKey: .size)
        try container.encode(requeued, forKey: .requeued)
        try container.encode(isRequeueable, forKey: .isRequeueable)
        try container.encode(body, forKey: .body)
        try container.encode(bodyForm, forKey: .bodyForm)
        try container.encode(isTruncated, forKey: .isTruncated)
        try container.encode(isHidden, forKey: .isHidden)
    }
}

/// What `GET /quarantine` answers.
struct QuarantineListAnswer: Encodable, Sendable {
    var depth: Int
    /// How many of them, from the head of the queue, can be looked at and chosen by id.
    var reach: Int
    var messages: [QuarantineEntryAnswer]
    var next: String?

    private enum CodingKeys: String, CodingKey {
        case depth
        case reach
        case messages
        case next
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(depth, forKey: .depth)
        try container.encode(reach, forKey: .reach)
        try container.encode(messages, forKey: .messages)
        try container.encode(next, forKey: .next)
    }
}

/// What `POST /quarantine/requeue` answers.
struct QuarantineMoveAnswer: Encodable, Sendable {
    struct Failure: Encodable, Sendable {
        var id: String
        var reason: String
    }

    var moved: Int
    var movedIDs: [String]
    var failed: Int
    var failures: [Failure]
    var missing: [String]
    var remaining: Int
    var isComplete: Bool
    var error: String?
    var isAudited: Bool

    init(_ report: QuarantineMove.Report, isAudited: Bool) {
        moved = report.moved
        movedIDs = report.movedIDs
        failed = report.failed
        failures = report.failures.map { Failure(id: $0.id, reason: $0.reason) }
        missing = report.missing
        remaining = report.remaining
        isComplete = !report.isCutShort && report.failed == 0 && report.missing.isEmpty
        error = report.error.map { $0.isRetriable ? "the broker went away: \($0.code.rawValue)" : $0.code.rawValue }
        self.isAudited = isAudited
    }

    private enum CodingKeys: String, CodingKey {
        case moved
        case movedIDs = "moved_ids"
        case failed
        case failures
        case missing
        case remaining
        case isComplete = "complete"
        case error
        case isAudited = "audited"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(moved, forKey: .moved)
        try container.encode(movedIDs, forKey: .movedIDs)
        try container.encode(failed, forKey: .failed)
        try container.encode(failures, forKey: .failures)
        try container.encode(missing, forKey: .missing)
        try container.encode(remaining, forKey: .remaining)
        try container.encode(isComplete, forKey: .isComplete)
        try container.encode(error, forKey: .error)
        try container.encode(isAudited, forKey: .isAudited)
    }
}
