extension Manifest {
    /// How a model was trained.
    package struct TrainingRun: Codable, Equatable, Sendable {
        /// One of the periods the data were divided into, by the creation of the notification.
        package struct Period: Codable, Equatable, Sendable {
            /// `training`, `validation`, `calibration` or `test`.
            package var name: String
            package var rows: Int
            /// Further rows: delayed attempts as they came back, which the trees learn from too; `nil` where there were none.
            package var returns: Int?
            /// Notifications that have rows in it.
            package var notifications: Int
            /// Share of delivered rows, returns included.
            package var rate: Double

            package init(name: String, rows: Int, returns: Int? = nil, notifications: Int, rate: Double) {
                self.name = name
                self.rows = rows
                self.returns = returns
                self.notifications = notifications
                self.rate = rate
            }
        }

        /// One set of parameters that the search tried.
        package struct Trial: Codable, Equatable, Sendable {
            package var parameters: [String: Double]
            /// Trees up to the lowest validation loss.
            package var trees: Int
            /// In nats, on the validation period.
            package var validationLogLoss: Double

            package init(parameters: [String: Double], trees: Int, validationLogLoss: Double) {
                self.parameters = parameters
                self.trees = trees
                self.validationLogLoss = validationLogLoss
            }

            private enum CodingKeys: String, CodingKey {
                case parameters
                case trees
                case validationLogLoss = "validation_log_loss"
            }
        }

        /// The library and its version, such as `xgboost 1.7.4`.
        package var library: String
        /// Of the model that was kept, by the library's names.
        package var parameters: [String: Double]
        /// The direction, 1 or −1, that features were held to.
        package var monotone: [String: Int]
        package var trees: Int
        package var seed: UInt32
        package var threads: Int
        /// In the order of time.
        package var periods: [Period]
        /// The trials of the search in their order; empty without a search.
        package var tuning: [Trial]

        package init(
            library: String, parameters: [String: Double], monotone: [String: Int], trees: Int, seed: UInt32, threads: Int,
            periods: [Period], tuning: [Trial]
        ) {
            self.library = library
            self.parameters = parameters
            self.monotone = monotone
            self.trees = trees
            self.seed = seed
            self.threads = threads
            self.periods = periods
            self.tuning = tuning
        }

        func validate() throws(ModelError) {
            let limit = Manifest.maximumEntryCount
            try Manifest.bound(parameters.count, 0...limit, key: "training.parameters")
            try Manifest.bound(monotone.count, 0...limit, key: "training.monotone")
            try Manifest.bound(periods.count, 0...limit, key: "training.periods")
            try Manifest.bound(tuning.count, 0...limit, key: "training.tuning")
            try Manifest.bound(trees, 1...1_000_000, key: "training.trees")
            try Manifest.bound(threads, 1...1024, key: "training.threads")
            for (name, direction) in monotone where direction != 1 && direction != -1 {
                throw ModelError(.invalidValue, key: "training.monotone.\(name)", "is \(direction), but must be 1 or -1")
            }
            for (index, period) in periods.enumerated() {
                try Manifest.bound(period.rows, 0...Int.max, key: "training.periods.\(index).rows")
                try Manifest.bound(period.returns ?? 0, 0...Int.max, key: "training.periods.\(index).returns")
                try Manifest.bound(period.notifications, 0...Int.max, key: "training.periods.\(index).notifications")
                try Manifest.bound(period.rate, 0...1, key: "training.periods.\(index).rate")
            }
            for (index, trial) in tuning.enumerated() {
                try Manifest.bound(trial.parameters.count, 0...limit, key: "training.tuning.\(index).parameters")
                try Manifest.bound(trial.trees, 1...1_000_000, key: "training.tuning.\(index).trees")
                try Manifest.bound(
                    trial.validationLogLoss, 0...Double.greatestFiniteMagnitude, key: "training.tuning.\(index).validation_log_loss")
            }
        }
    }
}
