/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored (POSIX time).
///
/// Milliseconds are what MongoDB's dates and the delay ladder resolve; finer fractions of an input are cut off.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since the Unix epoch, UTC.
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The time `milliseconds` after (or, when negative, before) `time`.
    package static func + (time: Timestamp, milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds + milliseconds)
    }

    /// Milliseconds from `earlier` to `later`; negative when they stand the other way round.
    package static func - (later: Timestamp, earlier: Timestamp) -> Int64 {
        later.milliseconds - earlier.milliseconds
    }

    /// Whole days since 1970-01-01, UTC; negative before.
    var day: Int64 {
        let quotient = milliseconds / 86_400_000
        return milliseconds % 86_400_000 < 0 ? quotient - 1 : quotient
    }

    /// Milliseconds since midnight UTC, in 0…86 399 999.
    var millisecondOfDay: Int64 {
        let remainder = milliseconds % 86_400_000
        return remainder < 0 ? remainder + 86_400_000 : remainder
    }
}
