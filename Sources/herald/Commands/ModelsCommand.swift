import ArgumentParser
import Forest
import Foundation

/// `herald models`: the registry, and what can be done with model files.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "The registry of models: champion, challenger and history; and model files.",
        subcommands: [
            ModelsListCommand.self, ModelsInspectCommand.self, ModelsPromoteCommand.self, ModelsRollbackCommand.self,
            ModelsChallengeCommand.self, ModelsImportCommand.self, ModelsRegisterCommand.self, ModelsPullCommand.self,
            ModelsScoreCommand.self, ModelsRowsCommand.self,
        ])
}

/// `herald models score`: margins and probabilities for a table, with any model file.
struct ModelsScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Print a raw margin and a probability, tab between, for each row of a table.",
        discussion: """
            The digits tell any two figures apart: nine (%.9g) for XGBoost, which sums floats, seventeen (%.17g) for LightGBM, which sums \
            doubles.
            """)

    @Argument(help: "XGBoost model, JSON or UBJSON, or LightGBM model, text.")
    var file: String

    @Argument(help: "CSV without a header, one column for each feature; empty or nan = missing.")
    var table: String

    func run() throws {
        let bytes = try Self.contents(of: file)
        // A LightGBM model begins with the word "tree" on a line of its own; no JSON or UBJSON document can.
        let isLightGBM = bytes.starts(with: Array("tree".utf8))
        let forest = try isLightGBM ? Forest(lightGBM: bytes) : Forest(xgboost: bytes)
        let rows = try FeatureTable(csv: try Self.contents(of: table), columns: forest.featureCount, name: table)
        FileHandle.standardOutput.write(Data((isLightGBM ? Self.doubles(forest, rows) : Self.floats(forest, rows)).utf8))
    }

    private static func floats(_ forest: Forest, _ rows: FeatureTable) -> String {
        var margins = [Float](repeating: 0, count: rows.count)
        var output = margins.mutableSpan
        forest.margins(of: rows.values.span, into: &output)
        return margins.map { String(format: "%.9g\t%.9g\n", Double($0), Double(forest.probability(margin: $0))) }.joined()
    }

    private static func doubles(_ forest: Forest, _ rows: FeatureTable) -> String {
        var margins = [Double](repeating: 0, count: rows.count)
        var output = margins.mutableSpan
        forest.margins(of: rows.values.span, into: &output)
        return margins.map { String(format: "%.17g\t%.17g\n", $0, forest.prediction(margin: $0)) }.joined()
    }

    private static func contents(of path: String) throws -> [UInt8] {
        guard let bytes = FileManager.default.contents(atPath: path) else { throw ConfigurationError("cannot read '\(path)'") }
        return [UInt8](bytes)
    }
}
