package import Scoring

/// A hidden level in [0, 1) per entity that stays as it is for a while and is then drawn anew, with no memory.
///
/// Redraws form a Poisson process: the chance that nothing changed over Δ is exp(−Δ / mean). That is why a failure just met is news
/// about the next minutes, and why the news fades. A condition that holds for a share q of the time holds while the level is
/// below q. The level is a pure function of (key, entity, time): time is cut into cells of one mean each, and each cell draws how
/// many redraws it holds, where they lie and which level they set.
package struct RenewalProcess: Sendable {
    /// Mean time between redraws, > 0.
    package let meanMilliseconds: Int64
    private let key: SeedKey

    package init(key: SeedKey, meanMilliseconds: Int64) {
        self.key = key
        self.meanMilliseconds = max(1, meanMilliseconds)
    }

    /// The level of `entity` at `time`.
    package func level(of entity: UInt64, at time: Timestamp) -> Double {
        let entityKey = key[entity]
        let (cell, part) = place(time)
        var current = cell
        var limit = part
        while true {
            if let level = last(in: entityKey[signed: current], upTo: limit) { return level }
            current -= 1
            limit = UInt64(UInt32.max)
        }
    }

    /// The first time after `time` and up to `latest` at which the level is redrawn to at least `share`; `nil` if there is none.
    package func firstRelease(of entity: UInt64, share: Double, after time: Timestamp, upTo latest: Timestamp) -> Timestamp? {
        let entityKey = key[entity]
        let (firstCell, firstPart) = place(time)
        let (lastCell, _) = place(latest)
        guard firstCell <= lastCell else { return nil }
        for cell in firstCell...lastCell {
            let cellKey = entityKey[signed: cell]
            var best: UInt64?
            for point in 0..<Self.count(cellKey) {
                let bits = cellKey[UInt64(point)].bits
                let part = bits >> 32
                guard Double(bits & 0xFFFF_FFFF) * 0x1p-32 >= share, cell > firstCell || part > firstPart else { continue }
                best = min(best ?? part, part)
            }
            guard let best else { continue }
            let offset = Int64(Double(best) * 0x1p-32 * Double(meanMilliseconds))
            let release = Timestamp(milliseconds: cell * meanMilliseconds + offset)
            return release > latest ? nil : max(release, time)
        }
        return nil
    }

    /// The chance that the level has not been redrawn for `milliseconds`.
    package func persistence(over milliseconds: Int64) -> Double {
        milliseconds <= 0 ? 1 : Exact.exp(-Double(milliseconds) / Double(meanMilliseconds))
    }

    /// The chance that a condition with share `share` holds at a time, knowing whether it held `elapsed` milliseconds before, when
    /// its share was `shareThen`.
    package func chance(share: Double, elapsed: Int64, held: Bool, shareThen: Double) -> Double {
        let persistence = persistence(over: elapsed)
        let unchanged: Double
        if held {
            unchanged = shareThen > 0 ? min(1, share / shareThen) : 1
        } else {
            unchanged = shareThen < 1 ? max(0, (share - shareThen) / (1 - shareThen)) : 0
        }
        return persistence * unchanged + (1 - persistence) * share
    }

    /// Cell of `time` and position within it in 2⁻³² of a cell.
    private func place(_ time: Timestamp) -> (cell: Int64, part: UInt64) {
        var (cell, rest) = time.milliseconds.quotientAndRemainder(dividingBy: meanMilliseconds)
        if rest < 0 {
            cell -= 1
            rest += meanMilliseconds
        }
        return (cell, UInt64(Double(rest) / Double(meanMilliseconds) * 0x1p32))
    }

    /// The level set by the last redraw of a cell at or before `limit`.
    private func last(in cellKey: SeedKey, upTo limit: UInt64) -> Double? {
        var best: UInt64 = 0
        var level: Double?
        for point in 0..<Self.count(cellKey) {
            let bits = cellKey[UInt64(point)].bits
            let part = bits >> 32
            guard part <= limit, level == nil || part >= best else { continue }
            best = part
            level = Double(bits & 0xFFFF_FFFF) * 0x1p-32
        }
        return level
    }

    /// Redraws in a cell: Poisson with mean 1, by inversion, at most 7 (beyond that the probability is below 1e-5).
    private static func count(_ cellKey: SeedKey) -> Int {
        let draw = cellKey.uniform
        if draw < 0.367_879_441_2 { return 0 }
        if draw < 0.735_758_882_3 { return 1 }
        if draw < 0.919_698_602_9 { return 2 }
        if draw < 0.981_011_843_1 { return 3 }
        if draw < 0.996_340_153_2 { return 4 }
        if draw < 0.999_405_815_2 { return 5 }
        return draw < 0.999_916_758_8 ? 6 : 7
    }
}
