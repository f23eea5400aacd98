import ArgumentParser
import Foundation
import Scoring
import Store

/// `herald models inspect`: everything there is to know of a version.
struct ModelsInspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show a version's manifest, check its files wherever they are, and tell its history; exit code 1 if a copy is broken.")

    @Argument(help: "The version.")
    var version: String

    @OptionGroup var registry: RegistryOptions

    @Flag(help: "A JSON object instead of text.")
    var json = false

    func run() async throws {
        let inspection = try await registry.read { [version] in try $0.inspect(version) }
        print(json ? try JSONText(Fields(inspection)).text : Self.text(inspection))
        if inspection.copies.contains(where: { $0.problem != nil }) { throw ExitCode(1) }
    }

    private static func text(_ inspection: Registry.Inspection) -> String {
        var lines = ["model \(inspection.version)" + inspection.aliases.map { ", \($0.rawValue)" }.joined()]
        if let manifest = inspection.manifest { lines += text(manifest) }
        for copy in inspection.copies {
            lines.append("copy in \(copy.place): \(copy.problem.map { "BROKEN: \($0)" } ?? "every file is as the manifest says")")
            lines += copy.files.map { "  \($0.name), \($0.bytes) bytes, SHA-256 \($0.sha256.prefix(16))…" }
        }
        lines.append("history\(inspection.events.isEmpty ? ": none" : "")")
        lines += inspection.events.map { event in
            let forced = event.isForced ? ", forced" : ""
            return
                "  \(event.at.rfc3339)  \(event.kind.rawValue) by \(event.by): \(event.from ?? "none") → \(event.to)\(forced): \(event.reason)"
        }
        return lines.joined(separator: "\n")
    }

    private static func text(_ manifest: Manifest) -> [String] {
        let data = manifest.data
        return [
            "created \(manifest.createdAt.rfc3339), to replace \(manifest.parentVersion ?? "none")",
            "data \(data.source), \(data.rowCount) rows from \(data.from.rfc3339) to \(data.to.rfc3339), SHA-256 \(data.sha256.prefix(16))…",
            "schema \(manifest.schema.fingerprint.prefix(16))…, \(manifest.schema.featureCount) features",
            "metrics",
        ] + manifest.metrics.sorted { $0.key < $1.key }.map { "  \($0.key): \(PromotionReview.text($0.value))" }
    }

    private struct Fields: Encodable {
        struct Copy: Encodable {
            var place: String
            var problem: String?
            var files: [Manifest.File]
        }

        struct Event: Encodable {
            var at: Timestamp
            var by: String
            var kind: String
            var alias: ModelAlias?
            var from: String?
            var to: String
            var reason: String
            var forced: Bool
        }

        var version: String
        var aliases: [ModelAlias]
        var createdAt: Timestamp?
        var parentVersion: String?
        var schema: String?
        var metrics: [String: Manifest.Metric]
        var baselines: [String: [String: Manifest.Metric]]
        var data: Manifest.TrainingData?
        var copies: [Copy]
        var events: [Event]

        init(_ inspection: Registry.Inspection) {
            let manifest = inspection.manifest
            version = inspection.version
            aliases = inspection.aliases
            createdAt = manifest?.createdAt
            parentVersion = manifest?.parentVersion
            schema = manifest?.schema.fingerprint
            metrics = manifest?.metrics ?? [:]
            baselines = manifest?.baselines ?? [:]
            data = manifest?.data
            copies = inspection.copies.map { Copy(place: $0.place, problem: $0.problem, files: $0.files) }
            events = inspection.events.map { event in
                Event(
                    at: event.at, by: event.by, kind: event.kind.rawValue, alias: event.place?.alias, from: event.from, to: event.to,
                    reason: event.reason, forced: event.isForced)
            }
        }
    }
}
