import ArgumentParser
import Broker
import Streaming

/// `herald topology`: the queues and exchanges.
struct TopologyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topology", abstract: "Exchanges and queues: declare, check, show.",
        subcommands: [TopologyDeclareCommand.self, TopologyCheckCommand.self, TopologyShowCommand.self])
}

/// `herald topology declare`.
struct TopologyDeclareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "declare", abstract: "Create what is missing; what exists stays as it is.")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try await options.load()
        let topology = try configuration.streaming().topology
        try await BlockingWork.run {
            let admin = try BrokerAdmin(configuration.brokerURL())
            try admin.declare(topology)
            try admin.close()
        }
        print("\(topology.queues.count) queues and \(topology.exchanges.count) exchange are there")
    }
}

/// `herald topology check`.
struct TopologyCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Compare the broker with what Herald needs; exit code 1 if something is missing or different.")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try await options.load()
        let topology = try configuration.streaming().topology
        let problems = try await BlockingWork.run {
            let admin = try BrokerAdmin(configuration.brokerURL())
            let problems = try admin.check(topology)
            try admin.close()
            return problems
        }
        for problem in problems { print("\(problem.name): \(problem)") }
        guard problems.isEmpty else { throw ExitCode(1) }
        print("all \(topology.queues.count) queues and \(topology.exchanges.count) exchange are as they should be;")
        print("bindings cannot be asked for: `herald topology declare` makes sure of them")
    }
}

/// `herald topology show`.
struct TopologyShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "List queues with their arguments, exchanges and bindings; needs no broker.")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let topology = try await options.load().streaming().topology
        for queue in topology.queues {
            print("queue \(queue.name)")
            for argument in queue.arguments { print("    \(argument.name): \(argument.value)") }
        }
        for exchange in topology.exchanges { print("exchange \(exchange) (fanout)") }
        for binding in topology.bindings { print("binding \(binding.exchange) → \(binding.queue)") }
    }
}
