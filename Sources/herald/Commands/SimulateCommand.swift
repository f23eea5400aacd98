import ArgumentParser
import World

/// `herald simulate`: the synthetic world.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "The synthetic world: data set, traffic, delivery providers, policies.",
        subcommands: [
            SimulateDatasetCommand.self, SimulateTrafficCommand.self, SimulateProvidersCommand.self, SimulatePoliciesCommand.self,
        ])
}

/// Which world to run in.
///
/// Traffic and providers agree without talking when they are given the same options.
struct WorldOptions: ParsableArguments {
    @Option(help: "Seed of the world; the same seed gives the same world.")
    var seed: UInt64 = 1

    @Option(help: "What happens in the world: \(Scenario.allCases.map(\.rawValue).joined(separator: ", ")).")
    var scenario = Scenario.default
}

extension Scenario: ExpressibleByArgument {}
