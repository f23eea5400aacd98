import Scoring
import Testing

/// Which bytes are a document at all: strictly RFC 8259, also where the job's fields are not concerned.
struct JobDocumentTests {
    struct Document: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var bytes: [UInt8]
        var code: JobDefectCode

        init(_ description: String, _ bytes: [UInt8], _ code: JobDefectCode) {
            testDescription = description
            self.bytes = bytes
            self.code = code
        }
    }

    private static let documents: [Document] = [
        Document("nothing", [], .notJSON),
        Document("white space", Array(" \n".utf8), .notJSON),
        Document("an array", Array("[]".utf8), .notAnObject),
        Document("a string", Array(#""job""#.utf8), .notAnObject),
        Document("a number", Array("7".utf8), .notAnObject),
        Document("a byte order mark", [0xEF, 0xBB, 0xBF] + JobFixture.message(), .notJSON),
        Document("UTF-16", JobFixture.message().flatMap { [$0, 0] }, .notJSON),
        Document("a second object", JobFixture.message() + JobFixture.message(), .notJSON),
        Document("a trailing NUL", JobFixture.message() + [0], .notJSON),
        Document("half an object", Array(JobFixture.message().dropLast(1)), .notJSON),
        Document("more than 1 MiB", [UInt8](repeating: 0x20, count: 1 << 20) + JobFixture.message(), .tooLarge),
        Document("1 MiB of brackets", Array("{\"x\":".utf8) + [UInt8](repeating: 0x5B, count: 1 << 19), .notJSON),
        Document("65 levels", with("x", String(repeating: "[", count: 64) + String(repeating: "]", count: 64)), .tooDeep),
    ]

    private static let ignoredValues: [(String, JobDefectCode)] = [
        ("", .notJSON), ("nul", .notJSON), ("True", .notJSON), ("NaN", .notJSON), ("Infinity", .notJSON), ("-Infinity", .notJSON),
        ("01", .notJSON), ("+1", .notJSON), (".5", .notJSON), ("5.", .notJSON), ("0x10", .notJSON), ("1e", .notJSON), ("-", .notJSON),
        ("'a'", .notJSON), ("\"a", .notJSON), ("\"a\tb\"", .notJSON), ("\"a\u{0}b\"", .notJSON), (#""\x""#, .notJSON),
        (#""\u12""#, .notJSON), (#""\ud800""#, .notJSON), (#""\udc00""#, .notJSON), (#""\ud800\ud800""#, .notJSON),
        (#""\ud800a""#, .notJSON), (#"{"y":"\udfff"}"#, .notJSON), ("[1,]", .notJSON), ("[1 2]", .notJSON), (#"{"y":1,}"#, .notJSON),
        (#"{"y"}"#, .notJSON), (#"{y:1}"#, .notJSON), ("[}", .notJSON), ("/* */ 1", .notJSON),
        // A huge number must not hide what else is wrong.
        ("[1e999,NaN]", .notJSON), ("[1e999", .notJSON),
    ]

    private static let harmlessValues = [
        "1e999", "-1e999", "1e-999", "123456789012345678901234567890", "-123456789012345678901234567890", "0.1e+308",
        "18446744073709551615",
        "[1e999,[2e999,\"3e999\",99999999999999999999]]", #"{"job_id":7,"channel":[]}"#, #""\ud83d\ude00""#, #""\\ud800""#, "null", "true",
        String(repeating: "[", count: 62) + String(repeating: "]", count: 62),
    ]

    private static func with(_ name: String, _ json: String) -> [UInt8] {
        JobFixture.message(with: name, json)
    }

    @Test(arguments: documents) func whatIsNoDocumentHasItsCode(_ document: Document) {
        var decoder = JobDecoder()
        let defect = #expect(throws: JobDefect.self) { try decoder.decode(document.bytes.span) }
        #expect(defect?.code == document.code)
        #expect(defect?.field == nil)
    }

    @Test(arguments: ignoredValues) func anIgnoredFieldMustBeJSONToo(_ json: String, _ code: JobDefectCode) {
        var decoder = JobDecoder()
        let defect = #expect(throws: JobDefect.self) { try decoder.decode(Self.with("x", json).span) }
        #expect(defect?.code == code)
    }

    @Test(arguments: harmlessValues) func whateverElseIsCarriedIsIgnored(_ json: String) throws {
        var decoder = JobDecoder()
        #expect(try decoder.decode(Self.with("x", json).span) == JobFixture.job)
    }

    /// Overlong, surrogate, beyond U+10FFFF, lone continuation, cut off.
    @Test(arguments: [[0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xE2, 0x82], [0xFF]] as [[UInt8]])
    func invalidUTF8AnywhereIsADefect(_ bytes: [UInt8]) {
        var decoder = JobDecoder()
        for name in ["x", "job_id", "recipient"] {
            let text = Self.with(name, "\"~\"")
            let message = Array(text.split(separator: UInt8(ascii: "~")).joined(separator: bytes))
            let defect = #expect(throws: JobDefect.self) { try decoder.decode(message.span) }
            #expect(defect?.code == .notUTF8)
        }
    }

    @Test func theLargestMessageIsReadAndLeavesTheDecoderStrict() throws {
        var decoder = JobDecoder()
        let frame = Self.with("x", "\"\"").count
        let message = Self.with("x", "\"\(String(repeating: "y", count: (1 << 20) - frame))\"")
        #expect(message.count == 1 << 20)
        #expect(try decoder.decode(message.span) == JobFixture.job)
        #expect(throws: JobDefect.self) { try decoder.decode((message + [0x20]).span) }
        let deep = Self.with("x", String(repeating: "[", count: 64) + String(repeating: "]", count: 64))
        let defect = #expect(throws: JobDefect.self) { try decoder.decode(deep.span) }
        #expect(defect?.code == .tooDeep)
        #expect(try decoder.decode(JobFixture.message().span) == JobFixture.job)
    }

    /// Mutations of valid messages end in a job or in a defect, and the decoder is none the worse for either.
    @Test(arguments: 0..<8 as Range<UInt64>) func mutatedMessagesAreJobsOrDefects(_ seed: UInt64) throws {
        var decoder = JobDecoder()
        var generator = SeededGenerator(seed: seed)
        let original = JobFixture.message(with: "x", #"{"a":[1,2.5e3,"\u00e9\ud83d\ude00"]}"#)
        var jobs = 0
        for _ in 0..<5000 {
            var message = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) { Self.mutate(&message, using: &generator) }
            do throws(JobDefect) {
                let job = try decoder.decode(message.span)
                jobs += 1
                #expect(try decoder.decode(JobEncoder.json(job).span) == job)
            } catch {
                #expect(error.code != .outOfMemory)
            }
        }
        #expect(jobs > 0 && jobs < 5000)
        #expect(try decoder.decode(JobFixture.message().span) == JobFixture.job)
    }

    private static func mutate(_ message: inout [UInt8], using generator: inout SeededGenerator) {
        guard !message.isEmpty else { return }
        let position = Int.random(in: 0..<message.count, using: &generator)
        let interesting = Array(#"{}[]",:\u0e-+.19 t"#.utf8)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: message[position] = UInt8.random(in: 0...255, using: &generator)
        case 1: message.remove(at: position)
        case 2: message.insert(interesting.randomElement(using: &generator) ?? 0, at: position)
        case 3: message[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 4: message.insert(contentsOf: message[position..<min(position + 20, message.count)], at: position)
        default: message.removeSubrange(position..<min(position + Int.random(in: 1...8, using: &generator), message.count))
        }
    }
}
