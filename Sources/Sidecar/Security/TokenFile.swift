internal import Foundation

/// The file with the tokens that the sidecar accepts: a line for each, `name roles digest`, parted by blanks; # begins a comment.
///
///     # name      roles          SHA-256 of the token
///     checkout    predict        9f86d0…
///     ops         read,train     2c26b4…
package struct TokenFile: Sendable {
    package struct Defect: Error, Equatable, CustomStringConvertible {
        package var line: Int
        package var message: String

        package var description: String { "line \(line): \(message)" }
    }

    /// Most tokens of a file.
    private static let limit = 1000
    /// Names that stand for who needs no token or has none.
    private static let reserved = [Caller.local.name, Caller.anonymous.name]

    package let tokens: [Token]

    package init(tokens: [Token]) {
        self.tokens = tokens
    }

    package init(_ text: String) throws(Defect) {
        var tokens: [Token] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let token = try Self.token(line.prefix { $0 != "#" }, line: index + 1) else { continue }
            guard !tokens.contains(where: { $0.name == token.name }) else {
                throw Defect(line: index + 1, message: "the name '\(token.name)' is there twice")
            }
            tokens.append(token)
            guard tokens.count <= Self.limit else { throw Defect(line: index + 1, message: "a file may have \(Self.limit) tokens") }
        }
        self.tokens = tokens
    }

    private static func token(_ line: Substring, line number: Int) throws(Defect) -> Token? {
        let parts = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
        guard !parts.isEmpty else { return nil }
        guard parts.count == 3 else { throw Defect(line: number, message: "must be: name roles digest") }
        guard (1...64).contains(parts[0].utf8.count), parts[0].utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Defect(line: number, message: "a name has 1 to 64 visible ASCII characters")
        }
        guard !reserved.contains(String(parts[0])) else {
            throw Defect(line: number, message: "the name '\(parts[0])' means who has no token; choose another")
        }
        var roles: Set<Role> = []
        for word in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
            guard let role = Role(rawValue: String(word)) else {
                let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw Defect(line: number, message: "'\(word)' is no role; roles are \(known)")
            }
            roles.insert(role)
        }
        guard let digest = bytes(ofHexadecimal: parts[2]), digest.count == 32 else {
            throw Defect(line: number, message: "a digest has 64 hexadecimal digits: the SHA-256 of the token, as `herald token` writes it")
        }
        return Token(name: String(parts[0]), roles: roles, digest: digest)
    }

    private static func bytes(ofHexadecimal text: Substring) -> [UInt8]? {
        let digits = text.utf8.map { digit -> UInt8? in
            switch digit {
            case 0x30...0x39: digit - 0x30
            case 0x61...0x66: digit - 0x61 + 10
            case 0x41...0x46: digit - 0x41 + 10
            default: nil
            }
        }
        guard digits.count.isMultiple(of: 2), digits.allSatisfy({ $0 != nil }) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { (digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0) }
    }
}

extension Token {
    /// The line of a `TokenFile`.
    package var line: String {
        let digits = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return "\(name) \(roles.map(\.rawValue).sorted().joined(separator: ",")) \(digits)"
    }
}
