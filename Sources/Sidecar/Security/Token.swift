internal import Crypto
internal import Foundation

/// A token as the sidecar knows it: whose it is and what it allows, but not the token itself.
package struct Token: Sendable, Equatable {
    package var name: String
    package var roles: Set<Role>
    /// SHA-256 of the token: tokens are 32 random bytes, which no dictionary has.
    package var digest: [UInt8]

    package init(name: String, roles: Set<Role>, digest: [UInt8]) {
        self.name = name
        self.roles = roles
        self.digest = digest
    }

    /// What tokens begin with, so that one in the wrong place is recognised.
    package static let prefix = "herald_"

    /// A new token and its entry.
    package static func make(name: String, roles: Set<Role>) -> (secret: String, token: Token) {
        var generator = SystemRandomNumberGenerator()
        let random = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let base64 = Data(random).base64EncodedString()
        let secret = prefix + base64.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return (secret, Token(name: name, roles: roles, digest: digest(of: secret)))
    }

    package static func digest(of secret: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(secret.utf8)))
    }
}
