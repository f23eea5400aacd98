package import Hummingbird
internal import NIOCore
internal import Scoring

/// `POST /predict`: what to do with one job, or with each of up to 1000.
package struct PredictRoute {
    /// Most bytes of one job.
    static let jobBytes = 256 * 1024

    private let predictor: Predictor

    package init(_ predictor: Predictor) {
        self.predictor = predictor
    }

    package func add(to router: some RouterMethods<SidecarContext>) {
        router.group().add(middleware: RoleMiddleware(.predict)).post("predict", use: predict)
    }

    @Sendable private func predict(_ request: Request, _ context: SidecarContext) async throws -> Response {
        try JSONBody.requireType(of: request)
        let explanation = try Query(request, allowing: ["explain"]).word("explain", Predictor.Explanation.self) ?? .path
        var buffer = try await request.body.collect(upTo: JobBatch.maximumBytes)
        let body = buffer.readBytes(length: buffer.readableBytes) ?? []
        let answer = try await answer(to: body, requestID: context.requestID, explanation)
        return Response(
            status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer)))
    }

    private func answer(to body: [UInt8], requestID: String, _ explanation: Predictor.Explanation) async throws -> [UInt8] {
        var defect = JobDefect(.tooLarge, "one job may have \(Self.jobBytes) bytes; more go as {\"jobs\": […]}")
        if body.count <= Self.jobBytes {
            do {
                return try await predictor.predict(body, requestID: requestID, explanation: explanation)
            } catch let error as JobDefect {
                // A batch is no job: it has no id.
                guard error.code == .missingField, error.field == "job_id" else { throw Problem(defect: error) }
                defect = error
            }
        }
        let messages: [Range<Int>]?
        do {
            messages = try JobBatch.messages(in: body.span)
        } catch {
            throw Problem(defect: error)
        }
        guard let messages else { throw Problem(defect: defect) }
        return try await predictor.predict(messages, of: body, requestID: requestID, explanation: explanation)
    }
}
