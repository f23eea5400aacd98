import ArgumentParser

/// The command line; one file for each subcommand in `Commands`.
@main
struct Herald: AsyncParsableCommand {
    /// Of this build.
    static let version = "0.6.0"

    static let configuration = CommandConfiguration(
        commandName: "herald",
        abstract: "Decides when, through whom and how urgently to deliver a notification.",
        version: version,
        subcommands: [
            ScoreCommand.self, ServeCommand.self, TokenCommand.self, TrainCommand.self, ModelsCommand.self, ExportCommand.self,
            ReplayCommand.self, EvaluateCommand.self, SimulateCommand.self, TopologyCommand.self, DoctorCommand.self,
            ConfigCommand.self, DemoCommand.self,
        ])
}
