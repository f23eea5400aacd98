/// Numbers written as decimal text, under JSON's grammar.
enum DecimalText {
    /// A number as JSON tells them apart.
    enum Number {
        /// Has neither a fraction nor an exponent, and fits.
        case integer(Int64)
        case real(Float)
    }

    /// The `Float` nearest to the text; infinite where it is beyond the range; `nil` unless all of it is one JSON number.
    static func float(_ text: ArraySlice<UInt8>) -> Float? {
        guard let parts = Parts(text) else { return nil }
        return parts.float ?? Float(String(decoding: text, as: UTF8.self))
    }

    /// The same in double precision.
    static func double(_ text: ArraySlice<UInt8>) -> Double? {
        guard let parts = Parts(text) else { return nil }
        return parts.double ?? Double(String(decoding: text, as: UTF8.self))
    }

    /// `nil` unless all of the text is a whole number in JSON's form that fits.
    static func integer(_ text: ArraySlice<UInt8>) -> Int64? {
        guard let parts = Parts(text), parts.isWhole else { return nil }
        return parts.integer ?? Int64(String(decoding: text, as: UTF8.self))
    }

    /// The number that begins at `place`, which moves to its end, or to where it is none.
    static func number(in bytes: [UInt8], at place: inout Int) -> Number? {
        let start = place
        guard let parts = Parts(bytes.span, at: &place) else { return nil }
        if parts.isWhole, let integer = parts.integer { return .integer(integer) }
        if let float = parts.float { return .real(float) }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        if parts.isWhole, let integer = Int64(text) { return .integer(integer) }
        return Float(text).map { .real($0) }
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }
}

extension DecimalText {
    /// `-? digits (. digits)? ([eE] [+-]? digits)?`, no leading zero: the value is ± mantissa × 10^exponent.
    private struct Parts {
        private var isNegative = false
        private var mantissa: UInt64 = 0
        private var exponent = 0
        /// Whether mantissa and exponent hold all digits.
        private var isComplete = true
        /// Whether there is neither a fraction nor an exponent.
        private(set) var isWhole = true

        /// Digits that a mantissa surely holds, and powers of ten that a `Double` holds exactly.
        private static let digitLimit = 18
        private static let exactPowers: [Double] = [
            1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
        ]

        /// All of a text.
        init?(_ slice: ArraySlice<UInt8>) {
            var place = 0
            self.init(slice.span, at: &place)
            guard place == slice.count else { return nil }
        }

        /// What begins at `place`; `nil` for what is no number: Swift's own parser would also take `0x1p3` and `nan`.
        init?(_ text: Span<UInt8>, at place: inout Int) {
            if place < text.count, text[place] == UInt8(ascii: "-") {
                isNegative = true
                place += 1
            }
            let whole = take(text, &place)
            guard whole > 0, whole == 1 || text[place - whole] != UInt8(ascii: "0") else { return nil }
            var digits = whole
            if place < text.count, text[place] == UInt8(ascii: ".") {
                isWhole = false
                place += 1
                let fraction = take(text, &place)
                guard fraction > 0 else { return nil }
                digits += fraction
                exponent = -fraction
            }
            isComplete = digits <= Self.digitLimit
            if place < text.count, text[place] | 0x20 == UInt8(ascii: "e") {
                isWhole = false
                place += 1
                guard let power = Self.power(text, &place) else { return nil }
                exponent += power
            }
        }

        /// Adds a run of digits to the mantissa.
        private mutating func take(_ text: Span<UInt8>, _ place: inout Int) -> Int {
            let start = place
            while place < text.count, isDigit(text[place]) {
                // What has wrapped around is not complete.
                mantissa = mantissa &* 10 &+ UInt64(text[place] &- UInt8(ascii: "0"))
                place += 1
            }
            return place - start
        }

        /// The power of ten after the `e`, or one that is too large for any number; `nil` without digits.
        private static func power(_ text: Span<UInt8>, _ place: inout Int) -> Int? {
            var isNegative = false
            if place < text.count, text[place] == UInt8(ascii: "-") || text[place] == UInt8(ascii: "+") {
                isNegative = text[place] == UInt8(ascii: "-")
                place += 1
            }
            let start = place
            var power = 0
            while place < text.count, isDigit(text[place]) {
                power = min(power * 10 + Int(text[place] - UInt8(ascii: "0")), 1_000_000)
                place += 1
            }
            return place > start ? (isNegative ? -power : power) : nil
        }

        var integer: Int64? {
            isComplete ? (isNegative ? -Int64(mantissa) : Int64(mantissa)) : nil
        }

        /// The nearest `Double`, where one rounding yields it: both the mantissa and the power of ten are exact.
        var double: Double? {
            guard isComplete, mantissa <= 1 << 53, exponent.magnitude < Self.exactPowers.count else { return nil }
            let power = Self.exactPowers[Int(exponent.magnitude)]
            let magnitude = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
            return isNegative ? -magnitude : magnitude
        }

        /// The nearest `Float`, where the nearest `Double` tells it.
        ///
        /// Rounding twice goes wrong only where the first rounding ends in the middle between two floats: the 29 bits that a float lacks are a
        /// 1 and zeros. Denormal floats lack more.
        var float: Float? {
            guard let double, double.bitPattern & 0x1FFF_FFFF != 0x1000_0000 else { return nil }
            let float = Float(double)
            return float.isNormal || double == 0 ? float : nil
        }
    }
}
