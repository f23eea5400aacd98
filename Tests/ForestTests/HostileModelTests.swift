import Forest
import Testing

/// SplitMix64: a seeded source for mutations.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite struct HostileModelTests {
    static let models = ["categorical-3.1.1.json", "categorical-3.1.1.ubj", "dart-1.7.6.json", "dart-1.7.6.ubj"]

    @Test(arguments: models)
    func truncationAtEveryByteThrows(file: String) throws {
        let bytes = try Fixture.bytes(file)
        for length in 0..<bytes.count {
            #expect(throws: ForestError.self, "\(length) bytes") { try Forest(xgboost: Array(bytes.prefix(length))) }
        }
        _ = try Forest(xgboost: bytes)
    }

    @Test(.timeLimit(.minutes(1)), arguments: models)
    func mutationNeverCrashesOrLoops(file: String) throws {
        let bytes = try Fixture.bytes(file)
        var generator = SeededGenerator(state: UInt64(bytes.count))
        var refused = 0
        for _ in 0..<1500 {
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let position = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: mutated[position] = UInt8.random(in: .min ... .max, using: &generator)
                case 1: mutated[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                default: mutated.swapAt(position, Int.random(in: 0..<bytes.count, using: &generator))
                }
            }
            do {
                let forest = try Forest(xgboost: mutated)
                let rows = (0..<3 * forest.featureCount).map { _ in Float(bitPattern: UInt32.random(in: .min ... .max, using: &generator)) }
                let expected = forest.margins(of: rows, path: .reference)
                #expect(expected.allSatisfy { $0.isFinite })
                for path in ForestPath.fast {
                    #expect(forest.margins(of: rows, path: path, batching: .rows).bits == expected.bits)
                    #expect(forest.margins(of: rows, path: path, batching: .blocks).bits == expected.bits)
                }
            } catch {
                refused += 1
            }
        }
        #expect(refused > 300)
    }

    static let malformed: [(String, ForestError.Code, String)] = [
        ("", .truncated, "empty"),
        ("binf", .unknownFormat, "not an XGBoost model"),
        ("tree\nversion=v4", .unknownFormat, "not an XGBoost model"),
        ("{", .truncated, "1 bytes"),
        ("{}", .missingKey, "'learner' is missing"),
        (#"{"learner":[]}"#, .wrongType, "'learner' is an array of integers, not an object"),
        (#"{"a":1,"a":2}"#, .duplicateKey, "'a'"),
        (#"{"a":1,"\u0061":2}"#, .duplicateKey, "'a'"),
        (#"{"a":1} x"#, .trailingBytes, "byte 8"),
        (#"{"a" 1}"#, .malformed, "':'"),
        (#"{"a":1 "b":2}"#, .malformed, "'}'"),
        (#"{"a":01}"#, .malformed, "byte 5"),
        (#"{"a":+1}"#, .malformed, "byte 5"),
        (#"{"a":1.}"#, .malformed, "byte 5"),
        (#"{"a":.5}"#, .malformed, "byte 5"),
        (#"{"a":1e}"#, .malformed, "byte 5"),
        (#"{"a":nul}"#, .malformed, "byte 5"),
        (#"{"a":-inf}"#, .malformed, "byte 5"),
        (#"{"a":[1,]}"#, .malformed, "byte 8"),
        (#"{"a":[1,"b"]}"#, .malformed, "mixes"),
        (#"{"a":["b",1]}"#, .malformed, "mixes"),
        (#"{"a":"\x"}"#, .malformed, "escape"),
        (#"{"a":"\u12g4"}"#, .malformed, "hexadecimal"),
        (#"{"a":"\ud800x"}"#, .malformed, "surrogate"),
        (#"{"a":"\udc00"}"#, .malformed, "surrogate"),
        ("{\"a\":\"\n\"}", .malformed, "control character"),
        (#"{"a":"# + String(repeating: "[", count: 40), .limitExceeded, "32 levels"),
        (#"{"a":"# + String(repeating: "[", count: 1 << 20), .limitExceeded, "32 levels"),
    ]

    @Test(arguments: malformed)
    func malformedJSON(text: String, code: ForestError.Code, mention: String) {
        expect(Array(text.utf8), code, mention)
    }

    @Test func textThatIsNotUTF8() {
        expect(Array(#"{""#.utf8) + [0xC3] + Array(#"":1}"#.utf8), .malformed, "UTF-8")
    }

    static let longest: [UInt8] = [0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
    static let key: [UInt8] = Array("{L".utf8) + [0, 0, 0, 0, 0, 0, 0, 1] + Array("a".utf8)
    static let malformedBinary: [([UInt8], ForestError.Code, String)] = [
        (Array("{L".utf8), .truncated, "2 bytes"),
        (Array("{L".utf8) + longest, .truncated, "10 bytes"),
        (Array("{L".utf8) + [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF] + Array("a".utf8), .malformed, "negative length"),
        (key + Array("[$d#L".utf8) + longest, .truncated, "bytes"),
        (key + Array("[$U#L".utf8) + [0, 0, 0, 0, 0, 0, 0, 2, 1], .truncated, "bytes"),
        (key + Array("[#L".utf8) + longest, .truncated, "bytes"),
        (key + Array("SL".utf8) + longest, .truncated, "bytes"),
        (key + Array("[$Z#L".utf8) + longest, .malformed, "unknown type 'Z'"),
        (key + Array("[$dL".utf8), .malformed, "'#'"),
        (key + Array("[#i".utf8) + [1], .malformed, "type 'L'"),
        (key + Array("x".utf8), .malformed, "unknown type 'x'"),
        (key + Array("Z}x".utf8), .trailingBytes, "1 bytes"),
        (key + Array("Z".utf8) + key.dropFirst() + Array("Z}".utf8), .duplicateKey, "'a'"),
        (key + Array(repeating: UInt8(ascii: "["), count: 1 << 20), .limitExceeded, "32 levels"),
        (key + Array("[#L".utf8) + [0, 0, 0, 0, 0, 0, 0, 2] + Array("Zi".utf8) + [1], .malformed, "mixes"),
    ]

    @Test(arguments: malformedBinary)
    func malformedUBJSON(bytes: [UInt8], code: ForestError.Code, mention: String) {
        expect(bytes, code, mention)
    }

    @Test func valuesAreLimited() {
        let nulls = Array(repeating: UInt8(ascii: "Z"), count: (1 << 22) + 1)
        expect(Self.key + Array("[".utf8) + nulls, .limitExceeded, "values")
    }

    private func expect(_ bytes: [UInt8], _ code: ForestError.Code, _ mention: String) {
        do throws(ForestError) {
            _ = try Forest(xgboost: bytes)
            Issue.record("was accepted")
        } catch {
            #expect(error.code == code)
            #expect(error.message.contains(mention), "\(error.message)")
        }
    }
}
