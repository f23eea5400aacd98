import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Scoring
import Sidecar
import Store
import Testing

/// The routes for decisions, models and training runs of a line, answered in this process.
struct RecordsService {
    let desk: TrainingDesk
    private let client: any TestClientProtocol

    /// Runs `body` with a service on the line's database and its models folder.
    ///
    /// - Parameters:
    ///   - caller: who asks.
    ///   - executable: what is started for a run.
    static func run(
        on line: Line, caller: Caller = Caller(name: "ann", roles: [.admin]), executable: String? = nil, dataFolder: String? = nil,
        _ body: @escaping (RecordsService) async throws -> Void
    ) async throws {
        let database = line.database
        let registry = Registry(folder: ModelsFolder("\(line.folder)/models"), database: database)
        let pool = BlockingPool()
        var logger = Logger(label: "herald.test")
        logger.logLevel = .warning
        let program = TrainingProgram(
            executable: try executable ?? Herald.path, modelsFolder: "\(line.folder)/models", dataFolder: dataFolder,
            configuration: try [
                "HERALD_MONGODB_URL": Servers.databaseURL(), "HERALD_MONGODB_DATABASE": database.url.databaseName,
                "HERALD_REGISTRY_STORE": "mongodb",
            ])
        let desk = TrainingDesk(
            database: database, registry: registry, program: program, pool: pool, logger: logger, now: { .now })
        let router = Router(context: SidecarContext.self)
        router.add(middleware: ProblemMiddleware())
        router.add(middleware: Introduction(caller: caller))
        PredictionsRoute(database: database, explainers: ExplainerShelf(registry), pool: pool).add(to: router)
        DecisionSummaryRoute(SummaryDesk(database) { PolicyParameters() }, pool: pool, now: { .now }).add(to: router)
        ModelsRoute(ModelCatalogue(registry), pool: pool, now: { .now }).add(to: router)
        TrainRoute(desk).add(to: router)
        let application = Application(router: router, logger: logger)
        // It runs on its own while the test waits for it.
        nonisolated(unsafe) let body = body
        try await application.test(.router) { client in try await body(RecordsService(desk: desk, client: client)) }
        await desk.stop()
        await pool.stop()
    }

    /// Says who asks.
    private struct Introduction: RouterMiddleware {
        let caller: Caller

        func handle(
            _ request: Request, context: SidecarContext, next: (Request, SidecarContext) async throws -> Response
        ) async throws -> Response {
            var context = context
            context.caller = caller
            return try await next(request, context)
        }
    }

    /// An answer with its body read as JSON, where it is JSON.
    struct Answer {
        var status: Int
        var headers: [String: String]
        var text: String
        var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]) ?? [:] }
    }

    func send(_ method: HTTPRequest.Method, _ path: String, _ body: String? = nil) async throws -> Answer {
        let buffer = body.map { ByteBuffer(string: $0) }
        return try await client.execute(
            uri: path, method: method, headers: body == nil ? [:] : [.contentType: "application/json"], body: buffer
        ) { response in
            Answer(
                status: response.status.code,
                headers: Dictionary(response.headers.map { ($0.name.rawName.lowercased(), $0.value) }) { $1 },
                text: String(buffer: response.body))
        }
    }

    func get(_ path: String) async throws -> Answer { try await send(.get, path) }

    func post(_ path: String, _ body: String? = nil) async throws -> Answer { try await send(.post, path, body) }

    func delete(_ path: String) async throws -> Answer { try await send(.delete, path) }

    /// Asks until the answer fulfils `condition`.
    func awaitAnswer(
        _ path: String, _ what: String, within limit: Duration = .seconds(60), _ condition: (Answer) throws -> Bool
    ) async throws -> Answer {
        var answer = try await get(path)
        try await awaitCondition("\(what); last: \(answer.text.prefix(2000))", within: limit) {
            if try condition(answer) { return true }
            answer = try await get(path)
            return false
        }
        return answer
    }
}
