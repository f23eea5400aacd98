internal import Broker
internal import Logging
internal import Scoring
internal import Store

/// The line a message walks: take → decode → features, score, decide → publish and log → acknowledge.
///
/// Runs on a thread of its own. Publishing and logging go on, on theirs, while the next batch is decoded; a job is acknowledged when
/// its decision is confirmed by the broker and its record is durable, which is the `Settlement`'s to know.
final class ScoringLoop: Sendable {
    private typealias Batch = DecodedBatch<PendingJob>
    private typealias BatchID = Settlement.Ledger.BatchID

    /// A message that came back so often is not tried again.
    ///
    /// After two crashes it runs alone; alone it must have ended, or lost, several processes more, so that none that merely was there when
    /// a connection broke comes under suspicion.
    private static let crashLimit = 6

    private let consumer: Consumer
    private let names: QueueNames
    private let current: CurrentScorer
    private let hasher: RecipientHasher?
    private let health: SharedHealth
    private let outbox: Outbox
    private let log: LogWriter<DecisionRecord>
    private let settlement: Settlement
    private let statistics: ScorerStatistics
    private let metrics: ScorerMetrics
    /// Longest that the model may take for a batch.
    private let latencyBudget: Duration
    private let now: @Sendable () -> Timestamp
    private let logger: Logger

    init(
        consumer: Consumer, names: QueueNames, scorer: CurrentScorer, hasher: RecipientHasher?, health: SharedHealth, outbox: Outbox,
        log: LogWriter<DecisionRecord>, settlement: Settlement, statistics: ScorerStatistics, metrics: ScorerMetrics,
        latencyBudget: Duration,
        now: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.consumer = consumer
        self.names = names
        current = scorer
        self.hasher = hasher
        self.health = health
        self.outbox = outbox
        self.log = log
        self.settlement = settlement
        self.statistics = statistics
        self.metrics = metrics
        self.latencyBudget = latencyBudget
        self.now = now
        self.logger = logger
    }

    /// Scores until the consumer has stopped and handed out its last batch.
    func run() {
        var decoder = JobDecoder()
        var workspace = ScoringWorkspace()
        var control = PolicyControl(of: current.scorer.policy)
        var latency = LatencyBudget(latencyBudget)
        while let deliveries = consumer.next() {
            let arrived = ContinuousClock.now
            CrashPoint.shared.pass(.take)
            let batch = decode(deliveries, with: &decoder)
            CrashPoint.shared.pass(.decode)
            metrics.record(.decode, arrived.duration(to: .now))
            // Once a batch: another model takes effect with the next one.
            let inUse = current.scorer
            let scorer = latency.allowsModel(at: .now) ? inUse : inUse.withoutModel(because: .latencyBudget)
            control.follow(scorer.policy)
            let (decisions, time) = health.decide(by: now, control: scorer.policy.control) { health, now in
                scorer.decide(batch.messages, now: now, health: health, control: &control, workspace: &workspace)
            }
            CrashPoint.shared.pass(.score)
            metrics.record(.score, time.lowerBound.duration(to: time.upperBound))
            let scored = decisions.count { !$0.actions.isEmpty }
            if latency.note(scored: scored, from: time.lowerBound, to: time.upperBound) {
                logger.warning(
                    "a batch of \(batch.messages.count) jobs took longer than \(latencyBudget) to decide: rules decide for a while")
            }
            let id = settlement.begin(entries(of: batch, decisions))
            let clock = BatchClock(metrics, arrived: arrived, messages: batch.count, records: decisions.count)
            publish(decisions, of: batch, as: id, ladder: scorer.ladder, clock)
            clock.publish()
            CrashPoint.shared.pass(.publish)
            write(decisions, of: batch, as: id, schema: scorer.schema, clock)
            CrashPoint.shared.pass(.log)
            statistics.record(batch, decisions)
            metrics.record(batch, decisions, rules: scorer.degradation)
        }
    }

    /// The jobs of a batch; one that is delivered again, and is in flight or finished already, is left out.
    private func decode(_ deliveries: DeliveryBatch, with decoder: inout JobDecoder) -> Batch {
        DecodedBatch(deliveries) { delivery throws(MessageDefect) in
            guard delivery.deliveryCount < Self.crashLimit else { throw .crashing(delivery.deliveryCount) }
            let job = try decoder.job(in: delivery)
            let previous = delivery.header(DecisionMessage.decisionIDHeader).flatMap { DecisionID($0) }
            if delivery.redelivered,
                settlement.recognises(DecisionID(jobID: job.jobID, previous: previous), redeliveredAs: delivery.tag)
            {
                return nil
            }
            CrashPoint.shared.pass(job: job.jobID)
            return PendingJob(job: job, previous: previous)
        }
    }

    /// What must happen before each delivery is acknowledged: its message confirmed and, for a job, its record durable.
    ///
    /// In this order, jobs before defects, positions of the batch are counted below.
    private func entries(of batch: Batch, _ decisions: [Decision]) -> [Settlement.Ledger.Entry] {
        let jobs = zip(batch.deliveries, decisions).map { delivery, decision in
            Settlement.Ledger.Entry(tag: delivery.tag, key: decision.id, needs: [.published, .logged])
        }
        return jobs + batch.defects.map { Settlement.Ledger.Entry(tag: $0.delivery.tag, key: nil, needs: .published) }
    }

    /// Hands the decisions, and what goes to quarantine, to the broker.
    private func publish(_ decisions: [Decision], of batch: Batch, as id: BatchID, ladder: DelayLadder, _ clock: BatchClock) {
        var messages: [OutgoingMessage] = []
        messages.reserveCapacity(batch.count)
        for (index, decision) in decisions.enumerated() {
            let job = batch.messages[index].job
            messages.append(
                DecisionMessage.make(
                    decision, jobID: job.jobID, body: batch.deliveries[index].body, ladder: ladder, names: names))
        }
        for (delivery, defect) in batch.defects { messages.append(quarantine(delivery, for: defect)) }
        outbox.publish(messages) { [settlement] positions in
            CrashPoint.shared.pass(.confirmed)
            settlement.complete(.published, at: positions, of: id)
            clock.confirm(positions.count)
        }
    }

    /// Hands the records to the log.
    ///
    /// One that MongoDB will never take sends its job's body to quarantine, so that it is seen and nothing waits for it.
    private func write(_ decisions: [Decision], of batch: Batch, as id: BatchID, schema: FeatureSchema?, _ clock: BatchClock) {
        let records = zip(decisions, batch.messages).lazy.map { [self] in record(of: $0, for: $1.job, schema: schema) }
        let deliveries = batch.deliveries
        log.append(records) { [self] report in
            CrashPoint.shared.pass(.logged)
            settlement.complete(.logged, at: report.durable, of: id)
            clock.log(report.durable.count)
            for (position, reason) in report.rejected {
                logger.error("the record of decision \(decisions[position].id) was refused: \(reason)")
                let refused = MessageDefect(reason: "log_refused", detail: reason)
                outbox.publish([quarantine(deliveries[position], for: refused)]) { [settlement] _ in
                    settlement.complete(.logged, at: [position], of: id)
                    clock.log(1)
                }
            }
        }
    }

    private func record(of decision: Decision, for job: Job, schema: FeatureSchema?) -> DecisionRecord {
        DecisionRecord(
            job: job, decision: decision, schemaFingerprint: decision.features.isEmpty ? nil : schema?.fingerprint,
            recipientHash: hasher.flatMap { hasher in job.recipient.map(hasher.hash) }, source: .stream)
    }

    private func quarantine(_ delivery: Delivery, for defect: MessageDefect) -> OutgoingMessage {
        metrics.recordQuarantined(defect.reason)
        return DecisionMessage.quarantine(delivery, for: defect, from: names.jobs, to: names.quarantine)
    }
}
