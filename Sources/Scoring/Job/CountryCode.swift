/// An ISO 3166-1 alpha-2 code, packed: first letter in the high byte.
package struct CountryCode: Hashable, Sendable, CustomStringConvertible {
    /// Two ASCII upper-case letters, first letter in the high byte.
    package let packed: UInt16

    /// `nil` unless `text` is two ASCII upper-case letters that ISO 3166-1 has assigned or left to its users.
    package init?(_ text: some StringProtocol) {
        let letters = Array(text.utf8)
        guard letters.count == 2, letters.allSatisfy({ (0x41...0x5A).contains($0) }) else { return nil }
        packed = UInt16(letters[0]) << 8 | UInt16(letters[1])
    }

    package var description: String {
        String(decoding: [UInt8(packed >> 8), UInt8(packed & 0xFF)], as: UTF8.self)
    }
}
