internal import Scoring

/// An order of whole numbers that looks random and is the same for the same seed, whichever of them there are.
///
/// Since each number has its place on its own, a larger share always holds all of a smaller one.
struct SeededOrder {
    let seed: UInt64

    /// Where `number` stands, evenly spread over all values: the finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
    func place(of number: Int) -> UInt64 {
        var mixed = UInt64(bitPattern: Int64(number)) &+ (seed &+ 1) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Whether `number` is in the first `share`, in (0, 1], of all numbers.
    func isWithin(_ share: Double, _ number: Int) -> Bool {
        share >= 1 || Double(place(of: number)) < share * 0x1p64
    }

    /// The first `limit` of 0..<`count`, ascending.
    func sample(of count: Int, limit: Int) -> [Int] {
        guard count > limit else { return Array(0..<count) }
        return (0..<count).sorted { place(of: $0) < place(of: $1) }.prefix(limit).sorted()
    }
}
