/// How far one connection has read its stream: which deliveries are new, and when all that was there at its begin is through.
///
/// Pure.
package struct StreamProgress: Sendable {
    /// If nothing at all is delivered for so long, there is nothing to replay.
    ///
    /// Then the interval began after the stream's last message, which the broker does not tell. It begins to deliver within
    /// milliseconds; the rest is for a busy one.
    package static let silence: Duration = .seconds(2)

    /// The last offset known at the begin; nil if there was none, or none that is still wanted.
    private let end: Int64?
    private let attached: MonotonicTime
    private var last: Int64
    private var hasDelivered = false
    /// The first delivery that is not before `end`.
    private var endTag: UInt64?

    package init(end: Int64?, done: Int64?, now: MonotonicTime) {
        last = done ?? -1
        self.end = end.flatMap { [last] in $0 > last ? $0 : nil }
        attached = now
    }

    /// Enters a delivery; false if it was handed out before, or is not wanted.
    package mutating func deliver(_ offset: Int64, tag: UInt64) -> Bool {
        hasDelivered = true
        if let end, endTag == nil, offset >= end { endTag = tag }
        guard offset > last else { return false }
        last = offset
        return true
    }

    /// Whether all that was in the stream at the begin has been settled; `lowestOpen` is the first delivery that has not.
    package func hasReachedEnd(lowestOpen: UInt64?, now: MonotonicTime) -> Bool {
        guard end != nil else { return true }
        guard let endTag else { return !hasDelivered && now - attached >= Self.silence }
        return lowestOpen.map { $0 > endTag } ?? true
    }
}
