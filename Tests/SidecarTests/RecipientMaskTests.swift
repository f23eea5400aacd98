import Foundation
import Sidecar
import Testing

@Suite("Recipients in bodies")
struct RecipientMaskTests {
    private static let canary = "canary-7f3a@example.com"

    private func mask(_ text: String) -> RecipientMask { RecipientMask(Array(text.utf8)) }

    private func text(_ mask: RecipientMask) -> String { String(decoding: mask.bytes, as: UTF8.self) }

    @Test("A job's recipient goes, and nothing else changes")
    func job() {
        let before = #"{"job_id":"a", "recipient" : "\#(Self.canary)" ,"recipient_country":"DE","previous_attempts":0}"#
        let masked = mask(before)
        #expect(masked.isJSON)
        #expect(text(masked) == #"{"job_id":"a", "recipient" : "***" ,"recipient_country":"DE","previous_attempts":0}"#)
    }

    @Test(
        "However it is spelled, wherever it stands, whatever its type: no canary is left, and the rest is still JSON",
        arguments: [
            #"{"recipient":"CANARY"}"#, #"{"r\u0065cipient":"CANARY"}"#, #"{"Recipient":"CANARY"}"#,
            #"{"meta":{"recipient":"CANARY"},"list":[{"recipient":"CANARY"}]}"#, #"{"recipient":["CANARY",{"x":"CANARY"}],"a":1}"#,
            #"{"recipient":{"email":"CANARY","name":"\"CANARY}"},"a":1}"#, #"{"recipient":"\"CANARY\\","a":"b"}"#,
            #"{"recipient":"a","recipient":"CANARY"}"#, "{\"recipient\"\n:\t\r\n\"CANARY\"}", #"[[{"recipient":"CANARY"}]]"#,
            #"{"recipient":491701234567,"a":1}"#,
        ])
    func spellings(_ pattern: String) throws {
        let masked = mask(pattern.replacing("CANARY", with: Self.canary))
        #expect(masked.isJSON)
        #expect(!text(masked).contains("canary"))
        #expect(!text(masked).contains("4917"))
        #expect((try? JSONSerialization.jsonObject(with: Data(masked.bytes))) != nil, "\(text(masked))")
    }

    @Test(
        "In what is no JSON the name is looked for as text, and the body counts as unparsed",
        arguments: [
            #"{"recipient":"CANARY""#, #"{"job_id":"a","recipient":"CANA"#, #"{'recipient': 'CANARY', 'a': 1}"#, "recipient=CANARY\nnext",
            #"{"broken: "recipient":"CANARY"}"#, #"{recipient: CANARY, a: 1}"#, #"{"x":"{\"recipient\":\"CANARY\"}""#,
            #"garbage "recipient" : "CANARY", "more""#, "RECIPIENT: CANARY",
        ])
    func malformed(_ pattern: String) {
        let masked = mask(pattern.replacing("CANARY", with: Self.canary).replacing("CANA", with: "canary-7"))
        #expect(!masked.isJSON)
        #expect(!text(masked).contains("canary-7"), "\(text(masked))")
    }

    @Test("Bytes that are no UTF-8, and JSON in another encoding, are not taken for JSON")
    func encodings() {
        #expect(!RecipientMask([0xFF, 0xFE, 0x7B, 0x7D]).isJSON)
        let wide = #"{"recipient":"x"}"#.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(!RecipientMask(wide).isJSON)
        #expect(!RecipientMask([]).isJSON)
        let latin = Array(#"{"recipient":"caf"#.utf8) + [0xE9] + Array(#"@example.com"}"#.utf8)
        let masked = RecipientMask(latin)
        #expect(!masked.isJSON)
        #expect(String(decoding: masked.bytes, as: UTF8.self) == #"{"recipient":"***"}"#)
    }

    @Test("Random cuts of a job never show its recipient", arguments: 0..<100)
    func cuts(seed: Int) {
        let job = #"{"job_id":"a","recipient":"\#(Self.canary)","recipient_country":"DE","note":"x\"y"}"#
        let cut = String(job.prefix(job.count * seed / 100))
        #expect(!text(mask(cut)).contains("canary"))
    }
}
