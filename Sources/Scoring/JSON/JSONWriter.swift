/// Appends JSON without spaces to a buffer that can be used again.
///
/// Keys are the program's own and need no escapes. The same values give the same bytes. Objects and arrays must be closed by whoever opens
/// them; nothing checks that.
package struct JSONWriter {
    /// What was written.
    package private(set) var bytes: [UInt8] = []
    /// Whether the next element needs no comma in front.
    private var isFirst = true

    package init(capacity: Int = 640) {
        bytes.reserveCapacity(capacity)
    }

    /// Begins anew, in the same memory.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        isFirst = true
    }

    // MARK: Structure

    /// An object as an element of an array, or by itself.
    package mutating func openObject() {
        separate()
        open("{")
    }

    package mutating func openObject(_ key: StaticString) {
        write(key: key)
        open("{")
    }

    package mutating func closeObject() {
        close("}")
    }

    package mutating func openArray(_ key: StaticString) {
        write(key: key)
        open("[")
    }

    package mutating func closeArray() {
        close("]")
    }

    // MARK: Fields

    /// A text; nothing where there is none.
    package mutating func write(_ key: StaticString, _ value: String?) {
        guard let value else { return }
        write(key: key)
        append(quoted: value)
    }

    package mutating func write(_ key: StaticString, _ values: [String]) {
        openArray(key)
        for value in values {
            separate()
            append(quoted: value)
        }
        closeArray()
    }

    package mutating func write(_ key: StaticString, _ value: Int?) {
        guard let value else { return }
        write(key: key)
        append(value)
    }

    package mutating func write(_ key: StaticString, _ value: Int64?) {
        write(key, value.map(Int.init))
    }

    /// The shortest text that reads back as `value`; nothing for what JSON cannot write.
    package mutating func write(_ key: StaticString, _ value: Double?) {
        guard let value, value.isFinite else { return }
        write(key: key)
        append(value)
    }

    /// The shortest text that reads back as `value`; nothing for what JSON cannot write.
    package mutating func write(_ key: StaticString, _ value: Float?) {
        guard let value, value.isFinite else { return }
        write(key: key)
        append(value)
    }

    package mutating func write(_ key: StaticString, _ value: Timestamp?) {
        guard let value else { return }
        write(key: key)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: value.rfc3339Bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func writeNull(_ key: StaticString) {
        write(key: key)
        bytes.append(contentsOf: "null".utf8)
    }

    // MARK: Bytes

    private mutating func open(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        isFirst = true
    }

    private mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        isFirst = false
    }

    private mutating func separate() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
    }

    private mutating func write(key: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// Digit by digit: a text of its own would cost more than all the rest.
    private mutating func append(_ value: Int) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        var rest = value.magnitude
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    private mutating func append<Number: BinaryFloatingPoint & LosslessStringConvertible>(_ value: Number) {
        // What `description` writes of them; most propensities are 0 or 1. The sign of −0 is told by the other way.
        if let whole = Int(exactly: value), whole.magnitude < 1000, whole != 0 || value.sign == .plus {
            append(whole)
            bytes.append(contentsOf: [UInt8(ascii: "."), UInt8(ascii: "0")])
        } else {
            bytes.append(contentsOf: value.description.utf8)
        }
    }

    private mutating func append(quoted text: String) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            bytes.append(contentsOf: text.utf8)
        } else {
            for byte in text.utf8 { append(escaped: byte) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(escaped byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0..<0x20:
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(0x30 + byte >> 4)
            bytes.append(byte & 15 < 10 ? 0x30 + byte & 15 : 0x57 + byte & 15)
        default:
            bytes.append(byte)
        }
    }
}
