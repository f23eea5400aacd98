import ArgumentParser

/// `herald-bench forest`: the forest engine against the libraries that wrote the models and other engines.
struct ForestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forest",
        abstract: "Time per row of the forest engine, of libxgboost and of the engines of `make bench-peers`.",
        discussion: """
            One thread, the same model file and the same rows, in turns; medians. Rows change from round to round. Cycles are time multiplied \
            by the core's rate, which a chain of additions measures.
            """)

    @Option(help: "Rows per call, separated by commas.")
    var rows = "1,8,64,256,512,4096"

    @Option(help: "Trees of the XGBoost models of depth 6, separated by commas; at most 500.")
    var trees = "100,300,500"

    @Option(help: "Leaves of the LightGBM models of 300 trees, separated by commas; none without the peer that trains them.")
    var leaves = "31,63"

    @Option(help: "Actions per job, separated by commas.")
    var actions = "1,12,36"

    @Option(help: "Rounds that a median is taken of.")
    var rounds = 15

    @Option(help: "Folder for models and rows; models that are there are not trained again.")
    var folder = ".local/bench"

    @Option(help: "Folder that `make bench-peers` made.")
    var peers = ".local/bench-peers"

    @Option(help: "File for the figures, as one flat JSON object.")
    var json: String?

    func validate() throws {
        for (name, list) in [("rows", rows), ("trees", trees), ("leaves", leaves), ("actions", actions)] {
            guard Self.numbers(list) != nil else {
                throw ValidationError("--\(name) '\(list)' is not a list of whole numbers from 1 to 4096")
            }
        }
        guard (1...1000).contains(rounds) else { throw ValidationError("--rounds must be from 1 to 1000") }
        guard Self.numbers(trees)?.allSatisfy({ $0 <= ForestBenchmark.treeLimit }) == true else {
            throw ValidationError("--trees may be up to \(ForestBenchmark.treeLimit)")
        }
    }

    func run() throws {
        var benchmark = try ForestBenchmark(folder: folder, peers: peers, rounds: rounds)
        let rows = Self.numbers(rows) ?? []
        for trees in Self.numbers(trees) ?? [] { try benchmark.compareXGBoost(trees: trees, rows: rows) }
        for leaves in Self.numbers(leaves) ?? [] { try benchmark.compareLightGBM(leaves: leaves, rows: rows) }
        try benchmark.compareActions(Self.numbers(actions) ?? [])
        benchmark.report.print("\n" + ForestTargets(report: benchmark.report).table().text)
        benchmark.report.print(benchmark.clock)
        if let json { try benchmark.report.figures.write(to: json) }
    }

    /// Each from 1 to 4096; an empty list is one.
    private static func numbers(_ list: String) -> [Int]? {
        let words = list.split(separator: ",")
        let numbers = words.compactMap { Int($0) }.filter { (1...4096).contains($0) }
        return numbers.count == words.count ? numbers : nil
    }
}
