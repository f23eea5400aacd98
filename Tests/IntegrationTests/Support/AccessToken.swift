import Foundation

/// A token that `herald token` made.
struct AccessToken {
    /// For `http.token-file`.
    var line: String
    var secret: String

    init(roles: String) throws {
        let run = try Command(Herald.path, ["token", "the-\(roles)", "--roles", roles], environment: Herald.environment).run()
        // libmongoc may warn on standard error before the program begins.
        guard run.exitCode == 0, let secret = run.standardError.split(separator: "\n").last else { throw Failure(run.text) }
        self.line = run.standardOutput
        self.secret = String(secret)
    }
}
