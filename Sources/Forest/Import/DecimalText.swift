/// Numbers written as decimal text, under JSON's grammar.
enum DecimalText {
    /// The `Float` nearest to the text; infinite where it is beyond the range; `nil` unless all of it is one JSON number.
    static func float(_ text: some Collection<UInt8>) -> Float? {
        guard isNumber(text) else { return nil }
        return Float(String(decoding: text, as: UTF8.self))
    }

    /// The same in double precision.
    static func double(_ text: some Collection<UInt8>) -> Double? {
        guard isNumber(text) else { return nil }
        return Double(String(decoding: text, as: UTF8.self))
    }

    /// `nil` unless all of the text is a whole number in JSON's form that fits.
    static func integer(_ text: some Collection<UInt8>) -> Int64? {
        guard isNumber(text), text.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: "-") }) else { return nil }
        return Int64(String(decoding: text, as: UTF8.self))
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9")
    }

    /// Whether a byte can be part of a number.
    static func isPart(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E")
    }

    /// `-? digits (. digits)? ([eE] [+-]? digits)?`, no leading zero: Swift's own parser would also take `0x1p3` and `nan`.
    private static func isNumber(_ text: some Collection<UInt8>) -> Bool {
        var rest = text[...]
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let whole = rest.prefix(while: isDigit)
        guard !whole.isEmpty, whole.count == 1 || whole.first != UInt8(ascii: "0") else { return false }
        rest = rest.dropFirst(whole.count)
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix(while: isDigit)
            guard !fraction.isEmpty else { return false }
            rest = rest.dropFirst(1 + fraction.count)
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            let exponent = rest.prefix(while: isDigit)
            guard !exponent.isEmpty else { return false }
            rest = rest.dropFirst(exponent.count)
        }
        return rest.isEmpty
    }
}
