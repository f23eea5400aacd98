import Foundation
import Scoring
import Sidecar
import Store
import Testing

@Suite struct PageCursorTests {
    private let position = DecisionPosition(
        decidedAt: Timestamp(milliseconds: 1_767_323_045_678), id: DecisionID("00ff10a0b1c2d3e4f5061728394a5bcd")!)

    @Test("A cursor is read as it was written, at the ends of time too")
    func roundTrip() throws {
        for milliseconds: Int64 in [0, 1, 1_767_323_045_678, 253_402_300_799_999, 253_402_300_800_000] {
            for id in ["00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff", "0123456789abcdef0123456789abcdef"] {
                let position = DecisionPosition(decidedAt: Timestamp(milliseconds: milliseconds), id: DecisionID(id)!)
                let text = PageCursor(position).text
                #expect(text.utf8.count == 34)
                #expect(text.utf8.allSatisfy { $0 == 0x2D || $0 == 0x5F || (0x30...0x7A).contains($0) })
                #expect(PageCursor(text)?.position == position)
            }
        }
    }

    @Test("Every change of a character is another place or none")
    func changed() {
        let text = PageCursor(position).text
        for index in text.indices {
            for character in "Az09-_+/=! " where character != text[index] {
                var changed = text
                changed.replaceSubrange(index...index, with: String(character))
                #expect(PageCursor(changed)?.position != position, "\(changed)")
            }
        }
    }

    @Test(
        "What is no cursor is not read",
        arguments: ["", "x", "null", String(repeating: "A", count: 33), String(repeating: "_", count: 34)])
    func malformed(_ text: String) {
        #expect(PageCursor(text) == nil)
        #expect(PageCursor(PageCursor(position).text + "A") == nil)
        #expect(PageCursor(String(PageCursor(position).text.dropLast())) == nil)
    }
}
