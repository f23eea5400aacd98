internal import CAMQPShim

/// The application headers of an outgoing message, encoded as they are set: no object for each header.
package struct MessageHeaders: Sendable, Equatable {
    /// Entries of an AMQP field table, without the table's length.
    ///
    /// At most 16 KiB can be published.
    package private(set) var encoded: [UInt8] = []

    package init() {}

    /// Headers whose encoding is expected to take `capacity` bytes.
    package init(capacity: Int) {
        encoded.reserveCapacity(capacity)
    }

    /// Adds a text; the name is cut after 128 bytes.
    ///
    /// Setting a name twice sends it twice.
    package mutating func set(_ name: String, _ text: String) {
        appendName(name, kind: "S")
        var text = text
        text.withUTF8 { utf8 in
            appendBigEndian(UInt32(truncatingIfNeeded: utf8.count))
            encoded.append(contentsOf: utf8)
        }
    }

    /// Adds a whole number.
    package mutating func set(_ name: String, _ number: Int64) {
        appendName(name, kind: "l")
        appendBigEndian(number)
    }

    /// Adds a floating-point number.
    package mutating func set(_ name: String, _ number: Double) {
        appendName(name, kind: "d")
        appendBigEndian(number.bitPattern)
    }

    /// Adds a number as text of nine significant digits, which tell any two single-precision numbers apart.
    package mutating func set(_ name: String, digitsOf number: Float) {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { text in
            let length = camqp_format_number(text.baseAddress, text.count, Double(number))
            appendName(name, kind: "S")
            appendBigEndian(UInt32(truncatingIfNeeded: length))
            encoded.append(contentsOf: UnsafeRawBufferPointer(start: text.baseAddress, count: Int(length)))
        }
    }

    private mutating func appendName(_ name: String, kind: Unicode.Scalar) {
        var name = name
        name.withUTF8 { utf8 in
            encoded.append(UInt8(min(utf8.count, 128)))
            encoded.append(contentsOf: utf8.prefix(128))
        }
        encoded.append(UInt8(ascii: kind))
    }

    private mutating func appendBigEndian<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.bigEndian) { encoded.append(contentsOf: $0) }
    }
}
