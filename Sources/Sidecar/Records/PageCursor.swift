internal import Foundation
internal import Scoring
package import Store

/// The place where a list goes on, as a text that clients hand back unread: 34 characters of base64url.
package struct PageCursor: Equatable, Sendable {
    package let position: DecisionPosition

    /// Raised when the bytes mean something else.
    private static let format: UInt8 = 1
    private static let byteCount = 25

    package init(_ position: DecisionPosition) {
        self.position = position
    }

    /// Format, milliseconds since 1970 (big-endian), the 16 bytes of the decision's id.
    package var text: String {
        var bytes = [Self.format]
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: position.decidedAt.milliseconds >> Int64(shift)))
        }
        let digits = Array(position.id.utf8)
        for index in stride(from: 0, to: digits.count - 1, by: 2) {
            bytes.append(Self.value(digits[index]) << 4 | Self.value(digits[index + 1]))
        }
        return Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Reads a cursor; `nil` for any text that is not one.
    package init?(_ text: String) {
        let length = (Self.byteCount * 8 + 5) / 6
        guard text.utf8.count == length, text.utf8.allSatisfy({ $0 != 0x2B && $0 != 0x2F }) else { return nil }
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        let padded = standard + String(repeating: "=", count: (4 - length % 4) % 4)
        guard let data = Data(base64Encoded: padded), data.count == Self.byteCount, data[0] == Self.format else { return nil }
        let milliseconds = data[1...8].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        guard (0...253_402_300_800_000).contains(milliseconds) else { return nil }
        guard let id = DecisionID(Self.hexadecimal(data[9...])) else { return nil }
        position = DecisionPosition(decidedAt: Timestamp(milliseconds: milliseconds), id: id)
        // One text for each place.
        guard self.text == text else { return nil }
    }

    private static func value(_ digit: UInt8) -> UInt8 {
        digit >= 0x61 ? digit - 0x57 : digit - 0x30
    }

    private static func hexadecimal(_ bytes: Data) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
