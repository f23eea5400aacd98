import ArgumentParser
import Forest
import Foundation

/// `herald models`: what can be done with model files.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Model files and artifacts.", subcommands: [ModelsScoreCommand.self])
}

/// `herald models score`: margins and probabilities for a table, with any model file.
struct ModelsScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Print a raw margin and a probability, tab between, for each row of a table.",
        discussion: "The figures are printed with nine digits (%.9g): enough to tell any two floats apart.")

    @Argument(help: "XGBoost model, JSON or UBJSON.")
    var file: String

    @Argument(help: "CSV without a header, one column for each feature; empty or nan = missing.")
    var table: String

    func run() throws {
        let forest = try Forest(xgboost: try Self.contents(of: file))
        let rows = try FeatureTable(csv: try Self.contents(of: table), columns: forest.featureCount, name: table)
        var margins = [Float](repeating: 0, count: rows.count)
        var output = margins.mutableSpan
        forest.margins(of: rows.values.span, into: &output)
        var text = ""
        for margin in margins {
            text += String(format: "%.9g\t%.9g\n", Double(margin), Double(forest.probability(margin: margin)))
        }
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    private static func contents(of path: String) throws -> [UInt8] {
        guard let bytes = FileManager.default.contents(atPath: path) else { throw ConfigurationError("cannot read '\(path)'") }
        return [UInt8](bytes)
    }
}
