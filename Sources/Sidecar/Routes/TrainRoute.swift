package import Hummingbird
internal import Scoring
internal import Store

/// `/train`: orders a training run, tells where it is, stops it.
package struct TrainRoute {
    private static let limits = 1...100
    private static let defaultLimit = 20

    private let desk: TrainingDesk

    package init(_ desk: TrainingDesk) {
        self.desk = desk
    }

    package func add(to router: some RouterMethods<SidecarContext>) {
        router.group().add(middleware: RoleMiddleware(.train))
            .post("train", use: start)
            .delete("train/{run}", use: cancel)
        router.group().add(middleware: RoleMiddleware(.read))
            .get("train", use: list)
            .get("train/{run}", use: one)
    }

    private struct Accepted: Encodable {
        let run: String
    }

    @Sendable private func start(_ request: Request, _ context: SidecarContext) async throws -> Response {
        _ = try Query(request, allowing: [])
        guard let body = try await JSONBody.read(TrainingRequest.Body.self, request, members: TrainingRequest.members) else {
            throw Problem(.invalidBody, "send a JSON object, such as {\"from\": \"mongodb\"}", field: "from")
        }
        let run = try await desk.start(TrainingRequest(body), by: context.caller.name)
        var response = try JSONAnswer<Accepted>.response(Accepted(run: run.id), status: .accepted)
        response.headers[.location] = "/train/\(run.id)"
        return response
    }

    private struct Runs: Encodable {
        let runs: [TrainingRunEntry]
    }

    @Sendable private func list(_ request: Request, _ context: SidecarContext) async throws -> Response {
        let limit = try Query(request, allowing: ["limit"]).integer("limit", in: Self.limits) ?? Self.defaultLimit
        let runs = try await desk.recent(limit: limit)
        return try JSONAnswer<Runs>.response(Runs(runs: runs.map { TrainingRunEntry($0, withLog: false) }))
    }

    @Sendable private func one(_ request: Request, _ context: SidecarContext) async throws -> Response {
        let id = try id(request, context)
        guard let run = try await desk.run(id) else { throw Problem(.notFound, "there is no training run \(id)") }
        return try JSONAnswer<TrainingRunEntry>.response(TrainingRunEntry(run, withLog: true))
    }

    @Sendable private func cancel(_ request: Request, _ context: SidecarContext) async throws -> Response {
        let run = try await desk.cancel(id(request, context))
        return try JSONAnswer<TrainingRunEntry>.response(TrainingRunEntry(run, withLog: true))
    }

    private func id(_ request: Request, _ context: SidecarContext) throws -> String {
        _ = try Query(request, allowing: [])
        let id = try context.parameters.require("run")
        let isName = id.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        guard (1...128).contains(id.utf8.count), isName else {
            throw Problem(.invalidParameter, "run must have 1 to 128 letters, digits, '.', '_' and '-'", field: "run")
        }
        return id
    }
}

/// A training run, as clients get it.
struct TrainingRunEntry: Encodable {
    private struct Progress: Encodable {
        let phase: String
        let percent: Double
        /// Rows read, trials made, trees grown, resamples drawn or per cent, by the phase.
        let done: Int
    }

    private let run: String
    private let by: String
    private let source: String
    private let state: String
    private let startedAt: String
    private let updatedAt: String
    private let endedAt: String?
    private let progress: Progress?
    private let version: String?
    private let error: String?
    /// `nil` in lists.
    private let log: [String]?

    init(_ run: TrainingRun, withLog: Bool) {
        self.run = run.id
        by = run.by
        source = run.source.withoutFolders
        state = run.state.rawValue
        startedAt = run.startedAt.rfc3339
        updatedAt = run.updatedAt.rfc3339
        endedAt = run.endedAt?.rfc3339
        progress = run.progress.map { Progress(phase: $0.phase, percent: ($0.share * 1000).rounded() / 10, done: $0.done) }
        version = run.state == .succeeded ? run.version : nil
        error = run.error
        log = withLog ? Database.tail(run.log).split(separator: "\n").map(String.init) : nil
    }

    private enum CodingKeys: String, CodingKey {
        case run
        case by
        case source
        case state
        case startedAt = "started_at"
        case updatedAt = "updated_at"
        case endedAt = "ended_at"
        case progress
        case version
        case error
        case log
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(run, forKey: .run)
        try container.encode(by, forKey: .by)
        try container.encode(source, forKey: .source)
        try container.encode(state, forKey: .state)
        try container.encode(startedAt, forKey: .startedAt)
        try container.encode(updatedAt, forKey: .updatedAt)
        try container.encode(endedAt, forKey: .endedAt)
        try container.encode(progress, forKey: .progress)
        try container.encode(version, forKey: .version)
        try container.encode(error, forKey: .error)
        try container.encodeIfPresent(log, forKey: .log)
    }
}
