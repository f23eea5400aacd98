/// The messages published on one connection that the broker has not answered yet, as a ring by sequence number.
///
/// Pure: it keeps books, the publisher's thread does what follows from them. Confirms come in any order, for one message or
/// for all up to one (`multiple`); a return precedes the confirm of the message it gives back.
package struct ConfirmWindow<Message: Sendable>: Sendable {
    /// How much may be in flight.
    package struct Limits: Sendable {
        /// Unanswered messages, 1 or more.
        package var messages: Int
        /// Sum of their sizes, bytes.
        ///
        /// One message alone may exceed it.
        package var bytes: Int

        package init(messages: Int = 1024, bytes: Int = 8 * 1024 * 1024) {
            self.messages = max(1, messages)
            self.bytes = bytes
        }
    }

    /// How the broker answered.
    package enum Answer: Equatable, Sendable {
        case confirmed
        /// No queue took it.
        case returned(code: Int, text: String)
        /// Not accepted, for example because a queue is full: to be sent again later.
        case refused
    }

    /// A message that left the window.
    package struct Settled: Sendable {
        package let message: Message
        /// Its size.
        package let bytes: Int
        package let answer: Answer
    }

    private struct Entry {
        let message: Message
        let bytes: Int
        let sent: MonotonicTime
        var returned: Returned?
    }

    private struct Returned {
        let code: Int
        let text: String
    }

    package let limits: Limits
    /// Messages without an answer.
    package private(set) var count = 0
    /// Sum of their sizes.
    package private(set) var bytes = 0
    /// The next message's sequence number; the broker counts from 1 after confirm.select.
    package private(set) var nextSequence: UInt64 = 1

    /// Lowest sequence number without an answer; equal to `nextSequence` if there is none.
    private var oldestSequence: UInt64 = 1
    /// Sequence numbers may spread over more than `limits.messages`, or one late confirm would stop everything.
    private var ring: [Entry?]
    /// Returns come in the order of publishing: no need to look before the last one.
    private var returnCursor: UInt64 = 1
    /// Waiting before this moment does not count.
    private var clockStart: MonotonicTime?

    package init(limits: Limits = Limits()) {
        self.limits = limits
        ring = Array(repeating: nil, count: limits.messages * 4)
    }

    package var isEmpty: Bool { count == 0 }

    /// Whether a message of `size` bytes may be published now.
    package func hasRoom(for size: Int) -> Bool {
        guard count < limits.messages, nextSequence - oldestSequence < UInt64(ring.count) else { return false }
        return count == 0 || bytes + size <= limits.bytes
    }

    /// Enters a message that is about to be published.
    ///
    /// Call only if there is room.
    package mutating func publish(_ message: Message, bytes size: Int, now: MonotonicTime) {
        precondition(hasRoom(for: size), "the confirm window is full")
        ring[slot(nextSequence)] = Entry(message: message, bytes: size, sent: now, returned: nil)
        nextSequence += 1
        count += 1
        bytes += size
    }

    /// basic.ack: appends what it answers.
    ///
    /// Unknown numbers answer nothing.
    package mutating func acknowledge(_ sequence: UInt64, multiple: Bool, into settled: inout [Settled]) {
        answer(sequence, multiple: multiple, with: .confirmed, into: &settled)
    }

    /// basic.nack: appends what it answers.
    package mutating func refuse(_ sequence: UInt64, multiple: Bool, into settled: inout [Settled]) {
        answer(sequence, multiple: multiple, with: .refused, into: &settled)
    }

    /// basic.return: notes it on the first open message that `matches`, to be reported with its confirm.
    ///
    /// A return carries no sequence number; exchange, routing key and message id tell which it is. False if none matches.
    package mutating func giveBack(code: Int, text: String, where matches: (Message) -> Bool) -> Bool {
        let start = max(returnCursor, oldestSequence)
        for sequence in start..<nextSequence where note(code, text, on: sequence, where: matches) { return true }
        for sequence in oldestSequence..<start where note(code, text, on: sequence, where: matches) { return true }
        return false
    }

    /// The connection is lost: everything without an answer, in the order of publishing.
    ///
    /// The window starts anew.
    package mutating func takeUnanswered() -> [Message] {
        var messages: [Message] = []
        messages.reserveCapacity(count)
        for sequence in oldestSequence..<nextSequence {
            guard let entry = ring[slot(sequence)] else { continue }
            messages.append(entry.message)
            ring[slot(sequence)] = nil
        }
        count = 0
        bytes = 0
        nextSequence = 1
        oldestSequence = 1
        returnCursor = 1
        clockStart = nil
        return messages
    }

    /// When the oldest unanswered message was sent, or the clock restarted, whichever is later; nil if none waits.
    package var waitingSince: MonotonicTime? {
        guard count > 0, let sent = ring[slot(oldestSequence)]?.sent else { return nil }
        return clockStart.map { max($0, sent) } ?? sent
    }

    /// The broker was blocked: the time until now is no sign of a lost confirm.
    package mutating func restartClock(now: MonotonicTime) {
        clockStart = now
    }

    private func slot(_ sequence: UInt64) -> Int {
        Int(sequence % UInt64(ring.count))
    }

    private mutating func answer(_ sequence: UInt64, multiple: Bool, with answer: Answer, into settled: inout [Settled]) {
        // 0 with `multiple` means all (AMQP 0-9-1, 1.8.3.13).
        let last = multiple && sequence == 0 ? nextSequence - 1 : sequence
        guard last >= oldestSequence, last < nextSequence else { return }
        let first = multiple ? oldestSequence : last
        for sequence in first...last {
            guard let entry = ring[slot(sequence)] else { continue }
            ring[slot(sequence)] = nil
            count -= 1
            bytes -= entry.bytes
            let returned = entry.returned.map { Answer.returned(code: $0.code, text: $0.text) }
            settled.append(Settled(message: entry.message, bytes: entry.bytes, answer: returned ?? answer))
        }
        while oldestSequence < nextSequence, ring[slot(oldestSequence)] == nil { oldestSequence += 1 }
    }

    private mutating func note(_ code: Int, _ text: String, on sequence: UInt64, where matches: (Message) -> Bool) -> Bool {
        guard let entry = ring[slot(sequence)], entry.returned == nil, matches(entry.message) else { return false }
        ring[slot(sequence)]?.returned = Returned(code: code, text: text)
        returnCursor = sequence + 1
        return true
    }
}
