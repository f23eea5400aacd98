/// A position in the bytes of a model file, with the bounds checks and budgets that both formats share.
struct ByteCursor {
    let bytes: [UInt8]
    private(set) var position = 0
    private var nesting = 0
    private var valueCount = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var remaining: Int { bytes.count - position }

    /// The next byte, without moving; `nil` at the end.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func take() throws(ForestError) -> UInt8 {
        guard position < bytes.count else { throw truncated() }
        defer { position += 1 }
        return bytes[position]
    }

    /// The next `count` bytes; never more than there are.
    mutating func take(_ count: Int) throws(ForestError) -> ArraySlice<UInt8> {
        guard count <= remaining else { throw truncated() }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func expect(_ byte: UInt8, _ what: String) throws(ForestError) {
        guard try take() == byte else { throw malformed("expected \(what)", at: position - 1) }
    }

    mutating func skip(while isSkipped: (UInt8) -> Bool) {
        while position < bytes.count, isSkipped(bytes[position]) { position += 1 }
    }

    /// The number that begins here; `nil`, with nothing taken, for `-Infinity`.
    mutating func number() throws(ForestError) -> DecimalText.Number? {
        let start = position
        if let number = DecimalText.number(in: bytes, at: &position) { return number }
        let end = position
        position = start
        guard end < bytes.count else { throw truncated() }
        guard bytes[end] == UInt8(ascii: "I"), end == start + 1 else { throw malformed("expected a value", at: start) }
        return nil
    }

    mutating func advance() {
        position += 1
    }

    /// Counts one value against `ImportLimits.values`.
    mutating func count() throws(ForestError) {
        valueCount += 1
        guard valueCount <= ImportLimits.values else {
            throw ForestError(.limitExceeded, "more than \(ImportLimits.values) values before byte \(position)")
        }
    }

    /// Enters an object or an array.
    mutating func descend() throws(ForestError) {
        nesting += 1
        guard nesting <= ImportLimits.nesting else {
            throw ForestError(.limitExceeded, "nested deeper than \(ImportLimits.nesting) levels at byte \(position)")
        }
    }

    mutating func ascend() {
        nesting -= 1
    }

    func requireEnd() throws(ForestError) {
        guard position == bytes.count else {
            throw ForestError(.trailingBytes, "\(remaining) bytes follow the end of the model at byte \(position)")
        }
    }

    func truncated() -> ForestError {
        ForestError(.truncated, "the model ends in the middle, after \(bytes.count) bytes")
    }

    func malformed(_ what: String, at offset: Int) -> ForestError {
        ForestError(.malformed, "\(what) at byte \(offset)")
    }

    func duplicate(_ key: String) -> ForestError {
        ForestError(.duplicateKey, "the key '\(key.prefix(64))' appears twice in one object, at byte \(position)")
    }
}
