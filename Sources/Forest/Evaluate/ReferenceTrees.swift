/// Trees of one library with the walk that defines what they predict.
protocol ReferenceTrees: Sendable {
    associatedtype Sum: LeafSum

    var treeCount: Int { get }
    /// What every sum starts from.
    var base: Sum { get }
    /// The leaf that a row, which starts at `rows[offset]`, reaches in a tree.
    func leafValue(inTree tree: Int, of rows: Span<Float>, at offset: Int) -> Sum
    /// The margin that a sum of all leaves stands for.
    func margin(ofSum sum: Sum) -> Sum
    /// Whether a value goes left at a split of a tree, named by the place that `outline` gives it.
    func goesLeft(inTree tree: Int, at place: Int, value: Float) -> Bool
    /// A tree for explanations.
    ///
    /// - Parameter covers: as the tree's importer gathered them.
    func outline(ofTree tree: Int, covers: [Float]) -> TreeOutline
    /// A tree for the planner; `nil` where only the walk serves it.
    func decisionTree(_ tree: Int, conditions: inout ConditionTable) -> DecisionTree<Sum>?
}
