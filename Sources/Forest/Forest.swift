/// A trained ensemble of decision trees with one output: what a model file says, checked, and the paths that compute its margins.
///
/// The reference walk defines what a model predicts: its margins equal those of the library that wrote the model to the last bit. The fast
/// paths compute the same bits; `HERALD_FOREST` (`portable`, `avx2`, `avx512`) overrides the choice among them.
package struct Forest: Sendable {
    /// By the precision of the sums.
    enum Engine: Sendable {
        case single(ForestEngine<XGBoostTrees>)
        case double(ForestEngine<LightGBMTrees>)
    }

    /// Length of a row.
    package let featureCount: Int
    package let treeCount: Int
    /// Names of the features in row order; empty where the model has none.
    package let featureNames: [String]
    package let objective: Objective
    /// What every sum starts from; 0 for LightGBM.
    package let baseMargin: Float
    /// The path that margins are computed by unless a call names another.
    package let path: ForestPath

    let engine: Engine
    /// For each tree the weights of the training rows, as its importer gathered them; only explanations look at them.
    let covers: [[Float]]
    /// LightGBM's factor of the margin in the logistic function.
    private let sigmoid: Double

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
        sigmoid = 1
        covers = importer.covers
        let trees = XGBoostTrees(importer, baseMargin: model.baseMargin)
        engine = .single(ForestEngine(trees, featureCount: model.featureCount))
    }

    /// Reads a LightGBM model (4.x: text, version 4), as untrusted as the other.
    package init(lightGBM bytes: [UInt8]) throws(ForestError) {
        path = try ForestPath.chosen()
        let model = try LightGBMModel(bytes)
        var importer = LightGBMImporter(featureCount: model.featureCount)
        for tree in model.trees { try importer.append(tree) }
        featureCount = model.featureCount
        treeCount = model.trees.count
        featureNames = model.featureNames
        objective = model.objective
        baseMargin = 0
        sigmoid = model.sigmoid
        covers = importer.covers
        let trees = LightGBMTrees(importer.trees, importer.categorySets, isAverage: model.isAverage)
        engine = .double(ForestEngine(trees, featureCount: model.featureCount))
    }

    // MARK: Margins

    /// Computes the margin of each row: the base margin, then the leaves added in tree order.
    ///
    /// XGBoost's sums are in single precision. LightGBM's are in double precision (for a random forest, divided by the number of trees), and
    /// are rounded once here. `rows` is row-major with `margins.count * featureCount` values; NaN is missing. Allocates nothing after a
    /// thread's first calls: each thread keeps its scratch memory.
    package func margins(of rows: Span<Float>, into margins: inout MutableSpan<Float>) {
        compute(rows, &margins, path, .automatic)
    }

    /// The same by a path of the caller's choice, which must be supported.
    package func margins(
        of rows: Span<Float>, into margins: inout MutableSpan<Float>, path: ForestPath, batching: ForestBatching = .automatic
    ) {
        precondition(path.isSupported, "this machine does not have the instructions of the path")
        compute(rows, &margins, path, batching)
    }

    /// The margins in double precision: LightGBM's own sums to the last bit, XGBoost's widened.
    package func margins(of rows: Span<Float>, into margins: inout MutableSpan<Double>) {
        compute(rows, &margins, path, .automatic)
    }

    /// The same by a path of the caller's choice, which must be supported.
    package func margins(
        of rows: Span<Float>, into margins: inout MutableSpan<Double>, path: ForestPath, batching: ForestBatching = .automatic
    ) {
        precondition(path.isSupported, "this machine does not have the instructions of the path")
        compute(rows, &margins, path, batching)
    }

    private func compute<Margin: BinaryFloatingPoint>(
        _ rows: Span<Float>, _ margins: inout MutableSpan<Margin>, _ path: ForestPath, _ batching: ForestBatching
    ) {
        switch engine {
        case .single(let engine): engine.margins(of: rows, into: &margins, path: path, batching: batching)
        case .double(let engine): engine.margins(of: rows, into: &margins, path: path, batching: batching)
        }
    }

    // MARK: Predictions

    /// What the library predicts from a margin: a probability where `objective.isProbability`, else the margin itself.
    ///
    /// XGBoost's to the last bit.
    package func probability(margin: Float) -> Float {
        switch objective.library {
        case .xgboost: objective.prediction(margin: margin)
        case .lightGBM: Float(prediction(margin: Double(margin)))
        }
    }

    /// The same in double precision: LightGBM's own.
    package func prediction(margin: Double) -> Double {
        switch objective.library {
        case .xgboost: Double(objective.prediction(margin: Float(margin)))
        case .lightGBM: objective.prediction(margin: margin, sigmoid: sigmoid)
        }
    }
}
