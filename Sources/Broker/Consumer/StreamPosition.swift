/// Where a consumer of a stream begins to read.
package enum StreamPosition: Sendable, Equatable {
    /// With the oldest message that the stream still keeps.
    case first
    /// So long ago, by the broker's clock, counted from the consumer's first connection to the stream; 1 s to 365 days, rounded up to
    /// seconds.
    ///
    /// The broker looks for whole chunks, in which it stores what came in together: somewhat older messages may come along.
    case interval(Duration)
    /// With the first message after those that were in the stream when the consumer first reached it, or, if it had to wait for the
    /// stream, after it began to (to the second).
    case next
}
