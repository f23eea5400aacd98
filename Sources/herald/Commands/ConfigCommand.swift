import ArgumentParser

/// `herald config`: every key with what it means.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "List every configuration key with its environment variable, default and meaning.",
        discussion: "Defaults < herald.yaml (or --config FILE) < environment < flags (--set KEY=VALUE).")

    func run() {
        for key in ConfigurationKey.all {
            let range = key.range.map { " (\($0.lowerBound)–\($0.upperBound))" } ?? ""
            print("\(key.name)\(range)\n    \(key.summary)")
            print("    \(key.environmentVariable), default: \(key.defaultValue.isEmpty ? "empty" : key.defaultValue)")
        }
    }
}
