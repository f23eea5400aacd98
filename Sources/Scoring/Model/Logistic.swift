/// The logistic function, the same to the bit on every machine.
///
/// Not the C library's `exp`, which differs in its last bit between versions and processors: a replayed decision must not. Only additions,
/// multiplications, divisions and comparisons, each rounded as IEEE 754 says. Since rounding keeps order and every step below keeps it
/// too, the results never fall while the argument rises.
package enum Logistic {
    private static let ln2High = 0.693_147_180_369_123_8
    private static let ln2Low = 1.908_214_929_270_587_7e-10
    private static let perLn2 = 1.442_695_040_888_963_4
    /// Beyond it the result is 0 or 1 in every precision used here.
    private static let limit = 700.0

    /// 1 / (1 + e^−`margin`), in [0, 1], with a relative error below 1e-14; NaN for NaN.
    package static func probability(margin: Double) -> Double {
        1 / (1 + exponential(-margin))
    }

    /// e^`x`, for |x| beyond 700 as at 700.
    static func exponential(_ x: Double) -> Double {
        guard !x.isNaN else { return x }
        let x = min(max(x, -limit), limit)
        let whole = (x * perLn2).rounded(.down)
        // The rest in [0, ln 2]; what rounding puts outside is put back, so that neighbouring intervals join in order.
        let rest = min(max((x - whole * ln2High) - whole * ln2Low, 0), ln2High + ln2Low)
        // Taylor's series up to 1/14!; on [0, ln 2] the first term left out is below 4e-15.
        var sum = 1.0 / 87_178_291_200
        sum = sum * rest + 1.0 / 6_227_020_800
        sum = sum * rest + 1.0 / 479_001_600
        sum = sum * rest + 1.0 / 39_916_800
        sum = sum * rest + 1.0 / 3_628_800
        sum = sum * rest + 1.0 / 362_880
        sum = sum * rest + 1.0 / 40_320
        sum = sum * rest + 1.0 / 5040
        sum = sum * rest + 1.0 / 720
        sum = sum * rest + 1.0 / 120
        sum = sum * rest + 1.0 / 24
        sum = sum * rest + 1.0 / 6
        sum = sum * rest + 1.0 / 2
        sum = sum * rest + 1
        sum = sum * rest + 1
        // 2^whole; the limit keeps the exponent in range.
        return min(sum, 2) * Double(bitPattern: UInt64(Int64(whole) + 1023) << 52)
    }
}
