internal import Scoring

/// Fits Platt's scaling by maximum likelihood.
enum PlattScaling {
    private static let maximumSteps = 50

    /// The slope and intercept under which `labels`, 1 or 0, are likeliest; a slope of 1 where the margins do not tell one.
    static func fit(margins: [Float], labels: [Float]) -> Calibration {
        let both = newton(margins, labels, hasSlope: true)
        if let both, Calibration.slopes.contains(both.slope), Calibration.intercepts.contains(both.intercept) {
            return .platt(slope: both.slope, intercept: both.intercept)
        }
        // Margins that are all the same, or that fall where deliveries rise: only the level can be learnt.
        guard let level = newton(margins, labels, hasSlope: false), Calibration.intercepts.contains(level.intercept) else {
            return .identity
        }
        return .platt(slope: 1, intercept: level.intercept)
    }

    /// Newton's method with halved steps where a whole one would overshoot; `nil` where there is no maximum to be found.
    private static func newton(_ margins: [Float], _ labels: [Float], hasSlope: Bool) -> (slope: Double, intercept: Double)? {
        var (slope, intercept) = (1.0, 0.0)
        var loss = logLoss(margins, labels, slope, intercept)
        for _ in 0..<maximumSteps {
            var (gradientSlope, gradientIntercept, slopes, mixed, intercepts) = (0.0, 0.0, 0.0, 0.0, 0.0)
            for (margin, label) in zip(margins, labels) {
                let m = Double(margin)
                let p = Logistic.probability(margin: slope * m + intercept)
                let weight = p * (1 - p)
                gradientSlope += (p - Double(label)) * m
                gradientIntercept += p - Double(label)
                slopes += weight * m * m
                mixed += weight * m
                intercepts += weight
            }
            let determinant = slopes * intercepts - mixed * mixed
            guard intercepts > 0, !hasSlope || determinant > 1e-9 * slopes * intercepts else { return nil }
            var (stepSlope, stepIntercept) = (0.0, gradientIntercept / intercepts)
            if hasSlope {
                stepSlope = (gradientSlope * intercepts - gradientIntercept * mixed) / determinant
                stepIntercept = (gradientIntercept * slopes - gradientSlope * mixed) / determinant
            }
            var share = 1.0
            var next = logLoss(margins, labels, slope - stepSlope, intercept - stepIntercept)
            while !(next <= loss), share > 1e-6 {
                share /= 2
                next = logLoss(margins, labels, slope - share * stepSlope, intercept - share * stepIntercept)
            }
            guard next < loss else { break }
            (slope, intercept) = (slope - share * stepSlope, intercept - share * stepIntercept)
            let gain = loss - next
            loss = next
            if gain < 1e-12 { break }
        }
        return (slope, intercept)
    }

    private static func logLoss(_ margins: [Float], _ labels: [Float], _ slope: Double, _ intercept: Double) -> Double {
        MarginLoss.mean(zip(margins, labels).lazy.map { (slope * Double($0) + intercept, $1) })
    }
}
