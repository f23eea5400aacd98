import ArgumentParser

/// The flag that lets a simulation run faster than time.
struct SpeedOptions: ParsableArguments {
    @Option(help: "Simulated seconds in a real one, 1 to 3600 (simulation.speed); above 1 on queues of their own, as `herald-x60`.")
    var speed: Int?

    func validate() throws {
        guard (1...3600).contains(speed ?? 1) else { throw ValidationError("--speed must be 1 to 3600") }
    }

    /// The keys of the configuration that follow from the flag; those the user set stand.
    func settings(beside assignments: [String]) -> [String: String] {
        guard let speed else { return [:] }
        guard speed > 1, !assignments.contains(where: { $0.hasPrefix("rabbitmq.queue-prefix=") }) else {
            return ["simulation.speed": "\(speed)"]
        }
        // Faster retry queues are other queues, so their names differ too.
        return ["simulation.speed": "\(speed)", "rabbitmq.queue-prefix": "herald-x\(speed)"]
    }
}
