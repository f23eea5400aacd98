/// A random LightGBM model as text, its trees grown leaf by leaf, and rows that probe it.
struct RandomLightGBMModel {
    private(set) var text: String
    private let thresholds: [[Double]]

    private static let featureCount = 5
    /// The first feature is split by sets of categories.
    private static let categoricalFeature = 0

    init(leaves: Int, trees: Int, isSkewed: Bool, seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let special: [Double] = [
            0, 1e-35, -1e-35, 1.0000000180025095e-35, 9.9999997e-36, -9.9999997e-36, 1e-40, -1e-40, 1e300, -1e300, 3.4028234663852886e38,
            -3.4028234663852886e38, 4e38, 1e-46, 0.1, .infinity, -.infinity,
        ]
        thresholds = (0..<Self.featureCount).map { _ in
            (0..<60).map { $0 < special.count ? special[$0] : Double.random(in: -3...3, using: &generator) }
        }
        let names = (0..<Self.featureCount).map { "f\($0)" }.joined(separator: " ")
        text = """
            tree
            version=v4
            num_class=1
            num_tree_per_iteration=1
            max_feature_idx=\(Self.featureCount - 1)
            objective=regression
            \(seed == 1 ? "average_output\n" : "")feature_names=\(names)

            """
        for tree in 0..<trees { text += Self.tree(tree, leaves, isSkewed, thresholds, using: &generator) }
        text += "end of trees\n"
    }

    private static func tree(
        _ number: Int, _ leafCount: Int, _ isSkewed: Bool, _ thresholds: [[Double]], using generator: inout SeededGenerator
    ) -> String {
        var left: [Int] = []
        var right: [Int] = []
        var features: [Int] = []
        var texts: [String] = []
        var types: [Int] = []
        var words: [UInt32] = []
        // Where each leaf hangs: the split and its side.
        var places: [(split: Int, isLeft: Bool)] = []
        for split in 0..<leafCount - 1 {
            let leaf = split == 0 ? 0 : isSkewed ? split : Int.random(in: 0..<split + 1, using: &generator)
            if split > 0 {
                let place = places[leaf]
                if place.isLeft { left[place.split] = split } else { right[place.split] = split }
                places[leaf] = (split, true)
            } else {
                places.append((split, true))
            }
            places.append((split, false))
            left.append(~leaf)
            right.append(~(split + 1))
            let feature = Int.random(in: 0..<featureCount, using: &generator)
            features.append(feature)
            if feature == categoricalFeature {
                texts.append("\(words.count / 2)")
                words += [UInt32.random(in: .min ... .max, using: &generator), UInt32.random(in: 0..<16, using: &generator)]
                types.append(1)
            } else {
                texts.append("\(thresholds[feature].randomElement(using: &generator) ?? 0)")
                types.append(Int.random(in: 0..<6, using: &generator) * 2)
            }
        }
        let leaves = (0..<leafCount).map { _ in "\(Double.random(in: -1...1, using: &generator))" }.joined(separator: " ")
        func list(_ values: [some Any]) -> String { values.map { "\($0)" }.joined(separator: " ") }
        let sets = words.count / 2
        return """
            Tree=\(number)
            num_leaves=\(leafCount)
            num_cat=\(sets)
            split_feature=\(list(features))
            threshold=\(list(texts))
            decision_type=\(list(types))
            left_child=\(list(left))
            right_child=\(list(right))
            leaf_value=\(leaves)
            cat_boundaries=\(list((0...sets).map { 2 * $0 }))
            cat_threshold=\(list(words))
            is_linear=0


            """
    }

    /// Row-major rows: values about the thresholds, extremes, numbers, missing values.
    func rows(_ count: Int, missing: Double, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(state: seed)
        return (0..<count * Self.featureCount).map { index in
            if Double.random(in: 0..<1, using: &generator) < missing { return .nan }
            let threshold = Float(thresholds[index % Self.featureCount].randomElement(using: &generator) ?? 0)
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: return threshold
            case 1: return threshold.nextUp
            case 2: return threshold.nextDown
            case 3: return RandomModel.extremes.dropFirst().randomElement(using: &generator) ?? 0
            case 4: return [1e-35, (1e-35 as Float).nextUp, (1e-35 as Float).nextDown].randomElement(using: &generator).map { -$0 } ?? 0
            case 5: return Float(Int.random(in: -2..<40, using: &generator))
            default: return Float.random(in: -4...40, using: &generator)
            }
        }
    }
}
