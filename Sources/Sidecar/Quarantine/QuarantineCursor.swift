internal import Foundation

/// Where a list of the quarantine goes on: behind the message that was shown last.
///
/// As text `<place>.<id>`, for the place counts from the head of the queue and tells little once messages have left: the id does.
package struct QuarantineCursor: Equatable {
    /// Messages shown so far, 1 to `QuarantineDesk.window`.
    package var place: Int
    /// Of the last one.
    package var id: String

    package init(place: Int, id: String) {
        self.place = place
        self.id = id
    }

    /// `nil` for a text that no answer has given.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count <= 4, parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let place = Int(parts[0]), (1...QuarantineDesk.window).contains(place), QuarantineCursor.isID(parts[1])
        else { return nil }
        self.init(place: place, id: String(parts[1]))
    }

    package var text: String { "\(place).\(id)" }

    /// 32 lower-case hexadecimal digits.
    package static func isID(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 32 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
