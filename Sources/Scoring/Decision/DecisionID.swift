internal import Crypto

/// Identity of a decision: deterministic, so that a redelivered job gets the id it had and the log collapses the duplicate.
///
/// SHA-256 over the job id and, when the job comes back from a retry queue, the id of the decision that sent it there; the first
/// 16 bytes as 32 hexadecimal digits. The chain keeps the decisions of one job apart without any state.
package struct DecisionID: Hashable, Sendable, CustomStringConvertible {
    /// 32 lower-case hexadecimal digits.
    package let text: String

    /// The id for a job that carries `previous` in its `x-herald-decision-id` header, or none.
    package init(jobID: String, previous: DecisionID?) {
        var hash = SHA256()
        hash.update(data: Array(jobID.utf8))
        // A byte that UTF-8 never contains, so that no job id can be read as another's id and header.
        hash.update(data: [0xFF])
        if let previous { hash.update(data: Array(previous.text.utf8)) }
        text = Checksum.hexadecimal(hash.finalize().prefix(16))
    }

    /// The id as read from a header; `nil` unless it is 32 lower-case hexadecimal digits.
    package init?(_ text: String) {
        guard text.utf8.count == 32, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else { return nil }
        self.text = text
    }

    package var description: String { text }
}
