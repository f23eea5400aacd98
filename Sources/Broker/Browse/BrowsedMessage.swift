/// A message that a browser holds: still the queue's own until it is taken.
package struct BrowsedMessage: Sendable {
    let tag: UInt64
    package let body: MessageBody
    /// As announced; the body may be cut.
    package let bodyBytes: Int
    /// `nil` where they are not well-formed.
    package let properties: MessageProperties?

    /// Whether only the body's beginning is here.
    package var isCut: Bool { body.count < bodyBytes }
}
