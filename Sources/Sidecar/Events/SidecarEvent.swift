internal import Foundation
package import NIOCore
internal import Scoring
internal import Store

/// One event: its bytes as every client gets them, and what clients filter by.
struct SidecarEvent: Sendable {
    let kind: EventKind
    /// Where it stands in the log; `nil` for what is not stored.
    let position: String?
    let frame: ByteBuffer
    var channel: String?
    var provider: String?
    var country: String?
    /// Of a decision.
    var action: String?
    /// Of an outcome.
    var status: String?

    init(_ kind: EventKind, position: String? = nil, _ value: some Encodable) throws {
        self.kind = kind
        self.position = position
        frame = ServerSentEvent.frame(kind.rawValue, id: position, data: try Self.json(value))
    }

    /// A document that was stored.
    init(_ change: LogChange) throws {
        switch change.subject {
        case .decision(let decision):
            try self.init(.decision, position: change.position, DecisionEvent(decision: decision))
            (channel, provider, country, action) = (decision.channel, decision.provider, decision.country, decision.action)
        case .outcome(let outcome):
            try self.init(.outcome, position: change.position, OutcomeEvent(outcome: outcome))
            (channel, provider) = (outcome.channel.rawValue, outcome.provider)
            (country, status) = (outcome.recipientCountry.description, outcome.status.rawValue)
        case .model(let event):
            try self.init(.model, position: change.position, ModelEventEvent(event: event))
        }
    }

    private static func json(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}

/// The stream's text format.
///
/// https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
package enum ServerSentEvent {
    /// A message; JSON holds no line break outside of strings, and none inside, so the data is one line.
    package static func frame(_ name: String, id: String?, data: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeString("event: \(name)\n")
        if let id { buffer.writeString("id: \(id)\n") }
        buffer.writeString("data: ")
        buffer.writeBytes(data)
        buffer.writeString("\n\n")
        return buffer
    }

    /// Keeps connections open that would be closed for silence; clients do not show it.
    package static let heartbeat = ByteBuffer(string: ": heartbeat\n\n")

    /// What a stream begins with: clients come back after two seconds.
    package static let beginning = ByteBuffer(string: "retry: 2000\n\n")

    /// Says that events are missing.
    ///
    /// - Parameter count: `nil` = nobody knows.
    package static func dropped(_ count: Int?, reason: String) -> ByteBuffer {
        frame("dropped", id: nil, data: Array("{\"count\":\(count.map(String.init) ?? "null"),\"reason\":\"\(reason)\"}".utf8))
    }
}

/// A decision as an event.
private struct DecisionEvent: Encodable {
    let decision: DecisionNotice

    private enum CodingKeys: String, CodingKey {
        case id
        case jobID = "job_id"
        case notificationID = "notification_id"
        case decidedAt = "decided_at"
        case source
        case channel
        case provider
        case country = "recipient_country"
        case templateType = "template_type"
        case action
        case priority
        case reason
        case probability
        case delay = "delay_ms"
        case model
        case policy
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(decision.id, forKey: .id)
        try container.encode(decision.jobID, forKey: .jobID)
        try container.encode(decision.notificationID, forKey: .notificationID)
        try container.encode(decision.decidedAt, forKey: .decidedAt)
        try container.encode(decision.source, forKey: .source)
        try container.encode(decision.channel, forKey: .channel)
        try container.encode(decision.provider, forKey: .provider)
        try container.encode(decision.country, forKey: .country)
        try container.encode(decision.templateType, forKey: .templateType)
        try container.encode(decision.action, forKey: .action)
        try container.encode(decision.priority, forKey: .priority)
        try container.encode(decision.reason, forKey: .reason)
        try container.encode(decision.probability, forKey: .probability)
        try container.encode(decision.delayMilliseconds, forKey: .delay)
        try container.encode(decision.model, forKey: .model)
        try container.encode(decision.policy, forKey: .policy)
    }
}

/// An outcome as an event.
private struct OutcomeEvent: Encodable {
    let outcome: Outcome

    private enum CodingKeys: String, CodingKey {
        case jobID = "job_id"
        case notificationID = "notification_id"
        case attemptedAt = "attempted_at"
        case occurredAt = "occurred_at"
        case channel
        case provider
        case country = "recipient_country"
        case templateType = "template_type"
        case status
        case responseCode = "response_code"
        case latency = "latency_ms"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(outcome.jobID, forKey: .jobID)
        try container.encode(outcome.notificationID, forKey: .notificationID)
        try container.encode(outcome.attemptedAt, forKey: .attemptedAt)
        try container.encode(outcome.occurredAt, forKey: .occurredAt)
        try container.encode(outcome.channel.rawValue, forKey: .channel)
        try container.encode(outcome.provider, forKey: .provider)
        try container.encode(outcome.recipientCountry.description, forKey: .country)
        try container.encode(outcome.templateType.rawValue, forKey: .templateType)
        try container.encode(outcome.status.rawValue, forKey: .status)
        try container.encode(outcome.responseCode, forKey: .responseCode)
        try container.encode(outcome.latencyMilliseconds, forKey: .latency)
    }
}

/// An entry of the models' history as an event.
private struct ModelEventEvent: Encodable {
    let event: ModelEvent

    private enum CodingKeys: String, CodingKey {
        case at
        case by
        case kind
        case alias
        case from
        case to
        case reason
        case isForced = "forced"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(event.at, forKey: .at)
        try container.encode(event.by, forKey: .by)
        try container.encode(event.kind.rawValue, forKey: .kind)
        try container.encode(event.place?.alias.rawValue, forKey: .alias)
        try container.encode(event.from, forKey: .from)
        try container.encode(event.to, forKey: .to)
        try container.encode(event.reason, forKey: .reason)
        try container.encode(event.isForced, forKey: .isForced)
    }
}
