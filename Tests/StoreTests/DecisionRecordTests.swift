import Scoring
import Store
import Testing

@Suite struct DecisionRecordTests {
    @Test("A record comes back equal to the bit, in 300 random shapes")
    func roundtrip() throws {
        var generator = SeededGenerator(state: 7)
        var writer = DocumentWriter()
        for _ in 0..<300 {
            let record = randomRecord(&generator)
            try record.write(to: &writer)
            #expect(writer.document.isValid)
            let back = try DecisionRecord(writer.document)
            #expect(back.bits == record.bits)
            #expect(back.withoutNaN == record.withoutNaN)
        }
    }

    @Test("Any NaN is read as the standard one")
    func anyNaN() throws {
        let record = sampleRecord("j", features: [Float(bitPattern: 0xFFC0_0001), -.nan, .signalingNaN])
        var writer = DocumentWriter()
        try record.write(to: &writer)
        #expect(try DecisionRecord(writer.document).decision.features.map(\.bitPattern) == Array(repeating: Float.nan.bitPattern, count: 3))
    }

    @Test("The recipient's address is not in the document")
    func recipient() throws {
        var writer = DocumentWriter()
        try sampleRecord("j").write(to: &writer)
        #expect(!String(decoding: writer.document.bytes, as: UTF8.self).contains("someone"))
        #expect(try DecisionRecord(writer.document).job.recipient == nil)
    }

    @Test("A record that contradicts itself is refused before it is sent")
    func defects() {
        var provider = sampleRecord("j")
        provider.decision.actions[1].action.providerIndex = 2
        var chosen = sampleRecord("j")
        chosen.decision.chosen = 2
        var delay = sampleRecord("j")
        delay.decision.actions[0].action.delayMilliseconds = 1 << 31
        var writer = DocumentWriter()
        for record in [provider, chosen, delay] {
            #expect(throws: RecordDefect.self) { try record.write(to: &writer) }
        }
    }

    @Test("A document that lacks a field or has another type in it is unreadable, and the error names the field")
    func unreadable() throws {
        var writer = DocumentWriter()
        try sampleRecord("j").write(to: &writer)
        for key in ["job_id", "decided_at", "features", "actions", "providers", "propensity"] {
            // The key renamed by one letter: the field is missing, every other one is as before.
            var bytes = writer.document.bytes
            let name = Array(key.utf8) + [0]
            let position = try #require(bytes.indices.first { bytes[$0...].starts(with: name) && bytes[$0 - 1] < 0x20 })
            bytes[position] = UInt8(ascii: "X")
            let error = #expect(throws: StoreError.self) { try DecisionRecord(Document(bytes: bytes)) }
            #expect(error?.code == .unreadable)
            #expect(error?.message.contains("'\(key)'") == true)
        }
    }

    @Test("An outcome comes back equal")
    func outcome() throws {
        var bare = sampleOutcome("j")
        bare.responseCode = nil
        bare.latencyMilliseconds = nil
        var writer = DocumentWriter()
        for outcome in [sampleOutcome("j\u{0}\u{1F600}", .softBounce), bare] {
            try outcome.write(to: &writer)
            #expect(writer.document.isValid)
            #expect(try Outcome(writer.document) == outcome)
        }
    }
}
