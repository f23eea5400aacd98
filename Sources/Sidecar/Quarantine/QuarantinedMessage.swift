internal import Broker
internal import Crypto
internal import Scoring

/// A message in quarantine: what it is, why it is there, and where it would go back to.
struct QuarantinedMessage: Sendable {
    /// Who put it there.
    enum Origin: Sendable {
        /// A scorer, which published it with a reason and none of the message's own headers.
        case herald
        /// The broker, which dead-lettered it as it was.
        case broker
    }

    /// Headers of Herald's quarantine.
    enum Header {
        static let reason = "x-herald-reason"
        static let detail = "x-herald-detail"
        static let field = "x-herald-field"
        static let queue = "x-herald-queue"
        static let at = "x-herald-quarantined-at"
        static let requeued = "x-herald-requeued"

        /// What a message did not have before.
        static let all: Set<String> = [reason, detail, field, queue, at, requeued]
    }

    /// 32 hexadecimal digits over body, reason, queue and message id: the same for messages that are alike in all of these.
    let id: String
    let origin: Origin
    let reason: String
    let detail: String?
    let field: String?
    /// Full name of the queue that it was taken from.
    let queue: String?
    /// When it was put there; whole seconds where the broker did it.
    let at: Timestamp?
    let messageID: String?
    let contentType: String?
    /// Bytes of the body as it lies there.
    let size: Int
    /// How often it was moved back already.
    let requeued: Int
    let body: MessageBody
    let properties: MessageProperties?
    let isCut: Bool

    init(_ message: BrowsedMessage) {
        let headers = message.properties?.headers
        // The broker's own record comes first: nothing that Herald publishes carries one, but a producer's headers may look like Herald's.
        if let death = headers?["x-death"]?.firstTable {
            origin = .broker
            reason = death["reason"]?.text ?? "unknown"
            queue = death["queue"]?.text
            at = death["time"]?.number.flatMap { seconds in
                (0...253_402_300_799).contains(seconds) ? Timestamp(milliseconds: seconds * 1000) : nil
            }
            let count = death["count"]?.number.map { ", \($0) times from this queue" } ?? ""
            detail = "dead-lettered by the broker\(count)"
            field = nil
        } else {
            origin = .herald
            reason = headers?[Header.reason]?.text ?? "unknown"
            detail = headers?[Header.detail]?.text
            field = headers?[Header.field]?.text
            queue = headers?[Header.queue]?.text
            at = headers?[Header.at]?.text.flatMap { Timestamp(rfc3339: $0) }
        }
        requeued = Int(clamping: max(0, headers?[Header.requeued]?.number ?? 0))
        messageID = message.properties?.messageID
        contentType = message.properties?.contentType
        size = message.bodyBytes
        body = message.body
        properties = message.properties
        isCut = message.isCut

        var hash = SHA256()
        message.body.withUnsafeBytes { hash.update(bufferPointer: $0) }
        for text in [reason, detail, field, queue, messageID] {
            hash.update(data: [0x00])
            hash.update(data: Array((text ?? "").utf8))
        }
        id = hash.finalize().prefix(16).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// Why a message cannot be moved back.
    enum Obstacle: String, Sendable, Error {
        /// Nothing says which queue it came from.
        case noSource = "no_source"
        /// The queue it came from is none of Herald's.
        case unknownQueue = "unknown_queue"
        /// Its body is too long to be read as a whole.
        case tooLarge = "too_large"
        case malformedProperties = "malformed_properties"
        /// The queue it came from does not exist any more.
        case unroutable
        /// The queue it came from takes nothing more.
        case refused
    }

    /// The message as it goes back: the same body and properties, without what quarantine added, and counted.
    ///
    /// - Parameters:
    ///   - queues: those that a message may go back to.
    ///   - user: that publishes it.
    func goingBack(to queues: Set<String>, user: String) throws(Obstacle) -> OutgoingMessage {
        guard let queue else { throw .noSource }
        guard queues.contains(queue) else { throw .unknownQueue }
        guard !isCut else { throw .tooLarge }
        var added = MessageHeaders()
        added.set(Header.requeued, Int64(requeued) + 1)
        // With CC or BCC the broker would publish it to other queues too.
        let brokers: Set<String> = ["x-death", "x-delivery-count", "CC", "BCC", Header.requeued]
        let again = properties?.republished(
            droppingHeaders: { name in
                brokers.contains(name) || name.hasPrefix("x-first-death-") || name.hasPrefix("x-last-death-")
                    || origin == .herald && Header.all.contains(name)
            }, adding: added, user: user)
        guard let again else { throw .malformedProperties }
        return OutgoingMessage(routingKey: queue, properties: again, body: body)
    }
}
