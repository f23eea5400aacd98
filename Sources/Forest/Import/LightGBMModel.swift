/// The head of a LightGBM model (text, version 4), checked.
struct LightGBMModel {
    let featureCount: Int
    let featureNames: [String]
    let objective: Objective
    /// The factor of the margin in the logistic function.
    let sigmoid: Double
    /// Whether the sum of the trees is divided by their number (random forest).
    let isAverage: Bool
    let trees: [LightGBMText.Section]

    init(_ bytes: [UInt8]) throws(ForestError) {
        let text = try LightGBMText(bytes)
        let head = text.head
        let version = try head.text("version")
        guard version == "v4" else {
            throw ForestError(.unsupported, "LightGBM model version '\(version.prefix(16))' is not supported; 'v4' is")
        }
        for key in ["num_class", "num_tree_per_iteration"] {
            let count = try head.integer(key, in: 1...Int(Int32.max))
            guard count == 1 else { throw ForestError(.unsupported, "multi-class models are not supported ('\(key)' is \(count))") }
        }
        featureCount = try head.integer("max_feature_idx", in: 0...ImportLimits.features - 1) + 1
        featureNames = try head.text("feature_names").split(separator: " ").map(String.init)
        guard featureNames.count == featureCount else {
            throw ForestError(.sizeMismatch, "'feature_names' has \(featureNames.count) elements for \(featureCount) features")
        }
        (objective, sigmoid) = try Self.objective(head)
        isAverage = head.flags.contains("average_output")
        if let flag = head.flags.subtracting(["average_output"]).min() {
            throw ForestError(.unsupported, "'\(flag.prefix(64))' in the head of the model is not supported")
        }
        trees = text.trees
        guard !trees.isEmpty || !isAverage else { throw ForestError(.missingKey, "the model is an average of no trees") }
    }

    /// `binary sigmoid:1`, `regression` or `cross_entropy`.
    private static func objective(_ head: LightGBMText.Section) throws(ForestError) -> (Objective, Double) {
        let words = try head.text("objective").split(separator: " ").map(String.init)
        let name = words.first ?? ""
        guard let objective = Objective(rawValue: name), objective.library == .lightGBM else {
            throw ForestError(
                .unsupported, "objective '\(name.prefix(64))' is not supported; these are: \(Objective.names(of: .lightGBM))")
        }
        var sigmoid = 1.0
        for word in words.dropFirst() {
            let key = "sigmoid:"
            guard objective == .lightGBMBinary, word.hasPrefix(key) else {
                throw ForestError(.unsupported, "'\(word.prefix(32))' of the objective '\(name)' is not supported")
            }
            guard let value = DecimalText.double(Array(word.dropFirst(key.count).utf8)[...]), value.isFinite, value > 0 else {
                throw ForestError(.outOfRange, "'\(word.prefix(32))' of the objective '\(name)' is not a positive number")
            }
            sigmoid = value
        }
        return (objective, sigmoid)
    }
}
