/// Why a training run ended without a model, where neither the data file nor libxgboost is to blame.
package struct TrainingError: Error, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// A configuration value is out of its range.
        case configuration
        /// Too few rows, or rows of one kind only, in one of the periods.
        case insufficientData = "insufficient_data"
        /// The version already exists; artifacts are never overwritten.
        case versionExists = "version_exists"
        /// The artifact could not be written.
        case unwritable
        /// A model from elsewhere cannot be read, or does not fit the schema.
        case unusableModel = "unusable_model"
        /// The model that was written does not predict what the one that was trained does.
        case verification
    }

    package let code: Code
    /// One sentence that names the key, the period, the file or the row.
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
