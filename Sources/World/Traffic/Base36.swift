/// A number in base 36, digits `0`–`9` and `a`–`z`: short identifiers without allocating text.
struct Base36: Sendable {
    /// First digit in the lowest byte.
    private var packed: UInt64 = 0
    private(set) var count = 0

    /// The last eight digits of `number`, which are all of them below 2.8e12.
    init(_ number: UInt64) {
        var rest = number
        repeat {
            let digit = rest % 36
            packed = packed << 8 | (digit < 10 ? 0x30 + digit : 0x57 + digit)
            rest /= 36
            count += 1
        } while rest > 0 && count < 8
    }

    /// The digit at `index`, as ASCII.
    subscript(index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: packed >> UInt64(index * 8))
    }

    /// The key of `parent` for this text: equal to `parent[text:]` of the digits.
    func key(under parent: SeedKey) -> SeedKey {
        var key = parent
        for index in 0..<count { key = key[UInt64(self[index])] }
        return key
    }

    /// The digits as text.
    var text: String {
        String(decoding: (0..<count).map { self[$0] }, as: UTF8.self)
    }
}
