import Foundation
import Scoring
import Store
import Testing

@Suite struct ArtifactFolderTests {
    @Test("An artifact loads, and verify hands out each file once, the manifest first")
    func intact() throws {
        try withFolder { folder in
            let artifact = try ModelFixture().write(in: folder)
            #expect(try artifact.load().version == "v1")
            var names: [String] = []
            try artifact.verify { file, contents in
                names.append(file.name)
                #expect(file.sha256 == Checksum.sha256(contents))
            }
            #expect(names == ["manifest.json", "model.ubj", "report.html"])
        }
    }

    @Test("A manifest that ends at any byte is refused")
    func truncatedManifest() throws {
        try withFolder { folder in
            let fixture = ModelFixture()
            let model = try fixture.ubjson()
            let manifest = try fixture.manifest(for: model).json()
            let artifact = try fixture.write(manifest: manifest, model: model, in: folder)
            _ = try artifact.load()
            // The last byte is a line feed, which says nothing.
            #expect(truncate("\(artifact.path)/manifest.json", manifest.count - 1) == 0)
            _ = try artifact.load()
            for length in (0..<manifest.count - 1).reversed() {
                #expect(truncate("\(artifact.path)/manifest.json", length) == 0)
                #expect(throws: ModelError.self, "\(length) bytes") { try artifact.load() }
            }
        }
    }

    @Test(
        "A model that ends at any byte is refused by its length, and one whose manifest says so by its content", arguments: [false, true])
    func truncatedModel(isText: Bool) throws {
        try withFolder { folder in
            let fixture = ModelFixture()
            let model = isText ? try fixture.json() : try fixture.ubjson()
            let manifest = try fixture.manifest(for: model).json()
            let artifact = try fixture.write(manifest: manifest, model: model, in: folder)
            _ = try artifact.load()
            for length in (0..<model.count).reversed() {
                let truncated = Array(model.prefix(length))
                #expect(truncate("\(artifact.path)/model.ubj", length) == 0)
                #expect { try artifact.load() } throws: { ($0 as? ModelError)?.code == .checksumMismatch }
                #expect { try ScoringModel(manifest: fixture.manifest(for: truncated), model: truncated) } throws: {
                    ($0 as? ModelError)?.code == .unreadableModel
                }
            }
        }
    }

    @Test("A flipped bit of the model is refused wherever it is, and one of the manifest never crashes")
    func flippedBits() throws {
        try withFolder { folder in
            let fixture = ModelFixture()
            let model = try fixture.ubjson()
            let manifest = try fixture.manifest(for: model).json()
            let artifact = try fixture.write(manifest: manifest, model: model, in: folder)
            var generator = SeededGenerator(state: 7)
            for _ in 0..<2000 {
                try flipping(1, of: model, in: "\(artifact.path)/model.ubj", &generator) {
                    #expect { try artifact.load() } throws: { ($0 as? ModelError)?.code == .checksumMismatch }
                }
            }
            var refused = 0
            for _ in 0..<4000 {
                try flipping(Int.random(in: 1...3, using: &generator), of: manifest, in: "\(artifact.path)/manifest.json", &generator) {
                    do throws(ModelError) { _ = try artifact.load() } catch { refused += 1 }
                }
            }
            // Many flips fall on white space, a figure or a name that nothing depends on.
            #expect(refused > 2000)
        }
    }

    @Test("A flipped bit in a model whose manifest was made for it is refused or gives finite trees, never a crash")
    func flippedTrees() throws {
        let fixture = ModelFixture()
        var generator = SeededGenerator(state: 11)
        var refused = 0
        for model in [try fixture.ubjson(), try fixture.json()] {
            for _ in 0..<2000 {
                var flipped = model
                flipped[Int.random(in: 0..<model.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                do {
                    _ = try ScoringModel(manifest: fixture.manifest(for: flipped), model: flipped)
                } catch is ModelError {
                    refused += 1
                }
            }
        }
        #expect(refused > 1000)
    }

    static let brokenTrees: [(String, ModelFixture)] = [
        ("cyclic", ModelFixture(left: "[0,-1,-1]")),
        ("child out of range", ModelFixture(right: "[3,-1,-1]")),
        ("child below −1", ModelFixture(left: "[-2,-1,-1]")),
        ("two parents", ModelFixture(right: "[1,-1,-1]")),
        ("feature out of range", ModelFixture(feature: "[9999,0,0]")),
        ("negative feature", ModelFixture(feature: "[-1,0,0]")),
        ("leaf not finite", ModelFixture(condition: "[1.5,1e999,0]")),
        ("leaf beyond a float", ModelFixture(condition: "[1.5,1e39,0]")),
        ("too few nodes", ModelFixture(condition: "[1.5,0]")),
    ]

    @Test("Trees that do not end, lead nowhere or have no finite value are refused", arguments: brokenTrees)
    func brokenTree(name: String, fixture: ModelFixture) throws {
        try withFolder { folder in
            let model = try fixture.json()
            let artifact = try fixture.write(manifest: fixture.manifest(for: model).json(), model: model, in: folder)
            #expect { try artifact.load() } throws: { ($0 as? ModelError)?.code == .unreadableModel }
        }
    }

    /// Declare more than the file has: 2⁴⁰ floats, 2⁶² members, a string of 2³¹ bytes, a hundred thousand arrays inside each other.
    static let bombs: [[UInt8]] = [
        Array("{L".utf8) + [0, 0, 0, 0, 0, 0, 0, 1] + Array("a[$d#L".utf8) + [0, 0, 1, 0, 0, 0, 0, 0],
        Array("{$i#L".utf8) + [0x40, 0, 0, 0, 0, 0, 0, 0],
        Array("{L".utf8) + [0, 0, 0, 0, 0, 0, 0, 1] + Array("aSl".utf8) + [0x7F, 0xFF, 0xFF, 0xFF],
        Array("{L".utf8) + [0, 0, 0, 0, 0, 0, 0, 1] + Array("a".utf8) + [UInt8](repeating: UInt8(ascii: "["), count: 100_000),
        Array("{\"a\":".utf8) + [UInt8](repeating: UInt8(ascii: "["), count: 100_000),
        Array("{L".utf8) + [0, 0, 0, 0, 0, 0, 0, 1] + Array("a[$Z#L".utf8) + [0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
    ]

    @Test("A model that declares more than its file holds is refused at once", .timeLimit(.minutes(1)), arguments: bombs)
    func bomb(model: [UInt8]) throws {
        try withFolder { folder in
            let fixture = ModelFixture()
            let artifact = try fixture.write(manifest: fixture.manifest(for: model).json(), model: model, in: folder)
            let before = try peakMemory()
            #expect { try artifact.load() } throws: { ($0 as? ModelError)?.code == .unreadableModel }
            #expect(try peakMemory() - before < 64 << 20)
        }
    }

    @Test("A manifest of nested arrays or of one huge number is refused")
    func hostileManifest() throws {
        try withFolder { folder in
            for text in [
                String(repeating: "[", count: 1 << 20), "{\"format_version\":\(String(repeating: "9", count: 1 << 16))}",
                "{\"format_version\":1e400}", "{\"format_version\":-1}", "null",
                "{\"format_version\":1,\"metrics\":{\"auc\":{\"value\":NaN}}}",
            ] {
                let artifact = try ModelFixture().write(manifest: Array(text.utf8), model: [], in: folder)
                #expect(throws: ModelError.self) { try artifact.load() }
            }
        }
    }

    @Test("Files that are too large, no files, or elsewhere are refused unread")
    func hostileFiles() throws {
        try withFolder { folder in
            let fixture = ModelFixture()
            let model = try fixture.ubjson()
            func refusal(_ change: (inout Manifest) -> Void) throws -> String {
                var manifest = try fixture.manifest(for: model)
                change(&manifest)
                let artifact = try fixture.write(manifest: manifest.json(), model: model, in: folder)
                do throws(ModelError) {
                    _ = try artifact.load()
                    return "loaded"
                } catch {
                    return error.key
                }
            }
            #expect(try refusal { _ in } == "loaded")
            #expect(try refusal { $0.files[0].bytes = 1 << 40 } == "files.0.bytes")
            #expect(try refusal { $0.files[0].bytes = -1 } == "files.0.bytes")
            #expect(try refusal { $0.files[0].bytes += 1 }.hasSuffix("model.ubj"))
            #expect(try refusal { $0.files[1].name = "../../v1/report.html" } == "files.1.name")
            #expect(try refusal { $0.files[1].name = "manifest.json" } == "files.1.name")
            #expect(try refusal { $0.files[1].name = ".hidden" } == "files.1.name")
            #expect(try refusal { $0.files[1].name = $0.files[0].name } == "files.1.name")
            #expect(try refusal { $0.files = [] } == "files")
            #expect(try refusal { manifest in manifest.files = (0..<65).map { .init(name: "f\($0)", contents: []) } } == "files")

            // A sparse file costs nothing to make and 1 TiB to read.
            let artifact = try fixture.write(in: folder)
            for name in ["manifest.json", "model.ubj"] {
                try fixture.write(in: folder)
                #expect(truncate("\(artifact.path)/\(name)", 1 << 40) == 0)
                #expect(throws: ModelError.self) { try artifact.load() }
            }
            try fixture.write(in: folder)
            unlink("\(artifact.path)/model.ubj")
            #expect(mkfifo("\(artifact.path)/model.ubj", 0o644) == 0)
            #expect { try artifact.load() } throws: { "\($0)".contains("is not a regular file") }
        }
    }

    @Test("A broken file that scoring does not need is found by verify and does no harm to load")
    func brokenReport() throws {
        try withFolder { folder in
            let artifact = try ModelFixture().write(in: folder)
            try Data("<html>other".utf8).write(to: URL(fileURLWithPath: "\(artifact.path)/report.html"))
            _ = try artifact.load()
            #expect { try artifact.verify() } throws: { ($0 as? ModelError)?.key.hasSuffix("report.html") == true }
        }
    }

    /// Flips bits of a file in place, runs `body`, and puts them back.
    private func flipping(
        _ count: Int, of bytes: [UInt8], in path: String, _ generator: inout SeededGenerator, _ body: () throws -> Void
    ) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        defer { try? file.close() }
        var flipped = bytes
        for _ in 0..<count {
            flipped[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        }
        try file.write(contentsOf: Data(flipped))
        try body()
        try file.seek(toOffset: 0)
        try file.write(contentsOf: Data(bytes))
    }

    private func peakMemory() throws -> Int {
        var usage = rusage()
        getrusage(.init(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    }
}

extension ModelFixture: CustomTestStringConvertible {
    var testDescription: String { "\(left) \(right) \(feature) \(condition ?? "")" }
}
