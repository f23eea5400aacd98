/// Reads a JSON document, strictly by RFC 8259 but for the `NaN`, `Infinity` and `-Infinity` that XGBoost writes.
struct JSONReader {
    private var cursor: ByteCursor

    /// The whole of `bytes` as one value.
    static func read(_ bytes: [UInt8]) throws(ForestError) -> ModelValue {
        var reader = JSONReader(cursor: ByteCursor(bytes))
        let value = try reader.value()
        reader.skipSpace()
        try reader.cursor.requireEnd()
        return value
    }

    private mutating func value() throws(ForestError) -> ModelValue {
        skipSpace()
        guard let first = cursor.next else { throw cursor.truncated() }
        switch first {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "N"): return try word("NaN", .number(.nan))
        case UInt8(ascii: "I"): return try word("Infinity", .number(.infinity))
        default: return try numberValue()
        }
    }

    private mutating func object() throws(ForestError) -> ModelValue {
        cursor.advance()
        try cursor.descend()
        var members: [String: ModelValue] = [:]
        skipSpace()
        if cursor.next == UInt8(ascii: "}") {
            cursor.advance()
        } else {
            repeat {
                try cursor.count()
                skipSpace()
                let key = try string()
                skipSpace()
                try cursor.expect(UInt8(ascii: ":"), "':' after the key '\(key.prefix(64))'")
                guard members.updateValue(try value(), forKey: key) == nil else { throw cursor.duplicate(key) }
            } while try continues(until: UInt8(ascii: "}"))
        }
        cursor.ascend()
        return .object(members)
    }

    private mutating func array() throws(ForestError) -> ModelValue {
        cursor.advance()
        try cursor.descend()
        var elements = ModelArrayBuilder()
        skipSpace()
        if cursor.next == UInt8(ascii: "]") {
            cursor.advance()
        } else {
            repeat {
                skipSpace()
                let start = cursor.position
                let isFlat: Bool
                if startsNumber, let number = try cursor.number() {
                    // Nearly all of a model: not by way of a value, whose copies would take most of the time.
                    isFlat = elements.append(number)
                } else {
                    let element = try value()
                    if !element.isScalar { try cursor.count() }
                    isFlat = elements.append(element)
                }
                guard isFlat else { throw cursor.malformed("an array that mixes numbers with others", at: start) }
            } while try continues(until: UInt8(ascii: "]"))
        }
        cursor.ascend()
        return elements.finish()
    }

    /// Takes the `,` between two elements (true) or the closing bracket (false).
    private mutating func continues(until close: UInt8) throws(ForestError) -> Bool {
        skipSpace()
        let byte = try cursor.take()
        if byte == UInt8(ascii: ",") { return true }
        guard byte == close else {
            throw cursor.malformed("expected ',' or '\(Character(Unicode.Scalar(close)))'", at: cursor.position - 1)
        }
        return false
    }

    private var startsNumber: Bool {
        cursor.next.map { DecimalText.isDigit($0) || $0 == UInt8(ascii: "-") } ?? false
    }

    private mutating func numberValue() throws(ForestError) -> ModelValue {
        switch try cursor.number() {
        case .integer(let integer): return .integer(integer)
        case .real(let number): return .number(number)
        case nil:
            cursor.advance()
            return try word("Infinity", .number(-.infinity))
        }
    }

    private mutating func word(_ word: StaticString, _ value: ModelValue) throws(ForestError) -> ModelValue {
        let start = cursor.position
        let expected = Array("\(word)".utf8)
        let found = try cursor.take(min(expected.count, max(cursor.remaining, 0)))
        guard expected.starts(with: found) else { throw cursor.malformed("expected a value", at: start) }
        guard found.count == expected.count else { throw cursor.truncated() }
        return value
    }

    private mutating func skipSpace() {
        cursor.skip { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    }

    // MARK: Strings

    private mutating func string() throws(ForestError) -> String {
        let start = cursor.position
        try cursor.expect(UInt8(ascii: "\""), "a string")
        var content: [UInt8] = []
        while true {
            let byte = try cursor.take()
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw cursor.malformed("a string that is not UTF-8", at: start)
                }
                return text
            case UInt8(ascii: "\\"):
                try escape(into: &content)
            case 0..<0x20:
                throw cursor.malformed("a control character in a string", at: cursor.position - 1)
            default:
                content.append(byte)
            }
        }
    }

    private mutating func escape(into content: inout [UInt8]) throws(ForestError) {
        let byte = try cursor.take()
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): content.append(contentsOf: "\(try scalar())".utf8)
        default: throw cursor.malformed("an unknown escape in a string", at: cursor.position - 2)
        }
    }

    /// The character of a `\u` escape, or of two that form a surrogate pair.
    private mutating func scalar() throws(ForestError) -> Character {
        let start = cursor.position
        var code = try hexadecimal()
        if (0xD800..<0xDC00).contains(code) {
            try cursor.expect(UInt8(ascii: "\\"), "the second half of a surrogate pair")
            try cursor.expect(UInt8(ascii: "u"), "the second half of a surrogate pair")
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low) else { throw cursor.malformed("half a surrogate pair", at: start) }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw cursor.malformed("half a surrogate pair", at: start) }
        return Character(scalar)
    }

    private mutating func hexadecimal() throws(ForestError) -> UInt32 {
        var code: UInt32 = 0
        for byte in try cursor.take(4) {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw cursor.malformed("expected four hexadecimal digits", at: cursor.position - 4)
            }
            code = code << 4 | UInt32(digit)
        }
        return code
    }
}
