/// A trained ensemble of decision trees with one output: what a model file says, checked, and the paths that compute its margins.
///
/// The reference walk defines what a model predicts: its margins equal those of the library that wrote the model to the last bit. The fast
/// paths compute the same bits; `HERALD_FOREST` (`portable`, `avx2`, `avx512`) overrides the choice among them.
package struct Forest: Sendable {
    /// Length of a row.
    package let featureCount: Int
    package let treeCount: Int
    /// Names of the features in row order; empty where the model has none.
    package let featureNames: [String]
    package let objective: Objective
    /// What every sum starts from.
    package let baseMargin: Float
    /// The path that margins are computed by unless a call names another.
    package let path: ForestPath

    let engine: ForestEngine<XGBoostTrees>

    /// Reads an XGBoost model (1.7 to 3.x), JSON or UBJSON, told apart by its first bytes.
    ///
    /// Nothing in the file is trusted: after this, no row can lead the walk outside the nodes or keep it from ending.
    package init(xgboost bytes: [UInt8]) throws(ForestError) {
        path = try ForestPath.chosen()
        let model = try XGBoostModel(bytes)
        var importer = TreeImporter(featureCount: model.featureCount, baseMargin: model.baseMargin)
        for (index, tree) in model.trees.enumerated() {
            try importer.append(tree, weight: model.weights.isEmpty ? nil : model.weights[index])
        }
        featureCount = model.featureCount
        treeCount = model.trees.count
        featureNames = model.featureNames
        objective = model.objective
        baseMargin = model.baseMargin
        engine = ForestEngine(XGBoostTrees(importer, baseMargin: model.baseMargin), featureCount: model.featureCount)
    }

    /// Computes the margin of each row: the base margin, then the leaves added in tree order, in single precision.
    ///
    /// `rows` is row-major with `margins.count * featureCount` values; NaN is missing. Allocates nothing after a thread's first calls: each
    /// thread keeps its scratch memory.
    package func margins(of rows: Span<Float>, into margins: inout MutableSpan<Float>) {
        engine.margins(of: rows, into: &margins, path: path, batching: .automatic)
    }

    /// The same by a path of the caller's choice, which must be supported.
    package func margins(
        of rows: Span<Float>, into margins: inout MutableSpan<Float>, path: ForestPath, batching: ForestBatching = .automatic
    ) {
        precondition(path.isSupported, "this machine does not have the instructions of the path")
        engine.margins(of: rows, into: &margins, path: path, batching: batching)
    }

    /// What XGBoost predicts from a margin: a probability where `objective.isProbability`, else the margin itself.
    package func probability(margin: Float) -> Float {
        objective.prediction(margin: margin)
    }
}
