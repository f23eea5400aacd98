/// A point of a curve over thresholds.
package struct CurvePoint: Equatable, Sendable {
    package var x: Double
    package var y: Double
    /// Rows with at least this probability count as predicted to be delivered; above 1 for none.
    package var threshold: Double
}

extension [CurvePoint] {
    /// Most points a drawn curve has.
    static var limit: Int { 200 }

    /// At most `limit` of the points, 2 or more, first and last among them, at equal distances along the curve.
    ///
    /// `weight` is that of a vertical distance; a horizontal one weighs 1.
    func thinned(to limit: Int = Self.limit, verticalWeight weight: Double) -> [CurvePoint] {
        guard count > limit, let first, let last else { return self }
        let steps = zip(self, dropFirst()).map { abs($1.x - $0.x) + weight * abs($1.y - $0.y) }
        let length = steps.reduce(0, +)
        var kept = [first]
        var travelled = 0.0
        for (index, step) in steps.enumerated().dropLast() {
            travelled += step
            // One place is for the last point.
            guard kept.count < limit - 1, travelled >= length * Double(kept.count) / Double(limit - 1) else { continue }
            kept.append(self[index + 1])
        }
        return kept + [last]
    }
}
