import ArgumentParser
import Foundation

/// `herald-bench predict`: what a prediction over HTTP costs.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Requests a second and latency of /predict against the same server's route that only decodes, and against FastAPI.",
        discussion: """
            Loopback, wrk with one thread, as many requests as its connections get answered; the contenders take turns; medians of the \
            rounds. 'predict' is the whole decision on a job of twelve actions: decode, features, score, decide, explain, answer; 'log' adds \
            the record in MongoDB (--mongodb-url). 'bare' decodes the same JSON with Codable in the same server. 'fastapi' is uvicorn with \
            a plain prediction of xgboost, of what `make bench-peers` installs.
            """)

    @Option(help: "Folder of the model.")
    var model = "models/champion"

    @Option(help: "Rounds that a median is taken of.")
    var rounds = 5

    @Option(help: "Seconds of each measurement.")
    var seconds = 4

    @Option(help: "Connections at a time.")
    var connections = 16

    @Option(help: "Database for the contender that logs; without it there is none.")
    var mongodbURL: String?

    @Option(help: "Folder with the peers.")
    var peers = ".local/bench-peers"

    @Option(help: "File for the figures, as one flat JSON object.")
    var json: String?

    func validate() throws {
        guard (1...100).contains(rounds) else { throw ValidationError("--rounds must be from 1 to 100") }
        guard (1...60).contains(seconds) else { throw ValidationError("--seconds must be from 1 to 60") }
        guard (1...1000).contains(connections) else { throw ValidationError("--connections must be from 1 to 1000") }
    }

    /// A route under load.
    private struct Contender {
        var name: String
        var server: ServerProcess
        var path: String
        var script: String
        /// Jobs of a request.
        var jobs = 1
    }

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "herald-bench-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var report = Report()
        let contenders = try contenders(in: folder, &report)
        var runs = [[LoadRun]](repeating: [], count: contenders.count)
        var cpu = [[Double]](repeating: [], count: contenders.count)
        for round in 0...rounds {
            for turn in contenders.indices {
                let index = (turn + round) % contenders.count
                let contender = contenders[index]
                let before = contender.server.cpuSeconds
                let run = try LoadRun(
                    port: contender.server.port, path: contender.path, script: contender.script, connections: connections,
                    seconds: round == 0 ? 1 : seconds)
                guard run.failures == 0 else { throw BenchmarkError("\(contender.name): \(run.failures) requests failed") }
                // The first round warms up.
                guard round > 0 else { continue }
                runs[index].append(run)
                cpu[index].append((contender.server.cpuSeconds - before) / (run.rate * Double(seconds)) * 1e6)
            }
        }
        var table = TextTable(["", "requests/s", "p50 ms", "p99 ms", "CPU µs/request", "jobs/s"])
        for (index, contender) in contenders.enumerated() {
            let rate = Turns.median(runs[index].map(\.rate))
            let (p50, p99) = (Turns.median(runs[index].map(\.p50)), Turns.median(runs[index].map(\.p99)))
            let cost = Turns.median(cpu[index])
            report.add("predict.\(contender.name).requests_per_s", rate)
            report.add("predict.\(contender.name).p50_ms", p50)
            report.add("predict.\(contender.name).p99_ms", p99)
            report.add("predict.\(contender.name).cpu_us", cost)
            table.add([
                contender.name, Report.short(rate), Report.short(p50), Report.short(p99), Report.short(cost),
                Report.short(rate * Double(contender.jobs)),
            ])
        }
        report.print(table.text)
        compare(&report)
        if let json { try report.figures.write(to: json) }
    }

    private func compare(_ report: inout Report) {
        func ratio(_ name: String, _ key: String, _ first: String, _ second: String) {
            guard let one = report.value("predict.\(first).\(key)"), let other = report.value("predict.\(second).\(key)") else { return }
            report.add("predict.ratio.\(name)", one / other)
            report.print("\(name): \(Report.short(one / other))")
        }
        ratio("rate_to_bare", "requests_per_s", "predict", "bare")
        ratio("p99_to_bare", "p99_ms", "predict", "bare")
        ratio("logged_rate_to_bare", "requests_per_s", "log", "bare")
        ratio("rate_to_fastapi", "requests_per_s", "predict", "fastapi")
    }

    private func contenders(in folder: String, _ report: inout Report) throws -> [Contender] {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let single = try script(Self.job(0), in: folder, name: "single")
        let batch = try script("{\"jobs\":[" + (0..<100).map(Self.job).joined(separator: ",") + "]}", in: folder, name: "batch")
        let server = try ServerProcess(own, ["predict-server", "--model", model], log: "\(folder)/server.log")
        var contenders = [
            Contender(name: "predict", server: server, path: "/predict", script: single),
            Contender(name: "bare", server: server, path: "/bare", script: single),
            Contender(name: "batch_100", server: server, path: "/predict", script: batch, jobs: 100),
        ]
        if let mongodbURL {
            let logged = try ServerProcess(
                own, ["predict-server", "--model", model, "--mongodb-url", mongodbURL], log: "\(folder)/logged.log")
            contenders.append(Contender(name: "log", server: logged, path: "/predict", script: single))
        }
        let python = "\(peers)/bin/python"
        do {
            let fastapi = try ServerProcess(
                python, ["scripts/bench/predict_peer.py", "\(model)/model.ubj", "\(model)/manifest.json"],
                environment: ["OMP_NUM_THREADS": "1"], log: "\(folder)/fastapi.log")
            contenders.append(Contender(name: "fastapi", server: fastapi, path: "/predict", script: single))
        } catch {
            report.print("fastapi is absent (make bench-peers): \(error)")
        }
        return contenders
    }

    private func script(_ body: String, in folder: String, name: String) throws -> String {
        let path = "\(folder)/\(name).lua"
        let text = "wrk.method = \"POST\"\nwrk.headers[\"Content-Type\"] = \"application/json\"\nwrk.body = [==[\(body)]==]\n"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// A job that failed some minutes ago, with twelve actions: three providers, now and the ladder's first three delays.
    private static func job(_ index: Int) -> String {
        let now = Date()
        func time(_ seconds: Double) -> String { now.addingTimeInterval(seconds).ISO8601Format() }
        return """
            {"job_id":"bench-\(index)","notification_id":"n-\(index)","channel":"email","provider":"em-a",\
            "providers":["em-a","em-b","em-c"],"recipient":"someone@example.org","recipient_country":"DE",\
            "template_type":"transactional","payload_size":2048,"created_at":"\(time(-600))","send_time":"\(time(-60))",\
            "expires_at":"\(time(840))","previous_attempts":1,"last_status":"soft_bounce","response_code":451,"latency_ms":812.5,\
            "last_attempt_at":"\(time(-300))"}
            """
    }
}
