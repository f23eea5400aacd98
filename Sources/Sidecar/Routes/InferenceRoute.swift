package import Hummingbird
internal import NIOCore
internal import Scoring

/// `/v2/…`: the Open Inference Protocol v2 that KServe, Triton and their clients speak.
///
/// Two models: `herald` takes jobs and gives decisions, as `/predict` does; `herald-features` takes rows of features and gives
/// probabilities. Their version is that of the model in use; another version is not found.
package struct InferenceRoute {
    /// Rows of one request.
    private static let rowLimit = 8192
    /// Bytes of one request.
    private static let bodyBytes = JobBatch.maximumBytes

    private let predictor: Predictor
    private let serverVersion: String

    package init(_ predictor: Predictor, serverVersion: String) {
        self.predictor = predictor
        self.serverVersion = serverVersion
    }

    package func add(to router: some RouterMethods<SidecarContext>) {
        router.get("v2/health/live") { _, _ in JSONAnswer(["live": true]) }
        router.get("v2/health/ready") { _, _ in JSONAnswer(["ready": true]) }
        let routes = router.group("v2").add(middleware: RoleMiddleware(.predict))
        routes.get { _, _ in
            JSONAnswer(ServerMetadata(name: "herald", version: serverVersion, extensions: ["binary_tensor_data"]))
        }
        for version in ["", "/versions/:version"] {
            routes.get("models/:model\(version)", use: metadata)
            routes.get("models/:model\(version)/ready", use: ready)
            routes.post("models/:model\(version)/infer", use: infer)
        }
    }

    private struct ServerMetadata: Encodable {
        var name: String
        var version: String
        var extensions: [String]
    }

    private struct ModelMetadata: Encodable {
        var name: String
        var versions: [String]
        var platform: String
        var inputs: [InferenceModel.Tensor]
        var outputs: [InferenceModel.Tensor]
    }

    private struct Readiness: Encodable {
        var name: String
        var ready: Bool
    }

    /// The model that the path names, in the version in use.
    private func model(_ context: SidecarContext) throws(Problem) -> InferenceModel {
        let name = context.parameters.get("model") ?? ""
        guard let model = InferenceModel(rawValue: name) else {
            let names = InferenceModel.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(.notFound, "there is no model of that name; there are: \(names)", field: "model")
        }
        let version = predictor.modelVersion
        if let wanted = context.parameters.get("version"), wanted != version {
            throw Problem(.notFound, "only the version in use is served: \(version)", field: "version")
        }
        return model
    }

    @Sendable private func metadata(_ request: Request, _ context: SidecarContext) throws -> Response {
        let model = try model(context)
        let metadata = ModelMetadata(
            name: model.rawValue, versions: [predictor.modelVersion], platform: "herald_forest",
            inputs: model.inputs(featureCount: predictor.featureCount ?? -1), outputs: model.outputs)
        return try JSONAnswer(metadata).response(from: request, context: context)
    }

    @Sendable private func ready(_ request: Request, _ context: SidecarContext) throws -> Response {
        let model = try model(context)
        // Without a model the rules decide on jobs, but nothing gives probabilities.
        let isReady = model == .decisions || predictor.featureCount != nil
        guard isReady else { throw Problem(.unavailable, "no model is in use", retryAfter: 2) }
        return try JSONAnswer(Readiness(name: model.rawValue, ready: true)).response(from: request, context: context)
    }

    @Sendable private func infer(_ request: Request, _ context: SidecarContext) async throws -> Response {
        let model = try model(context)
        var buffer = try await request.body.collect(upTo: Self.bodyBytes)
        var body = try InferenceBody(
            buffer.readBytes(length: buffer.readableBytes) ?? [], jsonLength: try Self.jsonLength(of: request))
        try InferenceAnswer.check(body.request, model)
        switch model {
        case .decisions:
            let jobs = try body.input(model.inputs(featureCount: 0)[0], limit: JobBatch.maximumCount).texts
            var answer = InferenceAnswer(to: body.request, model: model, version: predictor.modelVersion)
            answer.add("decision", try await predictor.predictEach(jobs, requestID: context.requestID))
            return try answer.finished()
        case .features:
            guard let count = predictor.featureCount else { throw Problem(.unavailable, "no model is in use", retryAfter: 2) }
            let rows = try body.input(model.inputs(featureCount: count)[0], limit: Self.rowLimit).numbers
            guard let (version, margins, probabilities) = predictor.probabilities(of: rows, featureCount: count) else {
                throw Problem(.unavailable, "no model is in use", retryAfter: 2)
            }
            var answer = InferenceAnswer(to: body.request, model: model, version: version)
            answer.add("probability", probabilities)
            answer.add("margin", margins)
            return try answer.finished()
        }
    }

    private static func jsonLength(of request: Request) throws(Problem) -> Int? {
        guard let text = request.headers[.inferenceHeaderLength] else { return nil }
        guard let length = Int(text), length >= 0 else {
            throw Problem(
                .invalidParameter, "Inference-Header-Content-Length must be a whole number of bytes",
                field: "Inference-Header-Content-Length")
        }
        return length
    }
}
