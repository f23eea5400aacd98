internal import CMongoC

extension StoreError {
    /// The error that libmongoc (error API 2) left behind.
    init(_ error: bson_error_t, doing: String) {
        let message = withUnsafeBytes(of: error.message) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        self.init(domain: error.domain, rawCode: error.code, message: message, doing: doing)
    }

    /// Sorts an error of the driver or the server into the kinds that callers tell apart.
    init(domain: UInt32, rawCode: UInt32, message: String, doing: String) {
        let code: StoreErrorCode
        switch domain {
        case MONGOC_ERROR_CLIENT.rawValue where rawCode == MONGOC_ERROR_CLIENT_AUTHENTICATE.rawValue:
            code = .refused
        case MONGOC_ERROR_SASL.rawValue, MONGOC_ERROR_SCRAM.rawValue:
            code = .refused
        case MONGOC_ERROR_STREAM.rawValue, MONGOC_ERROR_SERVER_SELECTION.rawValue, MONGOC_ERROR_POOL.rawValue,
            MONGOC_ERROR_PROTOCOL.rawValue, MONGOC_ERROR_CLIENT.rawValue:
            // A server that wants a password answers the driver's first probe, so a wrong one shows here too.
            code = message.contains("Authentication failed") ? .refused : .unavailable
        case MONGOC_ERROR_WRITE_CONCERN.rawValue:
            code = .notDurable
        default:
            code = Self.code(ofServerCode: rawCode, message: message)
        }
        self.init(code: code, doing: doing, domain: domain, rawCode: rawCode, message: message)
    }

    /// Codes of MongoDB's `error_codes.yml`.
    private static func code(ofServerCode code: UInt32, message: String) -> StoreErrorCode {
        switch code {
        // IllegalOperation: what a standalone server says to a retryable write.
        case 20 where message.contains("replica set"): .notReplicaSet
        // Unauthorized, AuthenticationFailed, AtlasError.
        case 13, 18, 8000: .refused
        // HostUnreachable, HostNotFound, LockTimeout, LockBusy, MaxTimeMSExpired, NetworkTimeout, ShutdownInProgress, WriteConflict,
        // ReadConcernMajorityNotAvailableYet, PrimarySteppedDown, ExceededTimeLimit, SocketException, NotWritablePrimary,
        // InterruptedAtShutdown, InterruptedDueToReplStateChange, NotPrimaryNoSecondaryOk, NotPrimaryOrSecondary, OutOfDiskSpace.
        case 6, 7, 24, 46, 50, 89, 91, 112, 134, 189, 262, 9001, 10_107, 11_600, 11_602, 13_435, 13_436, 14_031: .unavailable
        default: .failed
        }
    }
}
