package import Hummingbird
internal import NIOCore
package import Scoring
internal import Store

/// The models' life: what there is, with its report and history; promotions and rollbacks.
///
/// Changes go through the registry, so they follow the same rules as `herald models promote` and `rollback`; scorers notice by themselves.
package struct ModelsRoute {
    private static let limits = 1...500
    private static let defaultLimit = 100
    private static let historyLimit = 500
    private static let reportName = "report.html"
    /// The report is one file with its style in it and no script.
    private static let reportPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; sandbox; frame-ancestors 'self'"

    private let catalogue: ModelCatalogue
    private let pool: BlockingPool
    private let now: @Sendable () -> Timestamp

    /// - Parameter now: the wall clock, for the history.
    package init(_ catalogue: ModelCatalogue, pool: BlockingPool, now: @escaping @Sendable () -> Timestamp) {
        self.catalogue = catalogue
        self.pool = pool
        self.now = now
    }

    package func add(to router: some RouterMethods<SidecarContext>) {
        router.group().add(middleware: RoleMiddleware(.read))
            .get("models", use: list)
            .get("models/{version}", use: one)
            .get("models/{version}/report", use: report)
        router.group().add(middleware: RoleMiddleware(.admin))
            .post("models/{version}/promote", use: promote)
            .post("models/rollback", use: rollBack)
    }

    // MARK: Looking

    private struct Versions: Encodable {
        let models: [ModelSummary]
    }

    @Sendable private func list(_ request: Request, _ context: SidecarContext) async throws -> Response {
        let limit = try Query(request, allowing: ["limit"]).integer("limit", in: Self.limits) ?? Self.defaultLimit
        let models = try await inRegistry { catalogue in try catalogue.versions(limit: limit) }
        return try JSONAnswer<Versions>.response(Versions(models: models))
    }

    private struct Version: Encodable {
        let version: String
        let aliases: [String]
        let bytes: Int
        let manifest: Manifest
        let history: [ModelHistoryEntry]
    }

    @Sendable private func one(_ request: Request, _ context: SidecarContext) async throws -> Response {
        _ = try Query(request, allowing: [])
        let version = try context.parameters.require("version")
        let answer = try await inRegistry { catalogue in
            var manifest = try catalogue.registry.manifest(of: version).manifest
            manifest.data.source = manifest.data.source.withoutFolders
            let aliases = try catalogue.registry.aliases().filter { $0.value == version }.map(\.key.rawValue).sorted()
            let history = try catalogue.registry.events(of: version, limit: Self.historyLimit).map(ModelHistoryEntry.init)
            return Version(
                version: version, aliases: aliases, bytes: manifest.files.reduce(0) { $0 + $1.bytes }, manifest: manifest, history: history)
        }
        return try JSONAnswer<Version>.response(answer)
    }

    @Sendable private func report(_ request: Request, _ context: SidecarContext) async throws -> Response {
        _ = try Query(request, allowing: [])
        let version = try context.parameters.require("version")
        let page = try await inRegistry { catalogue in try catalogue.registry.file(Self.reportName, of: version) }
        guard let page else { throw Problem(.notFound, "the model \(version) has no report") }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .contentSecurityPolicy: Self.reportPolicy, .xContentTypeOptions: "nosniff",
                .cacheControl: "private, max-age=3600",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: page)))
    }

    // MARK: Changing

    private struct Promotion: Decodable {
        var reason: String?
        var force: Bool?
    }

    private struct Rollback: Decodable {
        var reason: String?
    }

    /// What a change came to.
    private struct Change: Encodable {
        let version: String
        let event: ModelHistoryEntry
        let finding: String?
        let notes: [String]

        init(_ change: Registry.Change) {
            version = change.event.to
            event = ModelHistoryEntry(change.event)
            finding = change.review?.finding
            notes = change.notes
        }

        private enum CodingKeys: String, CodingKey {
            case version
            case event
            case finding
            case notes
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(version, forKey: .version)
            try container.encode(event, forKey: .event)
            try container.encode(finding, forKey: .finding)
            try container.encode(notes, forKey: .notes)
        }
    }

    @Sendable private func promote(_ request: Request, _ context: SidecarContext) async throws -> Response {
        _ = try Query(request, allowing: [])
        let version = try context.parameters.require("version")
        let body = try await JSONBody.read(Promotion.self, request, members: ["reason", "force"])
        let order = try order(context, body?.reason, isForced: body?.force ?? false)
        let change = try await inRegistry { catalogue in try catalogue.registry.promote(version, order) }
        return try JSONAnswer<Change>.response(Change(change))
    }

    @Sendable private func rollBack(_ request: Request, _ context: SidecarContext) async throws -> Response {
        _ = try Query(request, allowing: [])
        let body = try await JSONBody.read(Rollback.self, request, members: ["reason"])
        let order = try order(context, body?.reason, isForced: false)
        let change = try await inRegistry { catalogue in try catalogue.registry.rollBack(order) }
        return try JSONAnswer<Change>.response(Change(change))
    }

    /// In the caller's name.
    private func order(_ context: SidecarContext, _ reason: String?, isForced: Bool) throws(Problem) -> Registry.Order {
        guard reason.map({ (1...2000).contains($0.unicodeScalars.count) && !$0.utf8.contains(0) }) ?? true else {
            throw Problem(.invalidBody, "reason must have 1 to 2000 characters and no NUL", field: "reason")
        }
        return Registry.Order(by: context.caller.name, at: now(), reason: reason, isForced: isForced)
    }

    private func inRegistry<Value: Sendable>(_ body: @escaping @Sendable (ModelCatalogue) throws -> Value) async throws -> Value {
        try await pool.run(within: .seconds(30)) { [catalogue] in try Problem.ofRegistry { try body(catalogue) } }
    }
}
