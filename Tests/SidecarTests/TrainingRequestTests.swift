import Foundation
import Sidecar
import Testing

@Suite struct TrainingRequestTests {
    private func request(_ json: String) throws -> TrainingRequest {
        try TrainingRequest(JSONDecoder().decode(TrainingRequest.Body.self, from: Data(json.utf8)))
    }

    @Test("All members become flags")
    func members() throws {
        let all = try request(
            """
            {"from": "mongodb", "since": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00Z", "challenger": true, "version": "v7",
             "reason": "more data", "trees": 50, "patience": 10, "max_depth": 6, "eta": 0.1, "seed": 3, "resamples": 0, "tune": true, "trials": 4}
            """)
        #expect(all.source == .mongodb)
        #expect(all.isChallenger)
        #expect(all.version == "v7")
        #expect(
            all.options == [
                "--trees", "50", "--patience", "10", "--max-depth", "6", "--eta", "0.1", "--model-seed", "3", "--resamples", "0", "--tune",
                "--trials", "4",
            ])
        #expect(try request(#"{"from": "notifications.csv"}"#).source == .file("notifications.csv"))
        #expect(try request(#"{"from": "2026/january.csv"}"#).options == [])
    }

    @Test(
        "What cannot be done names the member",
        arguments: [
            (#"{"from": ""}"#, "from"), (#"{"from": "/etc/passwd"}"#, "from"), (#"{"from": "../secret.csv"}"#, "from"),
            (#"{"from": "a/../../b.csv"}"#, "from"), (#"{"from": ".hidden"}"#, "from"), (#"{"from": "-x"}"#, "from"),
            (#"{"from": "a//b"}"#, "from"), (#"{"from": "a\u0000b"}"#, "from"),
            (#"{"from": "mongodb", "since": "yesterday"}"#, "since"),
            (#"{"from": "mongodb", "since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}"#, "since"),
            (#"{"from": "a.csv", "until": "2026-01-01T00:00:00Z"}"#, "until"), (#"{"from": "a.csv", "trees": 0}"#, "trees"),
            (#"{"from": "a.csv", "trees": 10001}"#, "trees"), (#"{"from": "a.csv", "eta": 2}"#, "eta"),
            (#"{"from": "a.csv", "max_depth": 17}"#, "max_depth"), (#"{"from": "a.csv", "seed": -1}"#, "seed"),
            (#"{"from": "a.csv", "trials": 4}"#, "trials"), (#"{"from": "a.csv", "version": "champion"}"#, "version"),
            (#"{"from": "a.csv", "version": "-v"}"#, "version"), (#"{"from": "a.csv", "version": "a/b"}"#, "version"),
            (#"{"from": "a.csv", "reason": ""}"#, "reason"),
        ])
    func refused(_ json: String, _ field: String) throws {
        let problem = try #require(throws: Problem.self) { try request(json) }
        #expect(problem.kind == .invalidBody)
        #expect(problem.field == field)
    }

    @Test("A file is found below the data folder alone, and links do not lead out of it")
    func files() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "herald-data-\(UInt32.random(in: 0...(.max)))").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: "\(folder)/data/inner", withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(filePath: "\(folder)/data/inner/a.csv"))
        try Data("x".utf8).write(to: URL(filePath: "\(folder)/secret.csv"))
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/data/out.csv", withDestinationPath: "../secret.csv")
        var program = TrainingProgram(
            executable: "/bin/true", modelsFolder: "models", dataFolder: "\(folder)/data", configuration: ["HERALD_MONGODB_URL": "secret"])
        func arguments(_ path: String) throws -> [String] {
            try program.arguments(request(#"{"from": "\#(path)"}"#), version: "v1", champion: "v0", author: "ann")
        }
        let found = try arguments("inner/a.csv")
        #expect(found.first == "train")
        #expect(found.contains { $0.hasSuffix("/data/inner/a.csv") })
        #expect(found.contains("models/v0") && found.contains("--version=v1"))
        #expect(found.contains("--as=ann") && found.contains("--supervised"))
        #expect(!found.contains { $0.contains("secret") })
        for path in ["out.csv", "absent.csv", "inner"] {
            #expect(throws: Problem.self, "\(path)") { try arguments(path) }
        }
        program.dataFolder = nil
        #expect(throws: Problem.self) { try arguments("inner/a.csv") }
        #expect(
            program.environment(of: ["PATH": "/bin", "AWS_SECRET": "x", "HERALD_HTTP_TOKEN": "y"])
                == ["PATH": "/bin", "HERALD_MONGODB_URL": "secret"])
    }
}
