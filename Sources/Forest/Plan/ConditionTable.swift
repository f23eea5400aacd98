/// One comparison of a feature, `value < threshold`, with the outcome for a missing value.
struct Comparison: Hashable {
    let feature: UInt32
    /// Bits of the threshold, −0 as 0: the two compare alike.
    let thresholdBits: UInt32
    let missingLeft: Bool

    init(feature: Int, threshold: Float, missingLeft: Bool) {
        self.feature = UInt32(feature)
        thresholdBits = (threshold + 0).bitPattern
        self.missingLeft = missingLeft
    }

    var threshold: Float { Float(bitPattern: thresholdBits) }

    /// Ascends by feature, then by threshold: the bits of floats ascend with them once those of negative ones are turned around.
    var order: UInt64 {
        let isNegative = thresholdBits >> 31 == 1
        return UInt64(feature) << 32 | UInt64(isNegative ? ~thresholdBits : thresholdBits | 1 << 31)
    }
}

/// What sends a row left at a node.
enum Condition: Hashable {
    /// The comparison of this index.
    case comparison(Int32)
    /// The outcome turns at each of the ascending comparisons: it is `startsLeft` where the first holds, the opposite where only the
    /// second and later ones do, and so on.
    case turns(comparisons: [Int32], startsLeft: Bool)
}

/// The distinct conditions of a forest: trees share them.
struct ConditionTable {
    /// Turns of one condition: beyond, a walk is the faster way.
    static let turnLimit = 512

    private(set) var comparisons: [Comparison] = []
    private(set) var conditions: [Condition] = []
    private var comparisonIndices: [Comparison: Int32] = [:]
    private var conditionIndices: [Condition: Int32] = [:]
    /// Condition of each comparison that is one by itself; −1 where it is only part of others.
    private var conditionOfComparison: [Int32] = []

    /// Index of the condition `value < threshold`.
    mutating func less(feature: Int, threshold: Float, missingLeft: Bool) -> Int32 {
        let comparison = Int(comparisonIndex(of: Comparison(feature: feature, threshold: threshold, missingLeft: missingLeft)))
        if conditionOfComparison[comparison] < 0 {
            conditionOfComparison[comparison] = Int32(conditions.count)
            conditions.append(.comparison(Int32(comparison)))
        }
        return conditionOfComparison[comparison]
    }

    /// Index of the condition that is `startsLeft` below the first of the ascending boundaries and turns at each; `nil` if they are too many.
    mutating func turning(feature: Int, at boundaries: [Float], startsLeft: Bool, missingLeft: Bool) -> Int32? {
        guard boundaries.count <= Self.turnLimit else { return nil }
        // Without a boundary, one that every value reaches: a missing value can still differ.
        let places = boundaries.isEmpty ? [-Float.infinity] : boundaries
        let starts = boundaries.isEmpty ? !startsLeft : startsLeft
        let turns = places.enumerated().map { place, boundary in
            // Only the first that holds counts: the first one itself or, for the opposite outcome, the second or none.
            comparisonIndex(of: Comparison(feature: feature, threshold: boundary, missingLeft: place > 0 || starts == missingLeft))
        }
        let condition = Condition.turns(comparisons: turns, startsLeft: starts)
        if let index = conditionIndices[condition] { return index }
        let index = Int32(conditions.count)
        conditionIndices[condition] = index
        conditions.append(condition)
        return index
    }

    private mutating func comparisonIndex(of comparison: Comparison) -> Int32 {
        if let index = comparisonIndices[comparison] { return index }
        let index = Int32(comparisons.count)
        comparisonIndices[comparison] = index
        comparisons.append(comparison)
        conditionOfComparison.append(-1)
        return index
    }

    /// The comparisons a condition is made of.
    func parts(of condition: Int) -> [Int32] {
        switch conditions[condition] {
        case .comparison(let index): [index]
        case .turns(let comparisons, _): comparisons
        }
    }
}
