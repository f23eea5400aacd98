import Foundation

/// Something that somebody can read, and what it is.
struct CanaryPage {
    var place: String
    var bytes: [UInt8]
    /// Whether it was read by an administrator, who may see bodies that are no JSON.
    var isForAdmin: Bool

    var text: String { String(decoding: bytes, as: UTF8.self) }
}
