internal import CXGBoost

/// A call to libxgboost that failed.
package struct XGBoostError: Error, CustomStringConvertible {
    /// The C function.
    package let operation: String
    /// What it returned.
    package let code: Int32
    /// The library's own words.
    package let message: String

    package var description: String {
        "\(operation) failed (\(code)): \(message)"
    }
}

/// Makes one call to libxgboost; every call goes through here.
///
/// The library keeps the message of an error for the thread it happened on, so it is read before anything else can run on it.
func xgboost(_ operation: StaticString, _ call: () -> Int32) throws(XGBoostError) {
    let code = call()
    guard code == 0 else {
        let message = XGBGetLastError().map { String(cString: $0) } ?? "no message"
        // The rest is a C++ stack trace.
        let summary = message.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? message
        throw XGBoostError(operation: "\(operation)", code: code, message: summary)
    }
}

extension XGBoostError {
    /// A call that succeeded without returning what it promises.
    static func noResult(of operation: StaticString) -> XGBoostError {
        XGBoostError(operation: "\(operation)", code: 0, message: "it returned nothing")
    }
}
