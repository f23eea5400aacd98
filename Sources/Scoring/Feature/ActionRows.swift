/// The features of the actions of many jobs: for each route of a job what its actions share, for each action what its delay changes.
///
/// A job with 3 providers and 12 delays has 3 rows and 36 times 7 values instead of 36 rows. Keeps its memory from batch to batch.
package struct ActionRows: Sendable {
    /// Values of one action.
    private static let delayWidth = FeatureColumn.delayDependent.count

    /// A row for each route, in schema order; the columns of `FeatureColumn.delayDependent` have whatever values.
    private(set) var routes: [Float] = []
    /// The number of actions of each route.
    private(set) var counts: [Int] = []
    /// The columns of `FeatureColumn.delayDependent`, for each action.
    private(set) var delays: [Float] = []
    /// The route of each action.
    private var routeOfAction: [Int] = []

    package init() {}

    /// Rows so far.
    package var actionCount: Int { routeOfAction.count }

    package mutating func removeAll() {
        routes.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
        delays.removeAll(keepingCapacity: true)
        routeOfAction.removeAll(keepingCapacity: true)
    }

    /// Adds the actions of one job; what they have in common is computed once.
    ///
    /// Equal to `FeatureSchema.row` to the bit.
    ///
    /// - Parameters:
    ///   - actions: in any order; the fewest routes where those through one provider follow each other.
    ///   - decidedAt, health: as of `FeatureSchema.row`.
    package mutating func append(
        _ job: Job, actions: Span<CandidateAction>, decidedAt: Timestamp, health: borrowing LiveHealth, schema: FeatureSchema
    ) {
        let features = JobFeatures(job: job, decidedAt: decidedAt, health: health, schema: schema)
        let firstRoute = counts.count
        var provider: Int?
        for index in actions.indices {
            if actions[index].providerIndex != provider {
                provider = actions[index].providerIndex
                let route = RouteFeatures(
                    of: actions[index].providerIndex, job: job, decidedAt: decidedAt, health: health, schema: schema)
                append(route, of: features, schema: schema)
            }
            counts[counts.count - 1] += 1
            routeOfAction.append(counts.count - 1)
        }
        guard firstRoute < counts.count else { return }
        let (period, firstDelay) = (counts[firstRoute], delays.count)
        delays.append(contentsOf: repeatElement(.nan, count: actions.count * Self.delayWidth))
        var values = delays.mutableSpan
        Self.write(actions, period: period, of: job, features, to: &values, from: firstDelay)
    }

    /// Writes what each action's delay changes.
    ///
    /// - Parameter period: actions after which the delays are likely to repeat, for the next provider.
    private static func write(
        _ actions: Span<CandidateAction>, period: Int, of job: Job, _ features: JobFeatures, to values: inout MutableSpan<Float>,
        from first: Int
    ) {
        for index in actions.indices {
            let (twin, delay) = (index % period, actions[index].delayMilliseconds)
            let start = first + index * delayWidth
            if twin < index, actions[twin].delayMilliseconds == delay {
                for value in 0..<delayWidth { values[start + value] = values[first + twin * delayWidth + value] }
            } else {
                features.writeDelay(delay, of: job, to: &values, at: start)
            }
        }
    }

    private mutating func append(_ route: RouteFeatures, of job: JobFeatures, schema: FeatureSchema) {
        let start = routes.count
        routes.append(contentsOf: repeatElement(.nan, count: schema.featureCount))
        counts.append(0)
        var rows = routes.mutableSpan
        job.write(route, to: &rows, at: start)
    }

    /// The features of one action, as `FeatureSchema.row` writes them.
    package func row(_ action: Int) -> [Float] {
        let featureCount = routes.count / counts.count
        let start = routeOfAction[action] * featureCount
        var row = Array(routes[start..<start + featureCount])
        let columns = FeatureColumn.delayDependent
        for (place, column) in columns.enumerated() { row[column] = delays[action * columns.count + place] }
        return row
    }
}
