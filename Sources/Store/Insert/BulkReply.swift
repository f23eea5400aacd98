internal import CMongoC

/// The driver's reply to an unordered bulk insert, and the one place that decides what it means.
///
/// A reply is believed only when its books balance: inserted + duplicates + rejected = sent, and no write concern error. The driver's
/// error alone does not tell: when a bulk goes out in several messages, a duplicate in the first one hides a lost connection in the second.
package struct BulkReply: Sendable {
    private let inserted: Int
    private let writeErrors: [Document]
    private let writeConcernErrors: [Document]

    package init(_ reply: Document) {
        inserted = reply["nInserted"]?.integer.map { Int($0) } ?? 0
        writeErrors = Self.documents(reply["writeErrors"])
        writeConcernErrors = Self.documents(reply["writeConcernErrors"])
    }

    /// The report on `count` documents sent.
    ///
    /// Throws a retriable error where any of them may be not stored, or not durable yet.
    ///
    /// - Parameter error: the driver's error, where it returned one.
    package func report(on count: Int, error: StoreError?, doing: String) throws(StoreError) -> InsertReport {
        var report = InsertReport(inserted: inserted, duplicates: [], rejected: [])
        var seen = Set<Int>()
        for writeError in writeErrors {
            guard let index = writeError["index"]?.integer.map({ Int($0) }), (0..<count).contains(index),
                seen.insert(index).inserted, let code = writeError["code"]?.integer.map({ Int($0) })
            else { throw open(count, error, doing) }
            let message = writeError["errmsg"]?.string ?? ""
            switch Self.verdict(code, writeError, message) {
            case .duplicate: report.duplicates.append(index)
            case .rejected: report.rejected.append(InsertReport.Rejection(index: index, code: code, message: message))
            case .open: throw Self.retriable(StoreError(domain: 0, rawCode: UInt32(clamping: code), message: message, doing: doing))
            }
        }
        if let first = writeConcernErrors.first {
            throw StoreError(
                code: .notDurable, doing: doing, domain: MONGOC_ERROR_WRITE_CONCERN.rawValue,
                rawCode: UInt32(clamping: first["code"]?.integer ?? 0), message: first["errmsg"]?.string ?? "")
        }
        guard report.count == count else { throw open(count, error, doing) }
        report.duplicates.sort()
        report.rejected.sort { $0.index < $1.index }
        return report
    }

    private enum Verdict {
        case duplicate
        case rejected
        case open
    }

    /// What the server's code for one document means for that document.
    private static func verdict(_ code: Int, _ writeError: Document, _ message: String) -> Verdict {
        switch code {
        case 11_000:
            // The server may cut messages in long replies, and old ones send no pattern: either is enough.
            if let pattern = writeError["keyPattern"]?.document {
                pattern.keys == ["_id"] ? .duplicate : .rejected
            } else {
                message.contains("index: _id_ ") ? .duplicate : .rejected
            }
        // BadValue, FailedToParse, TypeMismatch, Overflow, InvalidLength, InvalidBSON, DollarPrefixedFieldName, InvalidIdField,
        // DottedFieldName, DocumentValidationFailure, BSONObjectTooLarge, KeyTooLong.
        case 2, 9, 14, 15, 16, 22, 52, 53, 57, 121, 10_334, 17_280: .rejected
        default: .open
        }
    }

    /// The error for a reply that does not account for every document.
    private func open(_ count: Int, _ error: StoreError?, _ doing: String) -> StoreError {
        let known = "\(inserted) stored, \(writeErrors.count) with an error, of \(count)"
        // The driver puts a document's error in place of an earlier one, which then does not explain what is missing.
        let codes = writeErrors.compactMap { $0["code"]?.integer }
        guard let error, !codes.contains(Int64(error.rawCode)) else {
            return StoreError(code: .incomplete, doing: doing, message: known)
        }
        return Self.retriable(error)
    }

    /// An insert may be tried again after any failure that nobody has to mend first.
    private static func retriable(_ error: StoreError) -> StoreError {
        var error = error
        if error.code == .failed { error.code = .incomplete }
        return error
    }

    private static func documents(_ value: Document.Value?) -> [Document] {
        value?.document?.values.compactMap(\.document) ?? []
    }
}
