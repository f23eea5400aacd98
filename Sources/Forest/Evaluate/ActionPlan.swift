internal import CForest

/// A plan divided by whether a feature varies between the rows of one job.
struct ActionPlan<Sum: LeafSum>: Sendable {
    /// Indices of the varying features in a row, in the order of the rows' varying values.
    let varying: [Int]
    /// Columns of the features that all rows of a job share, and of the others: these by their index in `varying`.
    let sharedColumns: [cforest_column]
    let varyingColumns: [cforest_column]
    let sharedTurns: [RowPlan<Sum>.Turn]
    let varyingTurns: [RowPlan<Sum>.Turn]
    /// For AVX-512; `nil` where it cannot be.
    let words: ActionWords<Sum>?
    /// Whether some trees need a whole row.
    let walks: Bool

    init(_ plan: ForestPlan<Sum>?, varying: [Int]) {
        self.varying = varying
        var places: [Int: Int] = [:]
        for (place, feature) in varying.enumerated() { places[feature] = place }
        let columns = plan?.columns ?? []
        let turns = plan?.rowPlan?.turns ?? []
        sharedColumns = columns.filter { places[Int($0.feature)] == nil }
        varyingColumns = columns.compactMap { column in
            guard let place = places[Int(column.feature)] else { return nil }
            var column = column
            column.feature = UInt32(place)
            return column
        }.sorted { $0.feature < $1.feature }
        sharedTurns = turns.filter { places[$0.feature] == nil }
        varyingTurns = turns.compactMap { turn in
            guard let place = places[turn.feature] else { return nil }
            var turn = turn
            turn.feature = place
            return turn
        }
        words =
            varyingTurns.isEmpty && ForestPath.avx512.isSupported
            ? plan?.rowPlan.flatMap { rowPlan in
                ActionWords(rowPlan, columnCount: columns.count, isVarying: columns.map { places[Int($0.feature)] != nil })
            } : nil
        walks = plan?.chunks.contains { $0.segments.contains { $0.kind == .walk } } ?? true
    }
}
