internal import Crypto

/// Identity of a decision: deterministic, so that a redelivered job gets the id it had and the log collapses the duplicate.
///
/// SHA-256 over the job id and, when the job comes back from a retry queue, the id of the decision that sent it there; the first
/// 16 bytes, written as 32 hexadecimal digits. The chain keeps the decisions of one job apart without any state.
package struct DecisionID: Hashable, Sendable, CustomStringConvertible {
    /// Bytes of an id.
    private static let byteCount = 16

    /// Two words, first bytes first: they are compared, hashed and copied as such.
    private let high, low: UInt64

    /// The id for a job that carries `previous` in its `x-herald-decision-id` header, or none.
    package init(jobID: String, previous: DecisionID?) {
        var bytes = Array(jobID.utf8)
        // A byte that UTF-8 never contains, so that no job id can be read as another's id and header.
        bytes.append(0xFF)
        if let previous { bytes += previous.digits }
        var words: (UInt64, UInt64) = (0, 0)
        for byte in SHA256.hash(data: bytes).prefix(Self.byteCount) {
            words = (words.0 << 8 | words.1 >> 56, words.1 << 8 | UInt64(byte))
        }
        (high, low) = words
    }

    /// The id as read from a header; `nil` unless it is 32 lower-case hexadecimal digits.
    package init?(_ text: String) {
        guard text.utf8.count == 2 * Self.byteCount else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        for digit in text.utf8 {
            let value: UInt64
            switch digit {
            case 0x30...0x39: value = UInt64(digit - 0x30)
            case 0x61...0x66: value = UInt64(digit - 0x57)
            default: return nil
            }
            words = (words.0 << 4 | words.1 >> 60, words.1 << 4 | value)
        }
        (high, low) = words
    }

    /// 32 lower-case hexadecimal digits.
    package var text: String { String(decoding: digits, as: UTF8.self) }

    private var digits: [UInt8] {
        (0..<2 * Self.byteCount).map { index in
            let word = index < Self.byteCount ? high : low
            let value = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (index % Self.byteCount))) & 15
            return value < 10 ? 0x30 + value : 0x57 + value
        }
    }

    package var description: String { text }
}
