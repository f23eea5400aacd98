/// Exponential and logarithm in plain additions, multiplications and divisions.
///
/// The C library picks other instructions on other processors and may differ in the last bit; these do not, so that the same seed
/// gives the same bytes on every machine. Relative error below 1e-14, which no distribution here can show.
package enum Exact {
    /// e to the power of `value`; 0 below −700, and `value` is taken as 700 above it.
    package static func exp(_ value: Double) -> Double {
        guard value > -700 else { return 0 }
        let power = Swift.min(value, 700)
        let exponent = (power * 1.442_695_040_888_963_4).rounded()
        // ln 2 in two parts keeps the remainder exact to the last bits.
        let rest = power - exponent * 0.693_147_180_369_123_8 - exponent * 1.908_214_929_270_587_7e-10
        // Taylor series to the 12th power; |rest| ≤ 0.347.
        var sum = 2.08767569878681e-09
        sum = sum * rest + 2.505210838544172e-08
        sum = sum * rest + 2.755731922398589e-07
        sum = sum * rest + 2.7557319223985893e-06
        sum = sum * rest + 2.48015873015873e-05
        sum = sum * rest + 0.0001984126984126984
        sum = sum * rest + 0.001388888888888889
        sum = sum * rest + 0.008333333333333333
        sum = sum * rest + 0.041666666666666664
        sum = sum * rest + 0.16666666666666666
        sum = sum * rest + 0.5
        sum = sum * rest + 1
        sum = sum * rest + 1
        return sum * Double(bitPattern: UInt64(Int64(exponent) + 1023) << 52)
    }

    /// Natural logarithm of a finite `value` > 0; −700 for anything else.
    package static func log(_ value: Double) -> Double {
        guard value > 0, value.isNormal else { return -700 }
        var exponent = Double(value.exponent)
        var significand = value.significand
        if significand > 1.414_213_562_373_095 {
            significand /= 2
            exponent += 1
        }
        // log m = 2 artanh((m − 1) / (m + 1)), |ratio| ≤ 0.172.
        let ratio = (significand - 1) / (significand + 1)
        let square = ratio * ratio
        var sum = 0.05263157894736842
        sum = sum * square + 0.058823529411764705
        sum = sum * square + 0.06666666666666667
        sum = sum * square + 0.07692307692307693
        sum = sum * square + 0.09090909090909091
        sum = sum * square + 0.1111111111111111
        sum = sum * square + 0.14285714285714285
        sum = sum * square + 0.2
        sum = sum * square + 0.3333333333333333
        sum = sum * square + 1
        return 2 * ratio * sum + exponent * 0.693_147_180_559_945_3
    }

    /// Logistic function: the probability with log-odds `value`.
    package static func logistic(_ value: Double) -> Double {
        1 / (1 + exp(-value))
    }
}
