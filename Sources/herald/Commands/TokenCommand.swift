import ArgumentParser
import Foundation
import Sidecar

/// `herald token`: a new token for the sidecar.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make a token for the sidecar: the token for its user, and the line for http.token-file.",
        discussion: """
            Prints the line, which holds only the token's SHA-256, to standard output, and the token to standard error: it is shown once. \
            Roles are predict, read, train and admin (everything).
            """)

    @Argument(help: "Whose it is: the name that logs and audits show, 1 to 64 visible ASCII characters.")
    var name: String

    @Option(help: "What it allows, parted by commas: predict, read, train, admin.")
    var roles: String

    func run() throws {
        let words = roles.split(separator: ",").map(String.init)
        let known = words.compactMap(Role.init(rawValue:))
        guard !words.isEmpty, known.count == words.count else {
            throw ValidationError("--roles wants some of predict, read, train, admin, parted by commas, not '\(roles)'")
        }
        let (secret, token) = Token.make(name: name, roles: Set(known))
        // The line is read back, so that what the sidecar would refuse is never made.
        do {
            _ = try TokenFile(token.line)
        } catch {
            throw ValidationError("'\(name)': \(error.message)")
        }
        print(token.line)
        FileHandle.standardError.write(Data("\(secret)\n".utf8))
    }
}
