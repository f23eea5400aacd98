/// Messages handed over by one call of `publish`.
final class Submission: Sendable {
    let messages: [OutgoingMessage]
    let settled: @Sendable (_ indices: [Int], _ result: PublishResult) -> Void

    init(messages: [OutgoingMessage], settled: @escaping @Sendable (_ indices: [Int], _ result: PublishResult) -> Void) {
        self.messages = messages
        self.settled = settled
    }
}

/// One message on its way; a reference and an index, so that moving it costs nothing.
struct Publication: Sendable {
    let submission: Submission
    let index: Int
    /// How often the broker has refused it.
    var refusals = 0

    var message: OutgoingMessage { submission.messages[index] }

    func settle(_ result: PublishResult) {
        submission.settled([index], result)
    }

    /// Whether a basic.return with these fields can mean this message.
    func matches(exchange: String?, routingKey: String?, messageID: String?) -> Bool {
        let message = message
        return message.routingKey == routingKey && message.exchange == exchange
            && (message.messageID ?? "") == (messageID ?? "")
    }
}
