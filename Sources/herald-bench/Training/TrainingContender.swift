import Foundation

/// One of the two that are compared, and what its runs cost.
struct TrainingContender {
    let name: String
    /// The command line, the program first, for a data set and a folder that gets the artifact.
    let arguments: (_ data: String, _ folder: String) -> [String]
    /// The artifact's folder within the folder.
    let artifact: String
    private(set) var runs: [MeasuredProcess] = []

    init(_ name: String, artifact: String, arguments: @escaping (_ data: String, _ folder: String) -> [String]) {
        self.name = name
        self.artifact = artifact
        self.arguments = arguments
    }

    mutating func run(data: String, folder: String, environment: [String: String]) throws {
        let own = "\(folder)/\(name)"
        try? FileManager.default.removeItem(atPath: own)
        runs.append(
            try MeasuredProcess(
                arguments(data, own), environment: environment, log: "\(folder)/\(name).log", first: TrainingStage.start.rawValue
            ) { TrainingStage($0)?.rawValue })
    }

    /// What some stages cost together, run by run.
    func costs(of stages: [TrainingStage]) -> [MeasuredProcess.Cost] {
        runs.map { run in stages.reduce(MeasuredProcess.Cost()) { $0 + (run.stages[$1.rawValue] ?? MeasuredProcess.Cost()) } }
    }

    var totals: [MeasuredProcess.Cost] { runs.map(\.total) }
    var peakBytes: Double { Turns.median(runs.map(\.peakBytes)) }

    /// What the last run's manifest says.
    func manifest(in folder: String) throws -> TrainingQuality {
        try TrainingQuality(manifest: "\(folder)/\(name)/\(artifact)/manifest.json")
    }
}
