/// Log loss as the trees were added one by one.
package struct BoostingCurve: Equatable, Sendable {
    package struct Point: Equatable, Sendable {
        package var trees: Int
        /// In nats.
        package var training: Double
        package var validation: Double

        package init(trees: Int, training: Double, validation: Double) {
            self.trees = trees
            self.training = training
            self.validation = validation
        }
    }

    /// By rising number of trees; the last has all trees that were kept.
    package var points: [Point]

    package init(points: [Point]) {
        self.points = points
    }
}
