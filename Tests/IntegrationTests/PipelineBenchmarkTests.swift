import Foundation
import Testing

extension WholeLine {
    /// `herald-bench pipeline`.
    @Suite struct PipelineBenchmarkTests {
        @Test("A short run measures relay, shovel and scorer, writes every figure, and leaves no queue behind")
        func shortRun() throws {
            try Line.run("bench", declared: false) { line in
                let program = try Herald.path.replacing(/herald$/, with: "herald-bench")
                let json = "\(line.folder)/bench.json"
                var environment = try Herald.environment.merging([
                    "RABBITMQ_URL": Servers.brokerURL(), "MONGODB_URL": Servers.databaseURL(),
                ]) { $1 }
                for name in ["HERALD_RABBITMQCTL", "HERALD_RABBITMQ_PID_FILE", "HERALD_MONGODB_PID_FILE"] {
                    environment[name] = ProcessInfo.processInfo.environment[name]
                }
                var contenders = ["relay", "herald_1", "herald_12", "herald_36"]
                if environment["HERALD_RABBITMQCTL"] != nil { contenders.append("shovel") }
                let run = try Command(
                    program,
                    [
                        "pipeline", "--model", Herald.champion, "--jobs", "6000", "--rounds", "1", "--latency-seconds", "1", "--json", json,
                        "--only", contenders.joined(separator: ","),
                    ], environment: environment
                ).run(within: .seconds(180))
                try #require(run.exitCode == 0, "\(run.standardError)\(run.standardOutput)")
                let data = try Data(contentsOf: URL(fileURLWithPath: json))
                let figures = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
                func figure(_ name: String) -> Double { figures["pipeline.\(name)"] as? Double ?? .nan }
                for contender in contenders { #expect(figure("\(contender).jobs_per_s") > 100, "\(contender)") }
                #expect(figure("herald_12.worker_cpu_us") > 1)
                #expect(figure("herald_12.worker_cpu_us") > figure("relay.worker_cpu_us"))
                #expect(figure("herald_12.peak_mb") > 1)
                #expect(figure("ratio.herald_12_to_relay") < 1)
                for load in ["floor", "half"] {
                    let (median, high) = (figure("herald_12.\(load).p50_ms"), figure("herald_12.\(load).p99_ms"))
                    #expect(0 < median && median <= high)
                }
            }
        }
    }
}
