package import Scoring
package import Streaming
internal import Synchronization

/// Decides on jobs that come over HTTP: decode → features → score → decision → log → answer, by the code of the stream.
///
/// For any number of threads. Decisions count in budgets and rates like those of a scorer, for whoever asks is expected to act on them.
package final class Predictor: Sendable {
    /// How much an answer tells of its reasons.
    package enum Explanation: String, CaseIterable, Sendable {
        /// By the path of the row through the trees.
        case path
        /// By Shapley values: exact, and hundreds of times slower.
        case exact
        case none
    }

    /// Jobs of a batch that are explained exactly: some milliseconds each.
    package static let exactLimit = 16
    /// Jobs of batches that are answered at a time, some tenths of a second of work; one batch is always taken.
    static let batchedLimit = 4096
    /// Lanes that are kept, and the most bytes of an answer that one keeps memory for.
    private static let (laneLimit, laneBytes) = (16, 1 << 18)

    private let current: CurrentScorer
    private let batcher: DecisionBatcher
    private let explainers = Explainers()
    /// For what takes milliseconds a job: it must not keep other requests waiting.
    private let exactPool = BlockingPool(threads: 1, capacity: 32)
    /// Jobs of batches that are being answered.
    private let batched = Atomic(0)
    /// What is not in use right now.
    private let lanes = Mutex<[Lane]>([])

    /// - Parameters:
    ///   - scorer: asked once a turn of decisions.
    ///   - now: the wall clock.
    package init(scorer: CurrentScorer, health: HealthFollower, log: PredictionLog, now: @escaping @Sendable () -> Timestamp) {
        current = scorer
        batcher = DecisionBatcher(scorer: scorer, health: health, log: log, now: now)
    }

    /// The version in use; `none` without one.
    package var modelVersion: String { current.scorer.modelVersion }

    /// What answers have to do without right now.
    package var degraded: [Degradation] { batcher.degraded }

    /// Decides on one job.
    ///
    /// - Parameters:
    ///   - message: the job as it would stand in the queue.
    ///   - requestID: with the job's id it makes the decision's: a request that is repeated under its id is logged once.
    /// - Returns: the answer, a JSON object.
    /// - Throws: `JobDefect`; `Problem` where there is too much to do.
    package func predict(_ message: [UInt8], requestID: String, explanation: Explanation) async throws -> [UInt8] {
        let job = try decode(message)
        let pending = PendingJob(job: job, previous: Self.origin(of: requestID))
        let ruling = await batcher.decide([pending])
        let explanations = try await explanations(of: ruling, on: [pending], explanation)
        return withLane { lane in
            lane.writer.beginSingle()
            write(ruling, on: [pending], 0..<1, explanations, in: lane)
            return lane.writer.bytes
        }
    }

    /// Decides on the jobs of a batch, each by itself: what is wrong with one stands in its place.
    ///
    /// - Parameter messages: where each is in `batch`.
    /// - Returns: the answer, a JSON object with an array `predictions` in the order of the jobs.
    /// - Throws: `Problem` where there is too much to do.
    package func predict(
        _ messages: [Range<Int>], of batch: [UInt8], requestID: String, explanation: Explanation
    ) async throws -> [UInt8] {
        guard explanation != .exact || messages.count <= Self.exactLimit else {
            throw Problem(.invalidParameter, "explain=exact takes at most \(Self.exactLimit) jobs, not \(messages.count)", field: "explain")
        }
        let (before, _) = batched.add(messages.count, ordering: .relaxed)
        defer { batched.subtract(messages.count, ordering: .relaxed) }
        guard before == 0 || before + messages.count <= Self.batchedLimit else {
            throw Problem(.overloaded, "batches of \(before) jobs are being answered; try again", retryAfter: 1)
        }
        let lane = takeLane()
        defer { giveBack(lane) }
        lane.writer.beginBatch()
        let origin = Self.origin(of: requestID)
        var rest = messages[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(DecisionBatcher.jobLimit)
            rest = rest.dropFirst(chunk.count)
            // Other requests come in between; nobody waits for the answer to one that was cut off.
            try Task.checkCancellation()
            try await predict(chunk, of: batch, origin: origin, explanation: explanation, in: lane)
        }
        lane.writer.endBatch()
        return lane.writer.bytes
    }

    /// Decides on jobs, each by itself and with an answer of its own: what is wrong with one stands in its place.
    func predictEach(_ messages: [String], requestID: String) async throws -> [String] {
        var answers: [String] = []
        for message in messages {
            try Task.checkCancellation()
            do {
                let answer = try await predict(Array(message.utf8), requestID: requestID, explanation: .path)
                answers.append(String(decoding: answer, as: UTF8.self))
            } catch let defect as JobDefect {
                var writer = PredictionWriter()
                writer.write(Problem(defect: defect).document(requestID: nil))
                answers.append(String(decoding: writer.bytes, as: UTF8.self))
            }
        }
        return answers
    }

    /// Margins in log-odds and calibrated probabilities of rows in schema order; `nil` without a model of so many columns.
    func probabilities(of rows: [Float], featureCount: Int) -> (version: String, margins: [Float], probabilities: [Float])? {
        guard let model = current.scorer.model, model.schema.featureCount == featureCount else { return nil }
        var margins = [Float](repeating: 0, count: rows.count / featureCount)
        var span = margins.mutableSpan
        model.margins(of: rows.span, into: &span)
        return (model.version, margins, margins.map { model.probability(margin: $0) })
    }

    /// Columns of the model in use; `nil` without one.
    var featureCount: Int? { current.scorer.schema?.featureCount }

    private func decode(_ message: [UInt8]) throws(JobDefect) -> Job {
        let lane = takeLane()
        defer { giveBack(lane) }
        return try lane.decoder.decode(message.span)
    }

    /// Decides on some jobs of a batch and writes what came of them in their order.
    private func predict(
        _ messages: ArraySlice<Range<Int>>, of batch: [UInt8], origin: DecisionID, explanation: Explanation, in lane: Lane
    ) async throws {
        var pending: [PendingJob] = []
        var defects: [(index: Int, JobDefect)] = []
        for message in messages {
            do throws(JobDefect) {
                pending.append(PendingJob(job: try lane.decoder.decode(batch.span.extracting(message)), previous: origin))
            } catch {
                defects.append((pending.count, error))
            }
        }
        guard !pending.isEmpty else {
            for (_, defect) in defects { lane.writer.write(Problem(defect: defect).document(requestID: nil)) }
            return
        }
        let ruling = await batcher.decide(pending)
        let explanations = try await explanations(of: ruling, on: pending, explanation)
        var written = 0
        for (index, defect) in defects {
            write(ruling, on: pending, written..<index, explanations, in: lane)
            written = index
            lane.writer.write(Problem(defect: defect).document(requestID: nil))
        }
        write(ruling, on: pending, written..<pending.count, explanations, in: lane)
    }

    /// One for each decision, or `nil` for each.
    private func explanations(
        of ruling: DecisionBatcher.Ruling, on jobs: [PendingJob], _ explanation: Explanation
    ) async throws -> [DecisionExplanation?] {
        guard let explainer = explainers.explainer(explanation, of: ruling.scorer) else { return jobs.map { _ in nil } }
        let explain: @Sendable () -> [DecisionExplanation?] = {
            zip(ruling.decisions, jobs).map { explainer.explain($0, of: $1.job) }
        }
        return explanation == .exact ? try await exactPool.run(explain) : explain()
    }

    private func write(
        _ ruling: DecisionBatcher.Ruling, on jobs: [PendingJob], _ range: Range<Int>, _ explanations: [DecisionExplanation?],
        in lane: Lane
    ) {
        for index in range {
            lane.writer.write(
                ruling.decisions[index], on: jobs[index].job, explanation: explanations[index], degraded: ruling.degraded)
        }
    }

    /// Stands in for the decision that sent a job here.
    private static func origin(of requestID: String) -> DecisionID {
        DecisionID(jobID: requestID, previous: nil)
    }

    private func withLane<Value>(_ body: (Lane) -> Value) -> Value {
        let lane = takeLane()
        defer { giveBack(lane) }
        return body(lane)
    }

    private func takeLane() -> Lane {
        lanes.withLock { $0.popLast() } ?? Lane()
    }

    private func giveBack(_ lane: Lane) {
        if lane.writer.capacity > Self.laneBytes { lane.writer = PredictionWriter() }
        lanes.withLock { lanes in
            if lanes.count < Self.laneLimit { lanes.append(lane) }
        }
    }

    /// The memory of the requests before, for one at a time.
    ///
    /// Unchecked: whoever has taken a lane is the only one to know it.
    private final class Lane: @unchecked Sendable {
        var decoder = JobDecoder()
        var writer = PredictionWriter()
    }

    /// The explainers of the model in use, made when they are first asked for.
    private final class Explainers: Sendable {
        private struct Made {
            var model: String?
            var explainers: [Explanation: DecisionExplainer] = [:]
        }

        private let made = Mutex(Made())

        func explainer(_ explanation: Explanation, of scorer: Scorer) -> DecisionExplainer? {
            guard explanation != .none else { return nil }
            return made.withLock { made in
                if made.model != scorer.modelVersion { made = Made(model: scorer.modelVersion) }
                if let explainer = made.explainers[explanation] { return explainer }
                let explainer = scorer.explainer(attribution: explanation == .exact ? .exact : .path)
                made.explainers[explanation] = explainer
                return explainer
            }
        }
    }
}
