internal import Foundation
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
        /// By Shapley values: exact, and about ninety times slower.
        case exact
        case none
    }

    /// Jobs decided between two looks at what else waits: some milliseconds.
    package static let chunkCount = 64

    private let current: CurrentScorer
    private let follower: HealthFollower
    private let log: PredictionLog
    private let now: @Sendable () -> Timestamp
    private let control: Mutex<PolicyControl>
    /// What is not in use right now; as many as were ever used at a time.
    private let lanes = Mutex<[Lane]>([])

    /// - Parameters:
    ///   - scorer: asked once a request.
    ///   - now: the wall clock.
    package init(scorer: CurrentScorer, health: HealthFollower, log: PredictionLog, now: @escaping @Sendable () -> Timestamp) {
        current = scorer
        follower = health
        self.log = log
        self.now = now
        control = Mutex(PolicyControl(of: scorer.scorer.policy))
    }

    /// The version in use; `none` without one.
    package var modelVersion: String { current.scorer.modelVersion }

    /// What answers have to do without right now.
    package var degraded: [Degradation] {
        var degraded: [Degradation] = []
        if current.scorer.schema == nil { degraded.append(.model) }
        if !follower.isFollowing { degraded.append(.broker) }
        if !log.isAvailable { degraded.append(.database) }
        return degraded
    }

    /// Decides on one job.
    ///
    /// - Parameters:
    ///   - message: the job as it would stand in the queue.
    ///   - requestID: with the job's id it makes the decision's: a request that is repeated under its id is logged once.
    /// - Returns: the answer, a JSON object.
    package func predict(_ message: Span<UInt8>, requestID: String, explanation: Explanation) throws(JobDefect) -> [UInt8] {
        let lane = takeLane()
        defer { giveBack(lane) }
        let job = try lane.decoder.decode(message)
        let pending = PendingJob(job: job, previous: Self.origin(of: requestID))
        lane.writer.beginSingle()
        decide([pending], explanation: explanation, in: lane)
        return lane.writer.bytes
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
            let chunk = rest.prefix(Self.chunkCount)
            rest = rest.dropFirst(Self.chunkCount)
            decide(chunk, of: batch, origin: origin, explanation: explanation, in: lane)
            // Other requests come in between.
            await Task.yield()
        }
        lane.writer.endBatch()
        return lane.writer.bytes
    }

    /// Decides on jobs, each by itself and with an answer of its own: what is wrong with one stands in its place.
    func predictEach(_ messages: [String], requestID: String) async -> [String] {
        var answers: [String] = []
        for (index, message) in messages.enumerated() {
            do throws(JobDefect) {
                let answer = try predict(Array(message.utf8).span, requestID: requestID, explanation: .path)
                answers.append(String(decoding: answer, as: UTF8.self))
            } catch {
                var writer = PredictionWriter()
                writer.write(Problem(defect: error).document(requestID: nil))
                answers.append(String(decoding: writer.bytes, as: UTF8.self))
            }
            if index % Self.chunkCount == Self.chunkCount - 1 { await Task.yield() }
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

    private func decide(
        _ messages: ArraySlice<Range<Int>>, of batch: [UInt8], origin: DecisionID, explanation: Explanation, in lane: Lane
    ) {
        var pending: [PendingJob] = []
        for message in messages {
            do throws(JobDefect) {
                let job = try lane.decoder.decode(batch.span.extracting(message))
                pending.append(PendingJob(job: job, previous: origin))
            } catch {
                decide(pending, explanation: explanation, in: lane)
                pending.removeAll(keepingCapacity: true)
                lane.writer.write(Problem(defect: error).document(requestID: nil))
            }
        }
        decide(pending, explanation: explanation, in: lane)
    }

    /// Decides, logs and writes.
    private func decide(_ jobs: [PendingJob], explanation: Explanation, in lane: Lane) {
        guard !jobs.isEmpty else { return }
        let scorer = current.scorer
        lane.follow(scorer)
        let (decisions, _) = follower.health.decide(by: now, control: scorer.policy.control) { health, now in
            control.withLock { control in
                control.follow(scorer.policy)
                return scorer.decide(jobs, now: now, health: health, control: &control, workspace: &lane.workspace)
            }
        }
        var degraded = degraded
        if !log.append(decisions, on: jobs, schema: scorer.schema), !degraded.contains(.database) { degraded.append(.database) }
        let explainer = lane.explainer(explanation, of: scorer)
        for (decision, pending) in zip(decisions, jobs) {
            lane.writer.write(
                decision, on: pending.job, explanation: explainer?.explain(decision, of: pending.job), degraded: degraded)
        }
    }

    /// Stands in for the decision that sent a job here.
    private static func origin(of requestID: String) -> DecisionID {
        DecisionID(jobID: requestID, previous: nil)
    }

    private func takeLane() -> Lane {
        lanes.withLock { $0.popLast() } ?? Lane()
    }

    private func giveBack(_ lane: Lane) {
        lanes.withLock { $0.append(lane) }
    }

    /// What one request needs to be decided, with the memory of the requests before it.
    ///
    /// Unchecked: whoever has taken a lane is the only one to know it.
    private final class Lane: @unchecked Sendable {
        var decoder = JobDecoder()
        var workspace = ScoringWorkspace()
        var writer = PredictionWriter()
        private var model: String?
        private var explainers: [Explanation: DecisionExplainer] = [:]

        /// Forgets what belongs to another model.
        func follow(_ scorer: Scorer) {
            guard model != scorer.modelVersion else { return }
            model = scorer.modelVersion
            explainers = [:]
        }

        func explainer(_ explanation: Explanation, of scorer: Scorer) -> DecisionExplainer? {
            guard explanation != .none else { return nil }
            if let explainer = explainers[explanation] { return explainer }
            let explainer = scorer.explainer(attribution: explanation == .exact ? .exact : .path)
            explainers[explanation] = explainer
            return explainer
        }
    }
}
