import ArgumentParser
import Broker
import Foundation
import Scoring
import World

/// `herald demo`: the whole line, live.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run scorer, traffic, delivery workers and dashboard together; exit code 1 if a message is unaccounted for.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var world: WorldOptions

    @Option(help: "Stop after so many seconds (default: on Ctrl-C).")
    var duration: Double?

    @Option(help: "New notifications a second.")
    var rate = 2000.0

    @Option(help: "Simulated seconds in a real one, 1 to 3600; above 1 the demo uses queues of its own.")
    var speed = 1

    @Option(help: "Share of messages that are malformed, 0 to 1.")
    var malformed = 0.002

    @Option(help: "Folder for the logs of the processes.")
    var logs = ".local/demo"

    func validate() throws {
        guard (duration ?? 1).isWithinAMonth else { throw ValidationError("--duration must be above 0 and at most 2 678 400 s") }
        guard (1...3600).contains(speed) else { throw ValidationError("--speed must be 1 to 3600") }
        guard rate > 0, rate <= 1_000_000 else { throw ValidationError("--rate must be above 0 and at most 1 000 000") }
        guard (0...1).contains(malformed) else { throw ValidationError("--malformed must be 0 to 1") }
    }

    func run() async throws {
        var options = options
        if speed > 1 { options.assignments = Self.assignments(speed: speed) + options.assignments }
        let configuration = try await options.load()
        let stop = await StopSignal()
        try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
        try await BlockingWork.run { [self, flags = options.flags] in
            let demo = try Demo(configuration, logFolder: logs)
            let balance = try demo.run(
                flags: flags,
                worldFlags: ["--seed", "\(world.seed)", "--scenario", world.scenario.rawValue, "--rate", "\(rate)"], malformed: malformed,
                duration: duration.map { .seconds($0) }, stop: stop)
            print(demo.summary(of: balance))
            guard balance.isBalanced else { throw ExitCode(1) }
        }
    }

    /// The keys that let all processes go by one fast clock.
    ///
    /// Faster retry queues are other queues, so their names differ too.
    private static func assignments(speed: Int) -> [String] {
        [
            "simulation.speed=\(speed)", "simulation.origin=\(Timestamp.now.rfc3339)", "rabbitmq.queue-prefix=herald-x\(speed)",
            "mongodb.database=herald-x\(speed)",
        ]
    }
}
