import ArgumentParser

/// The command line; one file for each subcommand in `Commands`.
@main
struct Herald: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "herald",
        abstract: "Decides when, through whom and how urgently to deliver a notification.",
        subcommands: [
            ScoreCommand.self, TrainCommand.self, ModelsCommand.self, ExportCommand.self, ReplayCommand.self,
            EvaluateCommand.self, SimulateCommand.self, TopologyCommand.self, DoctorCommand.self, ConfigCommand.self, DemoCommand.self,
        ])
}
