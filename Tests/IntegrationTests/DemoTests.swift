import Broker
import Scoring
import Store
import Testing

extension WholeLine {
    /// Traffic, scorer and workers together.
    @Suite struct DemoTests {
        @Test("The demo's books balance after a few seconds, and it says so")
        func balance() throws {
            try Line.run("demo", ladder: ["15s", "1m", "5m"]) { line in
                let model = try TrainedModel.shared()
                let demo = try line.command(
                    "demo", "--duration", "5", "--rate", "500", "--malformed", "0.01", settings: ["scoring.model=\(model.path)"]
                ).run(within: .seconds(90))
                #expect(demo.exitCode == 0, "\(demo.text)")
                #expect(!demo.standardOutput.contains("UNACCOUNTED"))
                // What it says against what the servers say, which it has not counted itself.
                let balance = try #require(demo.standardOutput.split(separator: "\n").first { $0.hasPrefix("published ") })
                let numbers = balance.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
                #expect(numbers.count == 6)
                #expect(numbers[0] >= 5 * 500 / 2, "\(balance)")
                let logged = try line.database.counts(since: Timestamp(milliseconds: 0))
                #expect(numbers[1] == logged.filter { $0.kind == .dispatch }.reduce(0) { $0 + $1.count })
                #expect(try line.depth(of: [line.names.undeliverable]) == numbers[3])
                #expect(try line.depth(of: [line.names.quarantine]) == numbers[4])
                #expect(numbers[4] > 0, "every hundredth message is cut")
                #expect(try line.database.exactCount(of: .outcomes) > 0)
            }
        }
    }
}
