/// An XGBoost model document, checked down to its trees (which `TreeImporter` checks).
struct XGBoostModel {
    let featureCount: Int
    let featureNames: [String]
    let objective: Objective
    let baseMargin: Float
    /// In the order of summation.
    let trees: [ModelObject]
    /// What each tree's leaves are multiplied by (DART); empty where there is no such weight.
    let weights: [Float]

    init(_ bytes: [UInt8]) throws(ForestError) {
        let root = try ModelObject(try Self.document(bytes), path: "")
        let learner = try root.object("learner")
        let parameters = try learner.object("learner_model_param")
        try Self.requireSingleOutput(parameters)
        featureCount = try parameters.parameter("num_feature", in: 1...ImportLimits.features)
        featureNames = try Self.names(learner, featureCount)
        objective = try Self.objective(learner)
        baseMargin = try Self.baseMargin(parameters, objective, clips: try Self.clipsBaseScore(root))

        let booster = try learner.object("gradient_booster")
        let name = try booster.text("name")
        guard name == "gbtree" || name == "dart" else {
            throw ForestError(.unsupported, "booster '\(name.prefix(32))' is not supported; 'gbtree' and 'dart' are")
        }
        let model = try (name == "dart" ? try booster.object("gbtree") : booster).object("model")
        trees = try Self.trees(model)
        weights = try Self.weights(name == "dart" ? booster : model, required: name == "dart", trees.count)
    }

    // MARK: Format

    private static func document(_ bytes: [UInt8]) throws(ForestError) -> ModelValue {
        guard bytes.count <= ImportLimits.bytes else {
            throw ForestError(.limitExceeded, "the model has \(bytes.count) bytes, more than \(ImportLimits.bytes)")
        }
        guard !bytes.isEmpty else { throw ForestError(.truncated, "the model is empty") }
        guard bytes[0] == UInt8(ascii: "{") else {
            throw ForestError(.unknownFormat, "not an XGBoost model: JSON and UBJSON both begin with '{'; older binary files are not read")
        }
        // A UBJSON object goes on with the type of its first key's length, JSON with a quotation mark or white space.
        if bytes.count > 1, bytes[1] == UInt8(ascii: "L") { return try UBJSONReader.read(bytes) }
        return try JSONReader.read(bytes)
    }

    /// Whether the version that wrote the model clips the base score: 3.2 and later, and files that name no version.
    private static func clipsBaseScore(_ root: ModelObject) throws(ForestError) -> Bool {
        guard root.contains("version") else { return true }
        let version = try root.integers("version", count: 3)
        return version[0] > 3 || (version[0] == 3 && version[1] >= 2)
    }

    // MARK: Learner

    private static func requireSingleOutput(_ parameters: ModelObject) throws(ForestError) {
        let classes = try parameters.parameter("num_class", in: 0...Int(Int32.max))
        guard classes <= 1 else {
            throw ForestError(.unsupported, "multi-class models are not supported ('\(parameters.path(of: "num_class"))' is \(classes))")
        }
        guard parameters.contains("num_target") else { return }
        let targets = try parameters.parameter("num_target", in: 0...Int(Int32.max))
        guard targets <= 1 else {
            throw ForestError(.unsupported, "multi-target models are not supported ('\(parameters.path(of: "num_target"))' is \(targets))")
        }
    }

    private static func names(_ learner: ModelObject, _ featureCount: Int) throws(ForestError) -> [String] {
        for key in ["feature_names", "feature_types"] where learner.contains(key) {
            let count = try learner.texts(key).count
            guard count == 0 || count == featureCount else {
                throw ForestError(.sizeMismatch, "'\(learner.path(of: key))' has \(count) elements for \(featureCount) features")
            }
        }
        return learner.contains("feature_names") ? try learner.texts("feature_names") : []
    }

    private static func objective(_ learner: ModelObject) throws(ForestError) -> Objective {
        let name = try learner.object("objective").text("name")
        guard let objective = Objective(rawValue: name), objective.library == .xgboost else {
            throw ForestError(
                .unsupported, "objective '\(name.prefix(64))' is not supported; these are: \(Objective.names(of: .xgboost))")
        }
        return objective
    }

    /// `5E-1` up to 3.0, `[5E-1]` from 3.1 on: in either form one score, since there is one output.
    private static func baseMargin(_ parameters: ModelObject, _ objective: Objective, clips: Bool) throws(ForestError) -> Float {
        let path = parameters.path(of: "base_score")
        let text = try parameters.text("base_score")
        var score = Array(text.utf8).filter { $0 != 0x20 }[...]
        if score.first == UInt8(ascii: "["), score.last == UInt8(ascii: "]"), score.count > 2 { score = score.dropFirst().dropLast() }
        guard !score.contains(UInt8(ascii: ",")) else {
            throw ForestError(.unsupported, "'\(path)' is \"\(text.prefix(64))\": more than one output is not supported")
        }
        guard let number = DecimalText.float(score), let margin = objective.baseMargin(score: number, clips: clips) else {
            throw ForestError(.outOfRange, "'\(path)' is \"\(text.prefix(64))\", which \(objective.rawValue) cannot have")
        }
        return margin
    }

    // MARK: Booster

    /// The trees in the order of their ids, which is the order of summation.
    private static func trees(_ model: ModelObject) throws(ForestError) -> [ModelObject] {
        let parameters = try model.object("gbtree_model_param")
        let trees = try model.objects("trees")
        guard trees.count <= ImportLimits.trees else {
            throw ForestError(.limitExceeded, "'\(model.path(of: "trees"))' has \(trees.count) trees, more than \(ImportLimits.trees)")
        }
        let declared = try parameters.parameter("num_trees", in: 0...ImportLimits.trees)
        guard declared == trees.count else {
            throw ForestError(.sizeMismatch, "'\(parameters.path(of: "num_trees"))' is \(declared), but there are \(trees.count) trees")
        }
        for (index, group) in try model.integers("tree_info", count: trees.count).enumerated() where group != 0 {
            throw ForestError(.unsupported, "'\(model.path(of: "tree_info"))[\(index)]' is \(group): more than one output is not supported")
        }
        try checkRounds(model, trees.count)
        return try inOrder(trees)
    }

    /// `iteration_indptr` (from 2.0 on): the first tree of each boosting round and, last, the number of trees.
    private static func checkRounds(_ model: ModelObject, _ treeCount: Int) throws(ForestError) {
        guard model.contains("iteration_indptr") else { return }
        let rounds = try model.integers("iteration_indptr")
        guard rounds.first == 0, rounds.last == Int64(treeCount), zip(rounds, rounds.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            throw ForestError(.sizeMismatch, "'\(model.path(of: "iteration_indptr"))' does not ascend from 0 to \(treeCount)")
        }
    }

    private static func inOrder(_ trees: [ModelObject]) throws(ForestError) -> [ModelObject] {
        var position = [Int?](repeating: nil, count: trees.count)
        for (index, tree) in trees.enumerated() {
            let id = try tree.integer("id")
            guard id >= 0, id < trees.count, position[Int(id)] == nil else {
                throw ForestError(.invalidTree, "'\(tree.path(of: "id"))' is \(id): ids must be 0 to \(trees.count - 1), each once")
            }
            position[Int(id)] = index
        }
        return position.compactMap { $0.map { trees[$0] } }
    }

    /// `weight_drop`: beside the trees' model in a `dart` booster, inside the model where later versions keep it (the rest being 1).
    private static func weights(_ holder: ModelObject, required: Bool, _ treeCount: Int) throws(ForestError) -> [Float] {
        guard required || holder.contains("weight_drop") else { return [] }
        let weights = try holder.numbers("weight_drop")
        guard required ? weights.count == treeCount : weights.count <= treeCount else {
            throw ForestError(.sizeMismatch, "'\(holder.path(of: "weight_drop"))' has \(weights.count) elements for \(treeCount) trees")
        }
        if let index = weights.firstIndex(where: { !$0.isFinite }) {
            throw ForestError(.outOfRange, "'\(holder.path(of: "weight_drop"))[\(index)]' is not finite")
        }
        return weights + Array(repeating: 1, count: treeCount - weights.count)
    }
}
