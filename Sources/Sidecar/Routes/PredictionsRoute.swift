package import Hummingbird
internal import Scoring
package import Store
internal import Synchronization

/// `GET /predictions`: recent decisions with what became of them; `GET /predictions/{decision_id}`: one with all that is known of it.
package struct PredictionsRoute {
    private let database: Database
    private let pool: BlockingPool
    private let explainers: ExplainerShelf
    private let names = FeatureNames()

    package init(database: Database, explainers: ExplainerShelf, pool: BlockingPool) {
        self.database = database
        self.explainers = explainers
        self.pool = pool
    }

    package func add(to router: some RouterMethods<SidecarContext>) {
        router.group().add(middleware: RoleMiddleware(.read))
            .get("predictions", use: list)
            .get("predictions/{decision_id}", use: detail)
    }

    /// A page of the list.
    private struct Page: Encodable {
        var predictions: [PredictionEntry]
        var next: String?
        var searchedTo: String?

        private enum CodingKeys: String, CodingKey {
            case predictions
            case next
            case searchedTo = "searched_to"
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(predictions, forKey: .predictions)
            try container.encode(next, forKey: .next)
            try container.encode(searchedTo, forKey: .searchedTo)
        }
    }

    @Sendable private func list(_ request: Request, _ context: SidecarContext) async throws -> Response {
        let query = try PredictionQuery(request)
        let page = try await searching { [database] in
            try database.decisionPage(query.filter, after: query.position, limits: DecisionSearchLimits(count: query.limit))
        }
        let answer = Page(
            predictions: page.entries.map(PredictionEntry.init), next: page.next.map { PageCursor($0).text },
            searchedTo: page.next?.decidedAt.rfc3339)
        return try JSONAnswer<Page>.response(answer)
    }

    @Sendable private func detail(_ request: Request, _ context: SidecarContext) async throws -> Response {
        _ = try Query(request, allowing: [])
        let text = try context.parameters.require("decision_id")
        guard let id = DecisionID(text) else {
            throw Problem(.invalidParameter, "decision_id must be 32 digits of 0-9 and a-f", field: "decision_id")
        }
        let detail = try await searching { [database, explainers, names] () -> PredictionDetail? in
            guard let record = try database.decision(id: id) else { return nil }
            let history = try database.history(
                notificationID: record.job.notificationID, limit: PredictionDetail.historyLimit + 1)
            return PredictionDetail(
                record, outcomes: try database.outcomes(jobID: record.job.jobID),
                features: try names.names(record.schemaFingerprint, database),
                explanation: explainers.explain(record), history: history)
        }
        guard let detail else { throw Problem(.notFound, "there is no decision \(id)") }
        return try JSONAnswer<PredictionDetail>.response(detail)
    }

    /// Runs a search off the cooperative pool; one that the server broke off for its time is a timeout.
    private func searching<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await pool.run {
            do {
                return try body()
            } catch let error as StoreError where error.isTimeLimit {
                throw Problem(.timeout, "the database took too long; ask for less, such as a shorter time", retryAfter: 2)
            }
        }
    }
}

/// The names of feature columns, asked for once for each schema.
final class FeatureNames: Sendable {
    private static let capacity = 32
    private let known = Mutex<[String: [String]]>([:])

    func names(_ fingerprint: String?, _ database: Database) throws -> [String]? {
        guard let fingerprint else { return nil }
        if let names = known.withLock({ $0[fingerprint] }) { return names }
        guard let names = try database.featureNames(schema: fingerprint) else { return nil }
        known.withLock { known in
            if known.count >= Self.capacity { known = [:] }
            known[fingerprint] = names
        }
        return names
    }
}
