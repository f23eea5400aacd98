/// The natural logarithm.
package enum Logarithm {
    private static let ln2 = 0.693_147_180_559_945_3

    /// ln x for a normal x > 0, within a few units of the last place.
    ///
    /// Not the C library's `log`: that one differs in its last bit between versions and processors, and a replayed decision must not.
    package static func natural(_ x: Double) -> Double {
        var exponent = Double(x.exponent)
        var significand = x.significand
        // To [1/√2, √2), where the series below converges fastest.
        if significand > 1.414_213_562_373_095 {
            significand /= 2
            exponent += 1
        }
        // ln m = 2 · artanh((m − 1) / (m + 1)); |z| < 0.172, so the first term left out is below 2⁻⁵³ of the sum.
        let z = (significand - 1) / (significand + 1)
        let square = z * z
        var sum = 0.0
        for divisor in stride(from: 21.0, through: 1.0, by: -2.0) {
            sum = sum * square + 1 / divisor
        }
        return exponent * ln2 + 2 * z * sum
    }
}
