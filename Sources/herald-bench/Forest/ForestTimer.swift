internal import CBench
import Forest

/// Times one path of a forest.
struct ForestTimer {
    let forest: Forest
    let path: ForestPath
    let pool: RowPool
    var batching = ForestBatching.automatic

    /// Nanoseconds for a task: from a row-major matrix to the margins.
    func time(_ task: ScoreTask) -> Double {
        let rows = Array(pool.rows(task.firstRow, count: task.rowCount))
        var margins = [Float](repeating: 0, count: task.rowsPerCall)
        let step = task.rowsPerCall * RowPool.featureCount
        var output = margins.mutableSpan
        forest.margins(of: rows.span.extracting(0..<step), into: &output, path: path, batching: batching)
        let start = cbench_now()
        for call in 1...task.calls {
            forest.margins(
                of: rows.span.extracting(call * step..<(call + 1) * step), into: &output, path: path, batching: batching)
        }
        return Double(cbench_now() - start)
    }

    /// The margins of the pool's first rows, in the precision of the library that the model comes from.
    func margins(rowCount: Int) -> [Double] {
        let rows = Array(pool.rows(0, count: rowCount))
        var margins = [Double](repeating: 0, count: rowCount)
        var output = margins.mutableSpan
        forest.margins(of: rows.span, into: &output, path: path)
        return margins
    }
}
