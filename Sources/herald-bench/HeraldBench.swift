import ArgumentParser

/// The benchmarks' command line; one subcommand for each subject.
@main
struct HeraldBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "herald-bench",
        abstract: "Measures parts of Herald against others, in one run, in turns.",
        subcommands: [
            ForestCommand.self, PipelineCommand.self, PolicyCommand.self, PredictCommand.self, PredictServerCommand.self, RelayCommand.self,
            TrainingCommand.self,
        ])
}
