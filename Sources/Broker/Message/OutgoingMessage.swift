/// A message to publish, always with `mandatory`: one that no queue takes comes back as `.returned`.
package struct OutgoingMessage: Sendable {
    /// "" is the default exchange, which routes to the queue named by the routing key.
    ///
    /// At most 255 bytes.
    package var exchange: String
    /// At most 255 bytes.
    package var routingKey: String
    /// At most 255 bytes; stays the same when the message is sent again.
    package var messageID: String?
    /// At most 255 bytes.
    package var contentType: String?
    /// At most 16 KiB encoded.
    package var headers: MessageHeaders
    /// Everything above but exchange and routing key, as it came with another message; the fields are then not sent.
    package var properties: MessageProperties?
    /// At most `PublisherConfiguration.bodyLimit`.
    package var body: MessageBody
    /// Whether a quorum or durable queue keeps it on disk.
    package var persistent: Bool

    package init(
        exchange: String = "", routingKey: String, messageID: String? = nil, contentType: String? = nil,
        headers: MessageHeaders = MessageHeaders(), body: MessageBody, persistent: Bool = true
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.messageID = messageID
        self.contentType = contentType
        self.headers = headers
        self.body = body
        self.persistent = persistent
    }

    /// A message with the properties of another.
    package init(routingKey: String, properties: MessageProperties, body: MessageBody) {
        self.init(routingKey: routingKey, body: body)
        self.properties = properties
    }

    /// What it takes in the window: its variable parts and 64 bytes for frames.
    var footprint: Int {
        body.count + headers.encoded.count + (properties?.encoded.count ?? 0) + exchange.utf8.count + routingKey.utf8.count + 64
    }
}
