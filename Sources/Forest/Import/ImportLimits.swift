/// The largest model that is read.
///
/// Everything a file declares is checked against these or against the bytes that are left.
enum ImportLimits {
    /// Size of a model file in bytes.
    static let bytes = 1 << 28
    /// Objects and arrays inside each other; XGBoost nests 8.
    static let nesting = 32
    /// Values in a document that are not elements of a numeric array: bounds the memory that a byte of input can cost.
    static let values = 1 << 22
    static let features = 1 << 20
    static let trees = 1 << 16
    /// Nodes of one tree, and of all trees together.
    static let nodes = 1 << 24
    /// Splits from the root to a leaf: bounds the time a row takes, whatever the file says.
    static let depth = 512
    /// Leaves of one LightGBM tree, and splits from its root to a leaf: such trees grow by leaves and can be one long branch.
    static let leaves = 1 << 17
    static let leafWiseDepth = 4096
    /// Categories of one feature: XGBoost's own bound, the first float that stands for more than one whole number.
    static let categories = 1 << 24
    /// Words of all category sets together, 4 bytes each.
    static let categoryWords = 1 << 24
}
