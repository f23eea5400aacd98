/// Chance that follows from a text: the same in every process and every replay.
package enum Lot {
    /// What a lot is drawn for; each purpose has its own, so that one does not decide another.
    package enum Purpose: UInt64, CaseIterable, Sendable {
        /// Which jobs a breaker lets through.
        case probe = 1
        /// How long a breaker stays open.
        case coolDown = 2
        /// Which of two adjacent steps of the ladder a job takes.
        case step = 3
        /// Where in a stretch of time a job comes back.
        case spread = 4
        /// Which of the safe actions is taken.
        case exploration = 5
        /// Which of many jobs that are alike are urgent.
        case priority = 6
    }

    /// A number in [0, 1) that looks random: FNV-1a over purpose, round and text, then the finaliser of SplitMix64.
    ///
    /// - Parameter round: draws anew for the same text and purpose, such as at each opening of a breaker.
    package static func unit(_ text: String, for purpose: Purpose, round: UInt64 = 0) -> Double {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ purpose.rawValue &* 0x9E37_79B9_7F4A_7C15
        hash = mixed(hash &+ mixed(round))
        for byte in text.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        return Double(mixed(hash) >> 11) * 0x1p-53
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
