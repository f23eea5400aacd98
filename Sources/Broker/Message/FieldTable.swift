/// The entries of an encoded AMQP field table, read without decoding what is not asked for.
///
/// Values that hold tables are skipped by their length, so a table nested without limit costs nothing. What is not well-formed ends the
/// table. RabbitMQ's types: https://www.rabbitmq.com/amqp-0-9-1-errata.html#section_3
package struct FieldTable: Sequence, IteratorProtocol {
    package struct Entry {
        package let name: String
        /// As it stands in the table: name, type and value.
        let encoded: ArraySlice<UInt8>
        let kind: UInt8
        /// Without the length that stands before texts, tables and arrays.
        let value: ArraySlice<UInt8>

        package var text: String? {
            kind == UInt8(ascii: "S") || kind == UInt8(ascii: "x") ? String(decoding: value, as: UTF8.self) : nil
        }

        /// A whole number of any width; seconds since the epoch for a time.
        package var number: Int64? {
            guard "bBsuIilLT".utf8.contains(kind) else { return nil }
            var bits: UInt64 = 0
            for byte in value { bits = bits << 8 | UInt64(byte) }
            if "BuiT".utf8.contains(kind) { return Int64(exactly: bits) }
            let unused = UInt64(64 - 8 * value.count)
            return Int64(bitPattern: bits << unused) >> Int64(unused)
        }

        /// The entries of a table.
        var table: FieldTable? { kind == UInt8(ascii: "F") ? FieldTable(value) : nil }

        /// The first element of an array, if it is a table.
        package var firstTable: FieldTable? {
            guard kind == UInt8(ascii: "A") else { return nil }
            var elements = FieldTable(value)
            guard let (kind, range) = elements.takeValue(), kind == UInt8(ascii: "F") else { return nil }
            return FieldTable(value[range])
        }
    }

    private let bytes: ArraySlice<UInt8>
    private var position: Int

    /// - Parameter entries: without the table's own length.
    init(_ entries: ArraySlice<UInt8>) {
        bytes = entries
        position = entries.startIndex
    }

    /// The next entry; `nil` at the end, and where what follows is none.
    package mutating func next() -> Entry? {
        let start = position
        guard let length = take(1).map({ Int(bytes[$0.lowerBound]) }), let name = take(length), let (kind, value) = takeValue() else {
            position = bytes.endIndex
            return nil
        }
        return Entry(
            name: String(decoding: bytes[name], as: UTF8.self), encoded: bytes[start..<position], kind: kind, value: bytes[value])
    }

    /// The first entry of that name.
    package subscript(_ name: String) -> Entry? { first { $0.name == name } }

    private mutating func take(_ count: Int) -> Range<Int>? {
        guard count <= bytes.endIndex - position else { return nil }
        defer { position += count }
        return position..<position + count
    }

    private mutating func takeValue() -> (kind: UInt8, value: Range<Int>)? {
        guard let kind = take(1).map({ bytes[$0.lowerBound] }), let length = takeLength(of: kind), let value = take(length) else {
            return nil
        }
        return (kind, value)
    }

    /// Bytes of a value of that type; `nil` for an unknown type.
    private mutating func takeLength(of kind: UInt8) -> Int? {
        switch Unicode.Scalar(kind) {
        case "V": 0
        case "t", "b", "B": 1
        case "s", "u": 2
        case "I", "i", "f": 4
        case "D": 5
        case "l", "L", "d", "T": 8
        case "S", "x", "A", "F": take(4).map { bytes[$0].reduce(0) { $0 << 8 | Int($1) } }
        default: nil
        }
    }
}
