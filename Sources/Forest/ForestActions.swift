/// A forest prepared for jobs whose actions differ in a few features only.
///
/// What the actions of a job share is ranked once a job, and its bits are given to all of the job's rows. The margins equal those of
/// `Forest.margins` for the same rows to the bit.
///
/// Made once where a model is loaded, with the features that depend on the action (delay and time columns, provider and health columns);
/// then called once for a whole batch of jobs, each with as many actions as it has. Build one row a job, and for each action only the
/// varying values, in the order of `varyingFeatures`:
///
///     let actions = ForestActions(forest, varyingFeatures: varyingColumns)          // at load
///     shared.append(contentsOf: row(of: job))                                      // a row a job: featureCount values
///     counts.append(candidates.count)
///     for action in candidates { varying.append(contentsOf: values(of: action)) }  // varyingFeatures.count values
///     actions.margins(shared: shared.span, counts: counts.span, varying: varying.span, into: &margins)
///
/// A batch gains most from not building and ranking what actions share; the trees themselves cost the same. A lone job gains more: its
/// conditions on shared features are one bit for all of its up to 64 actions at once. Allocates nothing after a thread's first calls.
/// Immutable; any number of threads may use it at once.
package struct ForestActions: Sendable {
    package let forest: Forest
    /// Indices of the features that may vary between the actions of a job, in the order of the varying values.
    package let varyingFeatures: [Int]
    private let plan: Plan

    /// By the precision of the sums.
    private enum Plan: Sendable {
        case single(ForestEngine<XGBoostTrees>, ActionPlan<Float>)
        case double(ForestEngine<LightGBMTrees>, ActionPlan<Double>)
    }

    /// - Parameter varyingFeatures: distinct indices of features; any number of them, in any order.
    package init(_ forest: Forest, varyingFeatures: [Int]) {
        precondition(varyingFeatures.allSatisfy { (0..<forest.featureCount).contains($0) }, "an index is not one of a feature")
        precondition(Set(varyingFeatures).count == varyingFeatures.count, "an index appears twice")
        self.forest = forest
        self.varyingFeatures = varyingFeatures
        switch forest.engine {
        case .single(let engine): plan = .single(engine, ActionPlan(engine.plan, varying: varyingFeatures))
        case .double(let engine): plan = .double(engine, ActionPlan(engine.plan, varying: varyingFeatures))
        }
    }

    /// Computes the margin of each action of each job.
    ///
    /// - Parameters:
    ///   - shared: a row of `featureCount` values for each job; the varying features' values are not read.
    ///   - counts: the number of actions of each job, 0 or more; together `margins.count`.
    ///   - varying: `varyingFeatures.count` values for each action, job after job.
    package func margins(shared: Span<Float>, counts: Span<Int>, varying: Span<Float>, into margins: inout MutableSpan<Float>) {
        self.margins(shared: shared, counts: counts, varying: varying, into: &margins, path: forest.path)
    }

    /// The same by a path of the caller's choice, which must be supported.
    package func margins(
        shared: Span<Float>, counts: Span<Int>, varying: Span<Float>, into margins: inout MutableSpan<Float>, path: ForestPath,
        batching: ForestBatching = .automatic
    ) {
        precondition(path.isSupported, "this machine does not have the instructions of the path")
        switch plan {
        case .single(let engine, let plan):
            engine.margins(
                shared: shared, counts: counts, varying: varying, by: plan, into: &margins, path: path, batching: batching)
        case .double(let engine, let plan):
            engine.margins(
                shared: shared, counts: counts, varying: varying, by: plan, into: &margins, path: path, batching: batching)
        }
    }
}
