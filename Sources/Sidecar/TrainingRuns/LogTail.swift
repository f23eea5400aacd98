/// The end of what a process wrote, within a bound.
package struct LogTail: Equatable, Sendable {
    /// Bytes that are kept.
    package static let limit = 65_536

    private var bytes: [UInt8] = []

    package init() {}

    package mutating func append(_ more: some Sequence<UInt8>) {
        bytes.append(contentsOf: more)
        // Not at each byte: dropping the front moves the rest.
        if bytes.count > 2 * Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
    }

    /// At most `limit` bytes, from the beginning of a line where something was dropped.
    package var text: String {
        guard bytes.count > Self.limit else { return String(decoding: bytes, as: UTF8.self) }
        let rest = bytes.suffix(Self.limit)
        let start = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.startIndex
        return String(decoding: rest[start...], as: UTF8.self)
    }

    /// The last lines with something in them, as one of at most 500 characters.
    package var lastWords: String {
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
        return String(lines.suffix(3).joined(separator: " | ").suffix(500))
    }
}
