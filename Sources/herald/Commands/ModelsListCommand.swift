import ArgumentParser
import Foundation
import Scoring
import Store

/// `herald models list`: every version, where it is, and how good.
struct ModelsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the versions on disk and in MongoDB, with their figures and aliases.")

    @OptionGroup var registry: RegistryOptions

    @Flag(help: "A JSON array instead of a table.")
    var json = false

    func run() async throws {
        let entries = try await registry.read { try $0.entries() }
        print(json ? try JSONText(entries.map(Row.init)).text : Self.table(entries))
    }

    private static func table(_ entries: [Registry.Entry]) -> String {
        guard !entries.isEmpty else { return "no models: `herald train` makes one" }
        let rows =
            [["VERSION", "ALIAS", "CREATED", "LOG LOSS [NATS]", "AUC", "IN"]]
            + entries.map { entry in
                [
                    entry.version, entry.aliases.map(\.rawValue).joined(separator: ","), entry.createdAt?.rfc3339 ?? "?",
                    entry.metrics["log_loss"].map(PromotionReview.text) ?? "?", entry.metrics["auc"].map(PromotionReview.text) ?? "?",
                    [entry.isOnDisk ? "disk" : nil, entry.isInDatabase ? "mongodb" : nil].compactMap(\.self).joined(separator: ",")
                        + (entry.problem.map { "  BROKEN: \($0)" } ?? ""),
                ]
            }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0.padding(toLength: max($1, $0.count), withPad: " ", startingAt: 0) }.joined(separator: "  ")
                .replacing(#/ +$/#, with: "")
        }.joined(separator: "\n")
    }

    private struct Row: Encodable {
        var version: String
        var aliases: [ModelAlias]
        var createdAt: Timestamp?
        var parentVersion: String?
        var metrics: [String: Manifest.Metric]
        var onDisk: Bool
        var inMongodb: Bool
        var problem: String?

        init(_ entry: Registry.Entry) {
            version = entry.version
            aliases = entry.aliases
            createdAt = entry.createdAt
            parentVersion = entry.parentVersion
            metrics = entry.metrics
            onDisk = entry.isOnDisk
            inMongodb = entry.isInDatabase
            problem = entry.problem
        }
    }
}
