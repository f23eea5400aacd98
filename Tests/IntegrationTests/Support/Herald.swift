import Foundation
import Scoring
import Streaming

/// The `herald` program under test.
enum Herald {
    /// The program that was built with these tests: it lies in the folder of the test program, which is the running one.
    static var path: String {
        get throws {
            let test = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let path = URL(fileURLWithPath: test).deletingLastPathComponent().appending(path: "herald").path
            guard FileManager.default.isExecutableFile(atPath: path) else {
                throw Failure("there is no herald at \(path): build it with `swift build -c release --build-tests`")
            }
            return path
        }
    }

    /// The model that was trained on the data set in the repository.
    static var trainedOnData: String {
        URL(fileURLWithPath: champion).deletingLastPathComponent().appending(path: "v1").path
    }

    /// The model that this repository ships.
    static var champion: String {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return tests.deletingLastPathComponent().deletingLastPathComponent().appending(path: "models/champion").path
    }

    /// Copies the shipped models, and the link to the champion, into a folder of their own: what changes them belongs there.
    static func copyModels(to folder: String) throws -> String {
        let source = URL(fileURLWithPath: champion).deletingLastPathComponent()
        let models = "\(folder)/models"
        try FileManager.default.createDirectory(atPath: models, withIntermediateDirectories: true)
        for version in ["v1", "v2"] {
            try FileManager.default.copyItem(atPath: source.appending(path: version).path, toPath: "\(models)/\(version)")
        }
        try FileManager.default.createSymbolicLink(atPath: "\(models)/champion", withDestinationPath: "v2")
        return models
    }

    /// This process's environment without anything that configures Herald.
    static var environment: [String: String] {
        ProcessInfo.processInfo.environment.filter { name, _ in
            !name.hasPrefix("HERALD_") && name != "RABBITMQ_URL" && name != "MONGODB_URL"
        }
    }
}

/// A line of `herald score --progress json`.
struct ScorerLine: Decodable {
    var jobsPerSecond: Double
    var counts: ScorerStatistics.Snapshot
    var health: ScoringService.Health
    var model: String

    init(_ line: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(line.utf8))
    }
}

extension Child {
    /// Waits until a line of the scorer's status fulfils `condition`.
    func awaitStatus(_ what: String, within limit: Duration = .seconds(30), _ condition: (ScorerLine) -> Bool) throws {
        try awaitLine(what, within: limit) { try condition(ScorerLine($0)) }
    }

    /// Asks the program to stop and expects a clean end within 5 s.
    ///
    /// - Returns: how long it took.
    @discardableResult
    func stopCleanly() throws -> Duration {
        let began = ContinuousClock.now
        send(SIGTERM)
        let exitCode = awaitExit(within: .seconds(15))
        let duration = ContinuousClock.now - began
        guard exitCode == 0, duration < .seconds(5) else {
            let end = exitCode.map { "exit code \($0)" } ?? "still running"
            throw Failure("\(command) after SIGTERM: \(end) after \(duration); its last words:\n\(standardError.suffix(2000))")
        }
        return duration
    }

    /// Ends the program with SIGKILL and waits for its end.
    func killHard() throws {
        send(SIGKILL)
        guard awaitExit(within: .seconds(10)) == 128 + SIGKILL else { throw Failure("\(command) was not killed by SIGKILL") }
    }
}
