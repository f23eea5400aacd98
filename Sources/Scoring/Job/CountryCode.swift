/// An ISO 3166-1 alpha-2 code, packed: first letter in the high byte.
package struct CountryCode: Hashable, Sendable, CustomStringConvertible {
    /// Two ASCII upper-case letters, first letter in the high byte.
    package let packed: UInt16

    /// `nil` unless `text` is two ASCII upper-case letters that ISO 3166-1 has assigned or left to its users.
    package init?(_ text: some StringProtocol) {
        var letters = text.utf8.makeIterator()
        guard let first = letters.next(), let second = letters.next(), letters.next() == nil else { return nil }
        self.init(first, second)
    }

    /// The code of two ASCII letters; `nil` under the same rule.
    init?(_ first: UInt8, _ second: UInt8) {
        guard Self.letters.contains(first), Self.letters.contains(second),
            Self.secondLetters[Int(first - 0x41)] & 1 << UInt32(second - 0x41) != 0
        else { return nil }
        packed = UInt16(first) << 8 | UInt16(second)
    }

    /// The code at a position among all pairs of letters; `nil` where there is none.
    init?(ordinal: Int) {
        guard (0..<Self.ordinalCount).contains(ordinal) else { return nil }
        self.init(UInt8(0x41 + ordinal / 26), UInt8(0x41 + ordinal % 26))
    }

    package var description: String {
        String(decoding: [UInt8(packed >> 8), UInt8(packed & 0xFF)], as: UTF8.self)
    }

    /// Position among all pairs of letters, AA = 0 … ZZ = 675.
    var ordinal: Int {
        Int(packed >> 8 - 0x41) * 26 + Int(packed & 0xFF - 0x41)
    }

    /// Pairs of letters.
    static let ordinalCount = 26 * 26

    private static let letters: ClosedRange<UInt8> = 0x41...0x5A

    /// By first letter, a bit for each second letter that makes a code.
    private static let secondLetters: [UInt32] = {
        var masks = [UInt32](repeating: 0, count: 26)
        for (first, seconds) in officiallyAssigned + userAssigned {
            for second in seconds.utf8 {
                masks[Int(first.value - 0x41)] |= 1 << UInt32(second - 0x41)
            }
        }
        return masks
    }()

    /// The 249 officially assigned codes.
    private static let officiallyAssigned: [(Unicode.Scalar, String)] = [
        ("A", "DEFGILMOQRSTUWXZ"),
        ("B", "ABDEFGHIJLMNOQRSTVWYZ"),
        ("C", "ACDFGHIKLMNORUVWXYZ"),
        ("D", "EJKMOZ"),
        ("E", "CEGHRST"),
        ("F", "IJKMOR"),
        ("G", "ABDEFGHILMNPQRSTUWY"),
        ("H", "KMNRTU"),
        ("I", "DELMNOQRST"),
        ("J", "EMOP"),
        ("K", "EGHIMNPRWYZ"),
        ("L", "ABCIKRSTUVY"),
        ("M", "ACDEFGHKLMNOPQRSTUVWXYZ"),
        ("N", "ACEFGILOPRUZ"),
        ("O", "M"),
        ("P", "AEFGHKLMNRSTWY"),
        ("Q", "A"),
        ("R", "EOSUW"),
        ("S", "ABCDEGHIJKLMNORSTVXYZ"),
        ("T", "CDFGHJKLMNORTVWZ"),
        ("U", "AGMSYZ"),
        ("V", "ACEGINU"),
        ("W", "FS"),
        ("Y", "ET"),
        ("Z", "AMW"),
    ]

    /// AA, QM–QZ, XA–XZ (Kosovo's customary XK among them) and ZZ: never assigned, left to private agreement.
    private static let userAssigned: [(Unicode.Scalar, String)] = [
        ("A", "A"), ("Q", "MNOPQRSTUVWXYZ"), ("X", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), ("Z", "Z"),
    ]
}
