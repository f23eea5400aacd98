/// One node of a tree, 12 bytes: a numeric split, a categorical split or a leaf.
///
/// The two children of a split are neighbours, the left one first, as XGBoost lays them out.
struct TreeNode {
    private static let leafFlag: UInt32 = 1 << 31
    private static let categoricalFlag: UInt32 = 1 << 30
    private static let defaultLeftFlag: UInt32 = 1 << 29
    private static let featureMask: UInt32 = defaultLeftFlag - 1

    /// Flags and the feature's index.
    private let header: UInt32
    /// The threshold of a numeric split, the value of a leaf, the bits of the category set's index of a categorical split.
    private let payload: Float
    /// Index of the left child among the forest's nodes.
    private let left: UInt32

    static func leaf(value: Float) -> TreeNode {
        TreeNode(header: leafFlag, payload: value, left: 0)
    }

    /// `feature < 2^29`, which `ImportLimits.features` ensures.
    static func split(feature: Int, threshold: Float, defaultLeft: Bool, left: Int) -> TreeNode {
        TreeNode(header: UInt32(feature) | (defaultLeft ? defaultLeftFlag : 0), payload: threshold, left: UInt32(left))
    }

    static func split(feature: Int, categorySet: Int, defaultLeft: Bool, left: Int) -> TreeNode {
        TreeNode(
            header: UInt32(feature) | categoricalFlag | (defaultLeft ? defaultLeftFlag : 0),
            payload: Float(bitPattern: UInt32(categorySet)), left: UInt32(left))
    }

    var isLeaf: Bool { header & Self.leafFlag != 0 }
    var isCategorical: Bool { header & Self.categoricalFlag != 0 }
    var defaultLeft: Bool { header & Self.defaultLeftFlag != 0 }
    var feature: Int { Int(header & Self.featureMask) }
    var threshold: Float { payload }
    var leafValue: Float { payload }
    /// Index into the forest's category sets.
    var categorySet: Int { Int(payload.bitPattern) }
    var leftChild: Int { Int(left) }
    var rightChild: Int { Int(left) + 1 }
}
