/// Counter-based randomness: a key names a place in the world, and the same key always gives the same draw.
///
/// Nothing is drawn in sequence, so draws do not depend on the order in which they are asked for, and two processes with the same
/// seed agree without talking. Deriving a child is one step of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators", 2014) with the parent as state and the child's number as counter.
package struct SeedKey: Hashable, Sendable {
    /// 64 well-mixed bits; also the draw that this key stands for.
    package let bits: UInt64

    /// The key of a whole world.
    package init(seed: UInt64) {
        bits = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
    }

    private init(bits: UInt64) {
        self.bits = bits
    }

    /// The `number`-th child of this key.
    package subscript(number: UInt64) -> SeedKey {
        @inline(__always) get { SeedKey(bits: Self.mix(bits &+ (number &+ 1) &* 0x9E37_79B9_7F4A_7C15)) }
    }

    /// The child for a time or another signed number.
    package subscript(signed number: Int64) -> SeedKey {
        @inline(__always) get { self[UInt64(bitPattern: number)] }
    }

    /// The child for a short text such as an identifier.
    package subscript(text text: String) -> SeedKey {
        var key = self
        for byte in text.utf8 { key = key[UInt64(byte)] }
        return key
    }

    /// Uniform in [0, 1), 53 bits.
    package var uniform: Double {
        @inline(__always) get { Double(bits >> 11) * 0x1p-53 }
    }

    /// Roughly standard normal: four 16-bit uniforms summed, so bounded by ±3.5 and without a logarithm.
    package var normal: Double {
        let sum = (bits & 0xFFFF) &+ (bits >> 16 & 0xFFFF) &+ (bits >> 32 & 0xFFFF) &+ (bits >> 48)
        return (Double(sum) * 0x1p-16 - 2) * 1.732_050_807_568_877_2
    }

    /// Exponentially distributed with mean 1.
    package var exponential: Double {
        -Exact.log(1 - uniform)
    }

    /// Finaliser of SplitMix64.
    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }
}
