import CAMQPShim

extension AMQPConnection {
    /// Longest wait for a stream's last chunk.
    ///
    /// The broker delivers it within milliseconds, and from an empty stream nothing ever: it has no other way to say so.
    static let streamEndWait: Duration = .seconds(2)

    private static let endReaderTag = "herald-end"

    /// The last offset of a stream, or of its last chunk's part that fits the prefetch; nil if nothing comes within 2 s.
    ///
    /// Reads the last chunk, the messages that the broker stored together most recently, and throws its content away. Needs a prefetch,
    /// and a channel without other consumers.
    ///
    /// - Parameters:
    ///   - wakeup: Ends the wait early, if `isWanted` then says no; the answer is nil then.
    /// - Throws: `notFound` if there is no such stream; `preconditionFailed` if it is a queue.
    func streamEnd(of stream: String, wakeup: Wakeup, isWanted: () -> Bool) throws(BrokerError) -> Int64? {
        let doing = "looking for the end of stream '\(stream)'"
        try check(consume(stream, tag: Self.endReaderTag, arguments: [.init("x-stream-offset", "last")]), doing)
        var found = EndReader()
        let deadline = MonotonicTime.now + Self.streamEndWait
        while found.lastOffset == nil, .now < deadline, isWanted() {
            try readEnd(&found, until: deadline, wakeup: wakeup, doing: doing)
        }
        try check(camqp_cancel(handle, Self.endReaderTag), doing)
        let answerDeadline = MonotonicTime.now + .seconds(Int(Limits.rpcTimeoutSeconds))
        while !found.isCancelled {
            guard MonotonicTime.now < answerDeadline else { throw BrokerError(.timeout, doing: doing, text: "no answer within 10 s") }
            try readEnd(&found, until: answerDeadline, wakeup: wakeup, doing: doing)
        }
        if let tag = found.lastTag { try check(camqp_ack(handle, tag, true), doing) }
        return found.lastOffset
    }

    /// Begins to consume.
    func consume(_ queue: String, tag: String, arguments: [QueueDeclaration.Argument]) -> Int32 {
        arguments.withArguments { camqp_consume(handle, queue, tag, $0, $1) }
    }

    private struct EndReader {
        var lastOffset: Int64?
        var lastTag: UInt64?
        var isCancelled = false
    }

    /// Waits for input once, and takes in what there is.
    private func readEnd(_ found: inout EndReader, until deadline: MonotonicTime, wakeup: Wakeup, doing: String) throws(BrokerError) {
        try check(camqp_flush(handle), doing)
        let count = try read()
        for index in 0..<count {
            let event = event(index).pointee
            switch camqp_event_kind(UInt32(event.kind)) {
            case CAMQP_EVENT_DELIVERY:
                guard event.stream_offset >= 0 else { throw .withoutOffset(doing) }
                found.lastOffset = max(found.lastOffset ?? -1, event.stream_offset)
                found.lastTag = event.tag
            case CAMQP_EVENT_CANCEL:
                throw BrokerError(.notFound, doing: doing, text: "the broker cancelled the consumer: the stream is gone")
            case CAMQP_EVENT_CANCEL_OK: found.isCancelled = true
            default: break
            }
        }
        try check(camqp_reset_arena(handle), doing)
        guard count == 0 else { return }
        try check(camqp_tick(handle, MonotonicTime.now.nanoseconds), doing)
        let left = (deadline - .now).nanoseconds
        if left > 0 { _ = camqp_wait(handle, wakeup.descriptor, true, min(left, Limits.tickNanoseconds)) }
    }
}

extension BrokerError {
    /// The broker refuses to read a queue as a stream, so this is not about a wrong name.
    static func withoutOffset(_ doing: String) -> BrokerError {
        BrokerError(.protocolViolation, doing: doing, text: "a stream's delivery has no 'x-stream-offset'")
    }
}
