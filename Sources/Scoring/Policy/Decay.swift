/// Decay by half-lives.
enum Decay {
    private static let ln2 = 0.693_147_180_559_945_3

    /// 2^(−halfLives) for `halfLives` ≥ 0, within two units of the last place; 0 beyond 1000.
    ///
    /// Not the C library's `exp2`: that one differs in its last bit between versions and processors, and a replayed decision must not.
    static func remaining(afterHalfLives halfLives: Double) -> Double {
        guard halfLives < 1000 else { return 0 }
        let whole = (halfLives + 0.5).rounded(.down)
        let x = (whole - halfLives) * ln2
        // Taylor's series of e^x; |x| ≤ ln 2 / 2, so the first term left out is below 2⁻⁵³.
        var sum = 1.0
        for divisor in stride(from: 14.0, through: 1.0, by: -1.0) {
            sum = 1 + x / divisor * sum
        }
        return sum * Double(sign: .plus, exponent: -Int(whole), significand: 1)
    }
}
