package import Scoring
package import Store

/// A version in the list of models, as clients get it.
package struct ModelSummary: Encodable, Sendable {
    private let version: String
    private let aliases: [String]
    private let createdAt: String?
    private let parent: String?
    private let metrics: [String: MetricFigure]
    private let data: DataRange?
    private let bytes: Int?
    private let places: [String]
    private let problem: String?

    /// What was learnt from.
    private struct DataRange: Encodable {
        let source: String
        let rows: Int
        let from: String
        let to: String
    }

    /// - Parameter manifest: `nil` where it cannot be read.
    package init(_ entry: Registry.Entry, manifest: Manifest?, problem: String?) {
        version = entry.version
        aliases = entry.aliases.map(\.rawValue)
        createdAt = entry.createdAt?.rfc3339
        parent = entry.parentVersion
        metrics = entry.metrics.mapValues(MetricFigure.init)
        data = manifest.map {
            DataRange(
                source: $0.data.source.withoutFolders, rows: $0.data.rowCount, from: $0.data.from.rfc3339, to: $0.data.to.rfc3339)
        }
        bytes = manifest.map { $0.files.reduce(0) { $0 + $1.bytes } }
        places = (entry.isInDatabase ? ["mongodb"] : []) + (entry.isOnDisk ? ["disk"] : [])
        self.problem = problem
    }

    private enum CodingKeys: String, CodingKey {
        case version
        case aliases
        case createdAt = "created_at"
        case parent
        case metrics
        case data
        case bytes
        case places
        case problem
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(version, forKey: .version)
        try container.encode(aliases, forKey: .aliases)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(parent, forKey: .parent)
        try container.encode(metrics, forKey: .metrics)
        try container.encode(data, forKey: .data)
        try container.encode(bytes, forKey: .bytes)
        try container.encode(places, forKey: .places)
        try container.encode(problem, forKey: .problem)
    }
}

/// A measured figure with its 95 % interval, both ends or none.
struct MetricFigure: Encodable {
    private let value: Double
    private let lower: Double?
    private let upper: Double?

    init(_ metric: Manifest.Metric) {
        value = metric.value
        lower = metric.lower
        upper = metric.upper
    }

    private enum CodingKeys: String, CodingKey {
        case value
        case lower
        case upper
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(value, forKey: .value)
        try container.encode(lower, forKey: .lower)
        try container.encode(upper, forKey: .upper)
    }
}

/// An entry of the models' history, as clients get it.
package struct ModelHistoryEntry: Encodable, Sendable {
    private let at: String
    private let by: String
    private let kind: String
    private let alias: String?
    private let from: String?
    private let to: String
    private let reason: String
    private let isForced: Bool

    package init(_ event: ModelEvent) {
        at = event.at.rfc3339
        by = event.by
        kind = event.kind.rawValue
        alias = event.place?.alias.rawValue
        from = event.from
        to = event.to
        reason = event.reason
        isForced = event.isForced
    }

    private enum CodingKeys: String, CodingKey {
        case at
        case by
        case kind
        case alias
        case from
        case to
        case reason
        case isForced = "forced"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(at, forKey: .at)
        try container.encode(by, forKey: .by)
        try container.encode(kind, forKey: .kind)
        try container.encode(alias, forKey: .alias)
        try container.encode(from, forKey: .from)
        try container.encode(to, forKey: .to)
        try container.encode(reason, forKey: .reason)
        try container.encode(isForced, forKey: .isForced)
    }
}

extension String {
    /// A list of paths without the folders, which are nobody's business elsewhere.
    var withoutFolders: String {
        split(separator: " ").map { $0.split(separator: "/").last.map(String.init) ?? String($0) }.joined(separator: " ")
    }
}
