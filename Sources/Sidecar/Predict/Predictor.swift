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

    private let current: CurrentScorer
    private let batcher: DecisionBatcher
    private let explainers = Explainers()
    /// What is not in use right now; as many as were ever used at a time.
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
    package func predict(_ message: [UInt8], requestID: String, explanation: Explanation) async throws(JobDefect) -> [UInt8] {
        let job = try decode(message)
        let pending = PendingJob(job: job, previous: Self.origin(of: requestID))
        let ruling = await batcher.decide([pending])
        return withLane { lane in
            lane.writer.beginSingle()
            write(ruling, on: [pending], explanation: explanation, in: lane)
            return lane.writer.bytes
        }
    }

    /// Decides on the jobs of a batch, each by itself: what is wrong with one stands in its place.
    ///
    /// - Parameter messages: where each is in `batch`.
    /// - Returns: the answer, a JSON object with an array `predictions` in the order of the jobs.
    package func predict(
        _ messages: [Range<Int>], of batch: [UInt8], requestID: String, explanation: Explanation
    ) async -> [UInt8] {
        let lane = takeLane()
        defer { giveBack(lane) }
        lane.writer.beginBatch()
        let origin = Self.origin(of: requestID)
        var rest = messages[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(DecisionBatcher.jobLimit)
            rest = rest.dropFirst(chunk.count)
            // Other requests come in between.
            await predict(chunk, of: batch, origin: origin, explanation: explanation, in: lane)
        }
        lane.writer.endBatch()
        return lane.writer.bytes
    }

    /// Decides on jobs, each by itself and with an answer of its own: what is wrong with one stands in its place.
    func predictEach(_ messages: [String], requestID: String) async -> [String] {
        var answers: [String] = []
        for message in messages {
            do throws(JobDefect) {
                let answer = try await predict(Array(message.utf8), requestID: requestID, explanation: .path)
                answers.append(String(decoding: answer, as: UTF8.self))
            } catch {
                var writer = PredictionWriter()
                writer.write(Problem(defect: error).document(requestID: nil))
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
    ) async {
        var pending: [PendingJob] = []
        var defects: [(index: Int, JobDefect)] = []
        for message in messages {
            do throws(JobDefect) {
                pending.append(PendingJob(job: try lane.decoder.decode(batch.span.extracting(message)), previous: origin))
            } catch {
                defects.append((pending.count, error))
            }
        }
        let ruling = pending.isEmpty ? nil : await batcher.decide(pending)
        var written = 0
        for (index, defect) in defects {
            if let ruling { write(ruling, on: pending, written..<index, explanation: explanation, in: lane) }
            written = index
            lane.writer.write(Problem(defect: defect).document(requestID: nil))
        }
        if let ruling { write(ruling, on: pending, written..<pending.count, explanation: explanation, in: lane) }
    }

    /// - Parameter range: which of the jobs; `nil` = all.
    private func write(
        _ ruling: DecisionBatcher.Ruling, on jobs: [PendingJob], _ range: Range<Int>? = nil, explanation: Explanation, in lane: Lane
    ) {
        let explainer = explainers.explainer(explanation, of: ruling.scorer)
        for index in range ?? jobs.indices {
            let (decision, job) = (ruling.decisions[index], jobs[index].job)
            lane.writer.write(
                decision, on: job, explanation: explainer?.explain(decision, of: job), degraded: ruling.degraded)
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
        lanes.withLock { $0.append(lane) }
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
