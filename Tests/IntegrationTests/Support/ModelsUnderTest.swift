import Foundation
import Scoring
import Store
import Testing

/// `models/` in the line's folder, with versions that differ in name alone, and the registry's commands on it.
struct ModelsUnderTest {
    let line: Line
    let settings: [String]
    private let store: String
    var path: String { "\(line.folder)/models" }

    init(_ line: Line, versions: [String], store: String, champion: String? = "one") throws {
        self.line = line
        self.store = store
        settings = ["scoring.model=models/champion", "registry.store=\(store)"]
        try Self.write(versions, to: "\(line.folder)/models")
        if let champion { try link(to: champion) }
    }

    static func write(_ versions: [String], to path: String) throws {
        let model = try TrainedModel.shared()
        for version in versions {
            let folder = "\(path)/\(version)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: model.path, toPath: folder)
            let file = URL(fileURLWithPath: "\(folder)/manifest.json")
            var manifest = try Manifest(json: [UInt8](Data(contentsOf: file)))
            manifest.modelVersion = version
            manifest.metrics["log_loss"] = .init(0.5, lower: 0.49, upper: 0.51)
            try Data(manifest.json()).write(to: file)
        }
    }

    /// Changes what the manifest of a version says of its log loss.
    func setLogLoss(of version: String, value: Double, lower: Double, upper: Double) throws {
        let file = URL(fileURLWithPath: "\(path)/\(version)/manifest.json")
        var manifest = try Manifest(json: [UInt8](Data(contentsOf: file)))
        manifest.metrics["log_loss"] = .init(value, lower: lower, upper: upper)
        try Data(manifest.json()).write(to: file)
    }

    /// `herald models …` with the line's configuration.
    func run(_ arguments: String..., settings more: [String] = []) throws -> Command.Completed {
        try herald(["models"] + arguments, settings: more)
    }

    /// Any command of herald with the line's configuration, and this registry.
    func herald(_ arguments: [String], settings more: [String] = []) throws -> Command.Completed {
        let all = (settings + line.settings.filter { !$0.hasPrefix("scoring.model=") }).flatMap { ["--set", $0] }
        let others = more.flatMap { ["--set", $0] }
        return try Command(Herald.path, arguments + all + others, environment: Herald.environment, folder: line.folder).run()
    }

    var registry: Registry { Registry(folder: ModelsFolder(path), database: store == "mongodb" ? line.database : nil) }

    func champion() throws -> String? { try registry.standing(of: .champion)?.version }

    func events() throws -> [ModelEvent] { try registry.events() }

    /// Makes a version the champion whose model ends in the middle, past every check of the registry.
    func makeBrokenChampion(_ version: String) throws {
        let file = "\(path)/\(version)/model.ubj"
        let size = try Data(contentsOf: URL(fileURLWithPath: file)).count
        guard store == "mongodb" else {
            guard truncate(file, size / 2) == 0 else { throw Failure("cannot truncate \(file)") }
            try registry.writePastChecks(version)
            try link(to: version)
            return
        }
        try registry.register(version, by: "test", at: .now)
        guard truncate(file, size / 2) == 0 else { throw Failure("cannot truncate \(file)") }
        // Equal models share their pieces, but each version has a manifest of its own.
        let manifest = try #require(try line.database.model(version)?.manifest)
        let half = Data(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(version)/manifest.json")).prefix(manifest.bytes / 2))
        try FileManager.default.removeItem(atPath: "\(path)/\(version)/manifest.json")
        try command(
            """
            {"update": "model_files", "updates": [{"q": {"_id": "\(manifest.sha256)/0"},
              "u": {"$set": {"data": {"$binary": {"base64": "\(half.base64EncodedString())", "subType": "00"}}}}}]}
            """)
        try registry.writePastChecks(version)
    }

    private func command(_ json: String) throws {
        let reply = try line.database.write(Document(json: json, doing: "testing"), doing: "testing")
        guard reply["nModified"]?.integer == 1 else { throw Failure("nothing was damaged") }
    }

    func link(to version: String) throws {
        let link = "\(path)/champion"
        unlink(link)
        guard symlink(version, link) == 0 else { throw Failure("cannot link \(link)") }
    }
}

extension Registry {
    /// Appends the change of the champion alone, as a program would that checks nothing.
    fileprivate func writePastChecks(_ version: String) throws {
        guard let database else { return }
        let timeline = try timeline(of: .champion)
        let json = """
            {"insert": "model_events", "documents": [{"_id": "champion/\(timeline.next.number)", "at": {"$date": {"$numberLong":
              "\(Timestamp.now.milliseconds)"}}, "by": "test", "kind": "promoted", "alias": "champion",
              "number": {"$numberLong": "\(timeline.next.number)"}, \(timeline.current.map { "\"from\": \"\($0)\", " } ?? "")"to": "\(version)",
              "reason": "past every check", "forced": false, "token": "t"}]}
            """
        let reply = try database.write(Document(json: json, doing: "testing"), doing: "testing")
        guard reply["n"]?.integer == 1 else { throw Failure("the event was not taken") }
    }
}
