package import Scoring

/// What is kept of one decision: everything that was known and everything that was decided, enough to replay it to the bit.
package struct DecisionRecord: Sendable, Equatable {
    /// The job as it was decided on.
    ///
    /// Its `recipient` is never stored and is `nil` in a record that was read back.
    package var job: Job
    package var decision: Decision
    /// Fingerprint of the feature schema that `decision.features` follows; `nil` where no model was asked.
    package var schemaFingerprint: String?
    /// Keyed hash of the recipient, in hexadecimal digits.
    package var recipientHash: String?
    package var source: DecisionSource

    package init(job: Job, decision: Decision, schemaFingerprint: String?, recipientHash: String?, source: DecisionSource) {
        self.job = job
        self.decision = decision
        self.schemaFingerprint = schemaFingerprint
        self.recipientHash = recipientHash
        self.source = source
    }
}

/// Where a decision was asked for.
///
/// Raw values are the words in the database.
package enum DecisionSource: String, CaseIterable, Sendable {
    /// A job of the stream.
    case stream
    /// A call of the HTTP interface.
    case api
    /// A challenger that only watches.
    case shadow
}
