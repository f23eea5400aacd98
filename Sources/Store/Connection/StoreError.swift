/// Why an operation on the database failed: what went wrong, what was being done, and the driver's own words.
package struct StoreError: Error, Equatable, Sendable, CustomStringConvertible {
    package var code: StoreErrorCode
    /// What was being done, as a phrase: `inserting 512 decisions`.
    package var doing: String
    /// The driver's error domain (`mongoc_error_domain_t`); 0 where the error is Herald's own.
    package var domain: UInt32
    /// The driver's or the server's code within `domain`.
    package var rawCode: UInt32
    package var message: String

    package init(code: StoreErrorCode, doing: String, domain: UInt32 = 0, rawCode: UInt32 = 0, message: String) {
        self.code = code
        self.doing = doing
        self.domain = domain
        self.rawCode = rawCode
        self.message = message
    }

    /// Whether the same call can succeed later, with nothing changed by a person.
    package var isRetriable: Bool {
        switch code {
        case .unavailable, .notDurable, .incomplete: true
        case .invalidURL, .refused, .notReplicaSet, .unreadable, .failed: false
        }
    }

    /// Whether the server broke a query off because it took longer than it may (MaxTimeMSExpired).
    package var isTimeLimit: Bool { rawCode == 50 }

    package var description: String {
        let origin = domain == 0 ? "" : " (domain \(domain), code \(rawCode))"
        return "\(doing): \(code.rawValue): \(message)\(origin)"
    }
}

/// The kinds of failure that callers tell apart.
package enum StoreErrorCode: String, CaseIterable, Sendable {
    /// The URL cannot be used; `message` names the part.
    case invalidURL = "invalid_url"
    /// No answer: network, no primary, a time limit, a shutdown, or no free connection. Retriable.
    case unavailable
    /// Written, but not yet confirmed by a majority with its journal. Retriable.
    case notDurable = "not_durable"
    /// Some documents of a batch were neither stored nor refused for good. Retriable.
    case incomplete
    /// Wrong credentials or missing rights.
    case refused
    /// A standalone server: it has no majority and no retryable writes.
    case notReplicaSet = "not_replica_set"
    /// A stored document is not what this version writes.
    case unreadable
    /// Anything else; the raw code says what.
    case failed
}
