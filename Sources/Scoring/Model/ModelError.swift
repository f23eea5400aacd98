/// Why a model, its manifest or its schema was refused.
package struct ModelError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong; `key` says where.
    package enum Code: String, Sendable {
        /// No JSON, or a key is missing or of the wrong type.
        case malformedManifest = "malformed_manifest"
        /// Written by a later Herald: `format_version` or a kind inside is not known here.
        case unknownFormat = "unknown_format"
        /// A value is out of its range.
        case invalidValue = "invalid_value"
        /// The schema is not the one this build computes, or the model was trained on another.
        case schemaMismatch = "schema_mismatch"
        /// The file is not the one the manifest describes.
        case checksumMismatch = "checksum_mismatch"
        /// The forest reader refused `model.ubj`.
        case unreadableModel = "unreadable_model"
    }

    package var code: Code
    /// Path of the offending key in the manifest, such as `policy.templates.otp.value`, or the name of the offending file.
    package var key: String
    /// One sentence: what was expected and what was found.
    package var message: String

    package init(_ code: Code, key: String, _ message: String) {
        self.code = code
        self.key = key
        self.message = message
    }

    package var description: String { "\(key): \(message) (\(code.rawValue))" }
}
