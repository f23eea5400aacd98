/// How good the model becomes with more training rows.
package struct LearningCurve: Equatable, Sendable {
    package struct Point: Equatable, Sendable {
        /// Share of the training part's notifications, in (0, 1].
        package var share: Double
        package var trainingRows: Int
        /// On the test rows, before calibration, in nats.
        package var logLoss: Double
        /// On the test rows; NaN where only one kind of row occurs.
        package var auc: Double

        package init(share: Double, trainingRows: Int, logLoss: Double, auc: Double) {
            self.share = share
            self.trainingRows = trainingRows
            self.logLoss = logLoss
            self.auc = auc
        }
    }

    /// By rising share.
    package var points: [Point]
    /// Trees of each of the models.
    package var trees: Int

    package init(points: [Point], trees: Int) {
        self.points = points
        self.trees = trees
    }
}
