internal import Crypto

/// The only form in which a recipient is stored or logged: HMAC-SHA-256 under a key that never leaves the process.
package struct RecipientHasher: Sendable {
    private let key: SymmetricKey

    /// `key`: at least 16 bytes from a secret source; a guessable key lets a phone number be found by trial.
    package init(key: [UInt8]) {
        self.key = SymmetricKey(data: key)
    }

    /// 64 lower-case hexadecimal digits.
    package func hash(_ recipient: String) -> String {
        Checksum.hexadecimal(HMAC<SHA256>.authenticationCode(for: Array(recipient.utf8), using: key))
    }
}
