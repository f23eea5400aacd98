/// Where reading a stream goes on, from connection to connection.
///
/// Pure: the consumer's thread tells it what it found, and asks the broker for what it says.
package struct StreamCursor: Sendable {
    /// What to ask the broker for.
    package enum Start: Sendable, Equatable {
        case first
        /// Seconds ago.
        case interval(Int64)
        /// This offset, whether it is written already or not.
        case offset(Int64)

        /// The consume argument.
        var argument: QueueDeclaration.Argument {
            switch self {
            case .first: .init("x-stream-offset", "first")
            case .interval(let seconds): .init("x-stream-offset", "\(seconds)s")
            case .offset(let offset): .init("x-stream-offset", offset)
            }
        }
    }

    /// How to read during one connection.
    package struct Attachment: Sendable, Equatable {
        package let start: Start
        /// Offsets up to this one have been handed out, or are not wanted.
        package let done: Int64?
        /// Whether offsets count from 0 again: the stream is not the one that was read before.
        package let isNewStream: Bool

        package init(start: Start, done: Int64?, isNewStream: Bool) {
            self.start = start
            self.done = done
            self.isNewStream = isNewStream
        }
    }

    private var position: StreamPosition
    /// When the stream was first reached; intervals count from here, so that nothing is skipped after a long absence.
    private var firstAttached: MonotonicTime?
    /// `next` settled as an offset: the last one that is not wanted.
    private var skipped: Int64?
    private var isGone = false
    /// When the stream was first found missing, before it was ever reached.
    private var firstMissing: MonotonicTime?

    package init(_ position: StreamPosition) {
        self.position = position
    }

    /// The broker ended the consumer because the stream was deleted; one that appears later is a new one.
    package mutating func streamIsGone() {
        isGone = true
    }

    /// The broker says that there is no such stream, which it also says of any stream while it starts.
    package mutating func streamIsMissing(now: MonotonicTime) {
        if firstAttached == nil, firstMissing == nil { firstMissing = now }
    }

    /// Decides how to read after connecting.
    ///
    /// - Parameters:
    ///   - end: The stream's last offset, nil if it holds nothing.
    ///   - handedOut: The last offset that callers have got, nil if none.
    /// - Returns: Nil if that cannot be told: a stream that was read before shows no end, so the question should be put again.
    package mutating func attach(end: Int64?, handedOut: Int64?, now: MonotonicTime) -> Attachment? {
        let done = handedOut ?? skipped
        let isNewStream: Bool
        if isGone {
            isNewStream = true
        } else if let done, done >= 0 {
            guard let end else { return nil }
            isNewStream = end < done
        } else {
            isNewStream = false
        }
        isGone = false
        if let firstMissing, firstAttached == nil, position == .next {
            // What came in since we began to wait for the stream is next.
            position = .interval(.zero)
            firstAttached = firstMissing
        }
        let first = firstAttached ?? now
        firstAttached = first
        if isNewStream {
            skipped = nil
            // All of it came after the one before it.
            if position == .next { position = .first }
        } else if let done {
            return Attachment(start: .offset(done + 1), done: done, isNewStream: false)
        }
        switch position {
        case .first: return Attachment(start: .first, done: nil, isNewStream: isNewStream)
        case .interval(let interval):
            return Attachment(start: .interval((interval + (now - first)).wholeSeconds), done: nil, isNewStream: isNewStream)
        case .next:
            let last = end ?? -1
            skipped = last
            return Attachment(start: .offset(last + 1), done: last, isNewStream: false)
        }
    }
}

extension Duration {
    /// Rounded up, at least 1, which is the broker's least.
    fileprivate var wholeSeconds: Int64 {
        let (seconds, attoseconds) = components
        return max(1, attoseconds > 0 ? seconds + 1 : seconds)
    }
}
