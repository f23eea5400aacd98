import Foundation

/// `herald train` against the same work in Python.
struct TrainingBenchmark {
    /// The most that Herald's time for the stages of both may be of the peer's.
    static let target = 1.1
    private static let script = "scripts/bench/training_peer.py"
    /// The period whose features are compared: what comes last has the longest history.
    private static let comparedPart = "test"
    /// Trees without a lower validation loss after which training ends; the one parameter that a manifest does not tell.
    private static let patience = 30

    private(set) var report = Report()
    private let herald: String
    private let python: String
    private let folder: String
    private let environment: [String: String]
    private let threads: Int
    private var data: String { "\(folder)/attempts.csv" }

    init(herald: String, peers: String, folder: String, threads: Int) {
        self.herald = herald
        self.folder = folder
        self.threads = threads
        python = "\(peers)/bin/python"
        // Threads that wait must not take the time of those that work; OpenBLAS's always do.
        environment = ["OMP_NUM_THREADS": "\(threads)", "OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"]
    }

    mutating func run(rows: Int, seed: UInt64, repeats: Int) throws {
        _ = try MeasuredProcess.output(
            [herald, "simulate", "dataset", "--rows", "\(rows)", "--seed", "\(seed)", "--output", data, "--progress", "plain"],
            log: "\(folder)/dataset.log")
        report.add("rows", rows)
        report.add("repeats", repeats)
        report.add("threads", threads)
        var contenders = [heraldContender]
        if let absence = peerAbsence {
            report.print("peer is absent: \(absence)")
            report.add("peer.absent", absence)
        } else {
            contenders.append(peerContender)
        }
        for round in 0..<repeats {
            for turn in contenders.indices {
                let index = (turn + round) % contenders.count
                try contenders[index].run(data: data, folder: folder, environment: environment)
                let cost = contenders[index].totals[round]
                report.print(
                    "run \(round + 1) of \(contenders[index].name): \(Report.short(cost.wall)) s, of CPU \(Report.short(cost.cpu)) s")
            }
        }
        if contenders.count == 2 { try compareFeatures() }
        for contender in contenders { try tellQuality(of: contender) }
        tell(contenders)
    }

    // MARK: Contenders

    private var heraldContender: TrainingContender {
        let (herald, threads) = (herald, threads)
        return TrainingContender("herald", artifact: "v") { data, folder in
            [
                herald, "train", "--from", data, "--models", folder, "--version", "v", "--threads", "\(threads)", "--patience",
                "\(Self.patience)", "--progress", "json",
                // The peer has no such rows.
                "--no-returns",
            ]
        }
    }

    private var peerContender: TrainingContender {
        // Herald's turn is the first, and its manifest says what the peer is to do.
        let (python, manifest) = (python, "\(folder)/herald/v/manifest.json")
        return TrainingContender("peer", artifact: "v") { data, folder in
            [python, Self.script, "train", data, "\(folder)/v", manifest, "\(Self.patience)"]
        }
    }

    private var peerAbsence: String? {
        if !FileManager.default.fileExists(atPath: Self.script) {
            return "'\(Self.script)' is not here: start herald-bench in the project's folder"
        }
        if !FileManager.default.isExecutableFile(atPath: python) { return "there is no '\(python)': make bench-peers" }
        do {
            _ = try MeasuredProcess.output([python, "-c", "import pandas, sklearn, xgboost"], log: "\(folder)/peer.log")
            return nil
        } catch {
            return "\(error)"
        }
    }

    // MARK: Honesty

    /// Requires both matrices to be the same, but for the last digits.
    private mutating func compareFeatures() throws {
        let rows = "\(folder)/rows.csv"
        _ = try MeasuredProcess.output(
            [herald, "models", "rows", "\(folder)/herald/v", data, "--part", Self.comparedPart, "--output", rows, "--progress", "plain"],
            log: "\(folder)/rows.log")
        let output = try MeasuredProcess.output(
            [python, Self.script, "compare", data, rows, Self.comparedPart], log: "\(folder)/compare.log")
        let last = output.split(separator: 0x0A).last.flatMap { try? JSONSerialization.jsonObject(with: $0) }
        guard let answer = last as? [String: Any], let rowCount = answer["rows"] as? Int, let columns = answer["columns"] as? Int,
            let differing = answer["differing"] as? Int, let largest = answer["largest"] as? Double
        else { throw BenchmarkError("'\(Self.script) compare' tells nothing") }
        report.print(
            """
            features of \(rowCount) \(Self.comparedPart) rows in \(columns) columns: \(differing) values differ by more than 1e-5 of their \
            size; largest difference \(largest)
            """)
        report.add("features.compared_rows", rowCount)
        report.add("features.columns", columns)
        report.add("features.differing", differing)
        report.add("features.largest_difference", largest)
        guard differing == 0 else {
            throw BenchmarkError("the two sides do not train on the same features: \(answer["worst"] ?? "")")
        }
    }

    private mutating func tellQuality(of contender: TrainingContender) throws {
        let quality = try contender.manifest(in: folder)
        let losses = quality.baselineLosses.sorted { $0.key < $1.key }.map { "\($0.key) \(String(format: "%.5f", $0.value))" }
        report.print(
            """
            \(contender.name): \(quality.library), \(quality.trees) trees, test AUC \(String(format: "%.5f", quality.metrics["auc"] ?? .nan)), \
            log loss \(String(format: "%.5f", quality.metrics["log_loss"] ?? .nan)) (\(losses.joined(separator: ", ")))
            """)
        report.add("\(contender.name).library", quality.library)
        report.add("\(contender.name).trees", quality.trees)
        for metric in ["auc", "log_loss"] { report.add("\(contender.name).\(metric)", quality.metrics[metric] ?? .nan) }
        for (name, loss) in quality.baselineLosses.sorted(by: { $0.key < $1.key }) {
            report.add("\(contender.name).\(name).log_loss", loss)
        }
    }

    // MARK: Figures

    private mutating func tell(_ contenders: [TrainingContender]) {
        var table = TextTable(
            ["seconds"] + contenders.map(\.name) + (contenders.count == 2 ? ["ratio"] : []) + contenders.map { "\($0.name) CPU" }
                + (contenders.count == 2 ? ["ratio"] : []))
        for stage in TrainingStage.allCases {
            let title = stage.isShared ? stage.rawValue : "(\(stage.rawValue))"
            table.add(row(title, stage.rawValue, contenders.map { $0.costs(of: [stage]) }, contenders))
        }
        let shared = TrainingStage.allCases.filter(\.isShared)
        table.add(row("stages of both", "shared", contenders.map { $0.costs(of: shared) }, contenders))
        table.add(row("everything", "total", contenders.map(\.totals), contenders))
        report.print("\n" + table.text)
        for contender in contenders {
            let costs = contender.costs(of: shared)
            report.print(
                """
                \(contender.name): stages of both \(Self.range(costs.map(\.wall))) s, of CPU \(Self.range(costs.map(\.cpu))) s; \
                peak memory \(Report.short(contender.peakBytes / 1e6)) MB
                """)
            report.add("\(contender.name).peak_mb", contender.peakBytes / 1e6)
        }
        guard contenders.count == 2, let wall = report.value("shared.wall_ratio"), let cpu = report.value("shared.cpu_ratio") else {
            return
        }
        let memory = contenders[0].peakBytes / contenders[1].peakBytes
        report.add("peak_ratio", memory)
        report.add("target_ratio", Self.target)
        report.print(
            """
            Herald's time is \(Report.short(wall)) of the peer's, of CPU \(Report.short(cpu)) (target: at most \(Self.target)); \
            its memory is \(Report.short(memory)) of the peer's
            """)
    }

    /// One line of the table; the ratios are medians of the rounds' ratios.
    private mutating func row(
        _ title: String, _ name: String, _ costs: [[MeasuredProcess.Cost]], _ contenders: [TrainingContender]
    ) -> [String] {
        var cells = [title]
        for (kind, value) in [("wall", \MeasuredProcess.Cost.wall), ("cpu", \MeasuredProcess.Cost.cpu)] {
            for (contender, costs) in zip(contenders, costs) {
                let values = costs.map { $0[keyPath: value] }
                let median = Turns.median(values)
                cells.append(median > 0 ? String(format: "%.2f", median) : "-")
                report.add("\(contender.name).\(name).\(kind)_s", median)
                report.add("\(contender.name).\(name).\(kind)_min_s", values.min() ?? .nan)
                report.add("\(contender.name).\(name).\(kind)_max_s", values.max() ?? .nan)
            }
            guard costs.count == 2 else { continue }
            let ratio = Turns.median(zip(costs[0], costs[1]).map { $0[keyPath: value] / $1[keyPath: value] })
            cells.append(Report.short(ratio))
            report.add("\(name).\(kind)_ratio", ratio)
        }
        return cells
    }

    private static func range(_ values: [Double]) -> String {
        String(format: "%.2f (%.2f–%.2f)", Turns.median(values), values.min() ?? .nan, values.max() ?? .nan)
    }
}
