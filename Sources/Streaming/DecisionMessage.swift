internal import Broker
internal import Foundation
internal import Scoring

/// The messages that a job can become: its own bytes, untouched, under headers that say what was decided.
enum DecisionMessage {
    /// Chains the decisions of one job; read back when the job returns from a retry queue.
    static let decisionIDHeader = "x-herald-decision-id"

    /// How often a message was moved back from quarantine; kept when it comes there again.
    static let requeuedHeader = "x-herald-requeued"

    /// Bytes of a defect's sentence that are sent: MongoDB's can be longer than all headers may be together.
    private static let maximumDetailBytes = 1000
    /// Longest short string of AMQP, in bytes.
    private static let maximumPropertyBytes = 255

    /// The job as it goes to a dispatch queue, a retry queue or the undeliverable ones.
    static func make(_ decision: Decision, jobID: String, body: MessageBody, ladder: DelayLadder, names: QueueNames) -> OutgoingMessage {
        var headers = MessageHeaders(capacity: 512)
        headers.set(decisionIDHeader, decision.id.text)
        headers.set("x-herald-action", decision.kind.rawValue)
        // As text, nine digits tell any two floats apart: the most used Python client reads AMQP's doubles as whole numbers. Without a
        // model there is no probability.
        if decision.probability.isFinite { headers.set("x-herald-probability", digitsOf: decision.probability) }
        headers.set("x-herald-priority", decision.priority.rawValue)
        headers.set("x-herald-delay-ms", decision.delayMilliseconds)
        headers.set("x-herald-provider", decision.provider)
        headers.set("x-herald-model", decision.model)
        headers.set("x-herald-policy", decision.policy)
        headers.set("x-herald-reason", decision.reason.rawValue)
        return OutgoingMessage(
            routingKey: queue(for: decision, ladder: ladder, names: names), messageID: jobID, contentType: "application/json",
            headers: headers,
            body: body)
    }

    /// A message that cannot be used, with the reason.
    ///
    /// - Parameter body: what is kept; `nil` = the body as it came.
    static func quarantine(
        _ delivery: Delivery, body: MessageBody? = nil, for defect: MessageDefect, from queue: String, to quarantine: String
    ) -> OutgoingMessage {
        var headers = MessageHeaders(capacity: 512)
        headers.set("x-herald-reason", defect.reason)
        headers.set("x-herald-detail", String(decoding: defect.detail.utf8.prefix(maximumDetailBytes), as: UTF8.self))
        if let field = defect.field { headers.set("x-herald-field", field) }
        headers.set("x-herald-queue", queue)
        // The wall clock, as in the broker's own record of what it dead-letters.
        headers.set("x-herald-quarantined-at", Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)).rfc3339)
        if let requeued = delivery.header(requeuedHeader).flatMap({ Int64($0) }) { headers.set(requeuedHeader, requeued) }
        return OutgoingMessage(
            routingKey: quarantine, messageID: sendable(delivery.messageID),
            contentType: body == nil ? sendable(delivery.contentType) : "application/json", headers: headers, body: body ?? delivery.body)
    }

    /// A producer's property as far as it can be sent on: bytes that are no UTF-8 grow when they are read as text.
    private static func sendable(_ property: String?) -> String? {
        property.flatMap { $0.utf8.count <= maximumPropertyBytes ? $0 : nil }
    }

    private static func queue(for decision: Decision, ladder: DelayLadder, names: QueueNames) -> String {
        switch decision.kind {
        case .dispatch: return names.dispatch(decision.priority.rawValue)
        case .giveUp: return names.undeliverable
        case .retry:
            guard let step = ladder.steps.first(where: { $0.milliseconds == decision.delayMilliseconds }) else {
                preconditionFailure("decision \(decision.id) waits \(decision.delayMilliseconds) ms, which is no step of the ladder")
            }
            return names.retry(decision.priority.rawValue, step.name)
        }
    }
}
