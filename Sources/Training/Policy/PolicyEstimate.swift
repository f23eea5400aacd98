/// A figure of a policy evaluation with its 95 % interval.
package struct PolicyEstimate: Equatable, Sendable {
    package var value: Double
    package var lower: Double
    package var upper: Double

    /// Two-sided 95 % quantile of the standard normal distribution.
    static let quantile = 1.959_963_984_540_054

    /// Standard error that the interval tells.
    package var standardError: Double { (upper - lower) / 2 / Self.quantile }

    package init(value: Double, lower: Double, upper: Double) {
        self.value = value
        self.lower = lower
        self.upper = upper
    }

    package func contains(_ truth: Double) -> Bool { lower <= truth && truth <= upper }

    init(_ function: SumFunction, _ totals: ClusterMoments.Totals) {
        value = function.value
        let half = Self.quantile * totals.variance(gradient: function.gradient).squareRoot()
        lower = value - half
        upper = value + half
    }
}

/// A function of the sums over the clusters: its value at them, and its gradient.
struct SumFunction {
    var value: Double
    var gradient: [Double]

    /// The mean of a component over all decisions.
    static func mean(_ component: DecisionSums, _ sums: [Double]) -> SumFunction {
        let count = sums[DecisionSums.count.rawValue]
        var gradient = [Double](repeating: 0, count: sums.count)
        let value = sums[component.rawValue] / count
        gradient[component.rawValue] += 1 / count
        gradient[DecisionSums.count.rawValue] -= value / count
        return SumFunction(value: value, gradient: gradient)
    }

    /// A mean of weighted points over the weights' own mean, times the probability with which the target attempts at all.
    static func selfNormalised(_ component: DecisionSums, _ sums: [Double]) -> SumFunction {
        let count = sums[DecisionSums.count.rawValue]
        let (mass, weight) = (sums[DecisionSums.attempting.rawValue], sums[DecisionSums.weight.rawValue])
        let weighted = sums[component.rawValue]
        let value = mass * weighted / weight / count
        var gradient = [Double](repeating: 0, count: sums.count)
        gradient[DecisionSums.attempting.rawValue] += weighted / weight / count
        gradient[component.rawValue] += mass / weight / count
        gradient[DecisionSums.weight.rawValue] -= value / weight
        gradient[DecisionSums.count.rawValue] -= value / count
        return SumFunction(value: value, gradient: gradient)
    }

    static func + (left: SumFunction, right: SumFunction) -> SumFunction {
        SumFunction(value: left.value + right.value, gradient: zip(left.gradient, right.gradient).map { $0 + $1 })
    }

    static func - (left: SumFunction, right: SumFunction) -> SumFunction {
        SumFunction(value: left.value - right.value, gradient: zip(left.gradient, right.gradient).map { $0 - $1 })
    }
}

/// What is summed over the decisions on a notification.
enum DecisionSums: Int, CaseIterable {
    /// 1 for each decision.
    case count
    /// Points of what was done.
    case logged
    /// Probability with which the target attempts.
    case attempting
    /// The target's probability of the logged attempt over the logged one; 0 where the job was given up.
    case rawWeight
    /// The same, clipped.
    case weight
    /// Clipped weight times points.
    case weighted
    /// Points that the target's model expects of the target.
    case expected
    /// Clipped weight times what the model is wrong by.
    case residual
    /// What clipping may have cut off at most, in points.
    case cut
    /// The target's probability of actions that the log cannot have chosen, as far as it tells.
    case unseen
}
