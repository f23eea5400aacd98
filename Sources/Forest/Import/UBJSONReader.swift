/// Reads UBJSON as XGBoost writes it: big-endian, every length an int64 (`L`), typed arrays as `[$d#L…`, no other optimised containers.
///
/// No allocation is sized by a declared length unless the bytes that are left can hold that many elements.
struct UBJSONReader {
    private var cursor: ByteCursor

    /// The whole of `bytes` as one value.
    static func read(_ bytes: [UInt8]) throws(ForestError) -> ModelValue {
        var reader = UBJSONReader(cursor: ByteCursor(bytes))
        let value = try reader.value()
        try reader.cursor.requireEnd()
        return value
    }

    private mutating func value() throws(ForestError) -> ModelValue {
        let marker = try cursor.take()
        switch marker {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "S"): return .text(try string())
        case UInt8(ascii: "Z"): return .null
        case UInt8(ascii: "T"): return .boolean(true)
        case UInt8(ascii: "F"): return .boolean(false)
        default: return try scalar(marker, at: cursor.position - 1)
        }
    }

    private mutating func scalar(_ marker: UInt8, at offset: Int) throws(ForestError) -> ModelValue {
        guard let width = Self.width(of: marker) else {
            throw cursor.malformed("an unknown type '\(Character(Unicode.Scalar(marker)))'", at: offset)
        }
        let bits = Self.bigEndian(try cursor.take(width))
        return switch marker {
        case UInt8(ascii: "d"): .number(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case UInt8(ascii: "D"): .number(Float(Double(bitPattern: bits)))
        default: .integer(Self.integer(bits, marker))
        }
    }

    private mutating func object() throws(ForestError) -> ModelValue {
        try cursor.descend()
        var members: [String: ModelValue] = [:]
        while cursor.next != UInt8(ascii: "}") {
            try cursor.count()
            let key = try string()
            guard members.updateValue(try value(), forKey: key) == nil else { throw cursor.duplicate(key) }
        }
        cursor.advance()
        cursor.ascend()
        return .object(members)
    }

    private mutating func array() throws(ForestError) -> ModelValue {
        if cursor.next == UInt8(ascii: "$") { return try typedArray() }
        try cursor.descend()
        var elements = ModelArrayBuilder()
        if cursor.next == UInt8(ascii: "#") {
            cursor.advance()
            for _ in 0..<(try length(ofElements: 1)) {
                try append(to: &elements)
            }
        } else {
            while cursor.next != UInt8(ascii: "]") {
                try append(to: &elements)
            }
            cursor.advance()
        }
        cursor.ascend()
        return elements.finish()
    }

    private mutating func append(to elements: inout ModelArrayBuilder) throws(ForestError) {
        let start = cursor.position
        let element = try value()
        if !element.isScalar { try cursor.count() }
        guard elements.append(element) else { throw cursor.malformed("an array that mixes numbers with others", at: start) }
    }

    private mutating func typedArray() throws(ForestError) -> ModelValue {
        cursor.advance()
        let offset = cursor.position
        let marker = try cursor.take()
        guard let width = Self.width(of: marker) else {
            throw cursor.malformed("an array of the unknown type '\(Character(Unicode.Scalar(marker)))'", at: offset)
        }
        try cursor.expect(UInt8(ascii: "#"), "'#' and the length of an array")
        let count = try length(ofElements: width)
        let content = try cursor.take(count * width)
        func element(_ index: Int) -> UInt64 {
            let start = content.startIndex + index * width
            return Self.bigEndian(content[start..<start + width])
        }
        return switch marker {
        case UInt8(ascii: "d"): .numbers((0..<count).map { Float(bitPattern: UInt32(truncatingIfNeeded: element($0))) })
        case UInt8(ascii: "D"): .numbers((0..<count).map { Float(Double(bitPattern: element($0))) })
        default: .integers((0..<count).map { Self.integer(element($0), marker) })
        }
    }

    private mutating func string() throws(ForestError) -> String {
        let start = cursor.position
        let content = try cursor.take(try length(ofElements: 1))
        guard let text = String(validating: content, as: UTF8.self) else {
            throw cursor.malformed("a string that is not UTF-8", at: start)
        }
        return text
    }

    /// A length, once it is certain that the rest of the file can hold that many elements of `width` bytes.
    private mutating func length(ofElements width: Int) throws(ForestError) -> Int {
        let offset = cursor.position
        try cursor.expect(UInt8(ascii: "L"), "a length of type 'L'")
        let length = Int64(bitPattern: Self.bigEndian(try cursor.take(8)))
        guard length >= 0 else { throw cursor.malformed("a negative length", at: offset) }
        guard length <= cursor.remaining / width else { throw cursor.truncated() }
        return Int(length)
    }

    // MARK: Numbers

    /// Bytes of one number of this type; `nil` for what is no number.
    private static func width(of marker: UInt8) -> Int? {
        switch marker {
        case UInt8(ascii: "i"), UInt8(ascii: "U"): 1
        case UInt8(ascii: "I"): 2
        case UInt8(ascii: "l"), UInt8(ascii: "d"): 4
        case UInt8(ascii: "L"), UInt8(ascii: "D"): 8
        default: nil
        }
    }

    private static func bigEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func integer(_ bits: UInt64, _ marker: UInt8) -> Int64 {
        switch marker {
        case UInt8(ascii: "i"): Int64(Int8(truncatingIfNeeded: bits))
        case UInt8(ascii: "U"): Int64(UInt8(truncatingIfNeeded: bits))
        case UInt8(ascii: "I"): Int64(Int16(truncatingIfNeeded: bits))
        case UInt8(ascii: "l"): Int64(Int32(truncatingIfNeeded: bits))
        default: Int64(bitPattern: bits)
        }
    }
}
