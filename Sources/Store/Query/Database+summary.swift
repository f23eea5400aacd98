package import Scoring

/// The log in figures, for an overview.
extension Database {
    /// Milliseconds for one aggregation.
    private static let summaryLimit = 4000
    /// Attempts whose outcomes are looked up: more do not change the figures by a per cent.
    package static let deliverySampleSize = 5000
    /// Attempts whose outcomes are read at once.
    private static let jobsAtOnce = 1000

    /// Decisions by action, priority and channel in stretches of `step` seconds, counted in the index alone.
    ///
    /// - Parameters:
    ///   - range: from the beginning of a stretch to the beginning of another, not including it.
    /// - Returns: one for each stretch, also where there is nothing.
    /// - Throws: `isTimeLimit` after 4 s.
    package func decisionBuckets(_ range: Range<Timestamp>, step seconds: Int) throws(StoreError) -> [DecisionBucket] {
        let doing = "counting decisions over time"
        let (from, to, step) = (range.lowerBound.milliseconds, range.upperBound.milliseconds, Int64(seconds) * 1000)
        let pipeline = """
            {"pipeline": [{"$match": {"decided_at": {"$gte": \(Self.date(from)), "$lt": \(Self.date(to))}}},
              {"$group": {"_id": {"action": "$action", "priority": "$priority", "channel": "$channel", "stretch": {"$floor": {"$divide": [
                {"$subtract": ["$decided_at", \(Self.date(from))]}, \(step)]}}}, "count": {"$sum": 1}}}]}
            """
        let options = "{\"maxTimeMS\": \(Self.summaryLimit), \"hint\": \"filters\"}"
        let groups = try aggregate(
            Document(json: pipeline, doing: doing), Document(json: options, doing: doing), in: Collection.decisions.rawValue, doing: doing)
        var buckets = stride(from: from, to: to, by: Int(step)).map { DecisionBucket(at: Timestamp(milliseconds: $0)) }
        for group in groups {
            let fields = DocumentFields(group, name: "a group of decisions")
            let key = try fields.fields("_id")
            let stretch = try key.require("stretch", group["_id"]?.document?["stretch"]?.integer.flatMap { Int(exactly: $0) })
            guard buckets.indices.contains(stretch) else { throw key.defect("stretch") }
            buckets[stretch].add(
                try fields.integer("count"), try key.word("action"), try key.word("priority"), try key.word("channel"))
        }
        return buckets
    }

    /// What became of the dispatched decisions of a stretch of time.
    ///
    /// - Parameter count: how many there are: above `deliverySampleSize`, those are looked at whose ids are small, which is a fair sample
    ///   because ids are hashes.
    /// - Throws: `isTimeLimit` after 4 s for one query.
    package func deliveries(_ range: Range<Timestamp>, of count: Int) throws(StoreError) -> DeliverySample {
        let doing = "sampling deliveries"
        var sample = DeliverySample()
        var condition = ""
        if count > Self.deliverySampleSize {
            sample.isSample = true
            let share = Double(Self.deliverySampleSize) / Double(count)
            let digits = String(UInt64(share * Double(UInt32.max)), radix: 16)
            let bound = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
            condition = ", \"_id\": {\"$lt\": \"\(bound)\"}"
        }
        let filter = """
            {"action": "dispatch", "decided_at": {"$gte": \(Self.date(range.lowerBound.milliseconds)),
             "$lt": \(Self.date(range.upperBound.milliseconds))}\(condition)}
            """
        let options = """
            {"limit": \(2 * Self.deliverySampleSize), "maxTimeMS": \(Self.summaryLimit), "hint": "filters",
             "projection": {"job_id": 1, "channel": 1, "job.created_at": 1, "job.expires_at": 1}}
            """
        var rest = try find(
            Document(json: filter, doing: doing), Document(json: options, doing: doing), in: Collection.decisions.rawValue, doing: doing)[
                ...]
        while !rest.isEmpty {
            try add(Array(rest.prefix(Self.jobsAtOnce)), to: &sample, doing: doing)
            rest = rest.dropFirst(Self.jobsAtOnce)
        }
        sample.seconds.sort()
        return sample
    }

    private func add(_ decisions: [Document], to sample: inout DeliverySample, doing: String) throws(StoreError) {
        let attempts = try decisions.map { document throws(StoreError) in try SampledAttempt(document) }
        var writer = DocumentWriter()
        writer.begin()
        let condition = writer.openDocument("job_id")
        let list = writer.openArray("$in")
        for (index, attempt) in attempts.enumerated() { writer.element(index, string: attempt.jobID) }
        writer.close(at: list)
        writer.close(at: condition)
        writer.end()
        let options = """
            {"limit": \(attempts.count * 20), "maxTimeMS": \(Self.summaryLimit), "hint": "job_id",
             "projection": {"_id": 0, "job_id": 1, "status": 1, "occurred_at": 1}}
            """
        let found = try find(writer.document, Document(json: options, doing: doing), in: Collection.outcomes.rawValue, doing: doing)
        var known: Set<String> = []
        var deliveredAt: [String: Timestamp] = [:]
        for document in found {
            let fields = DocumentFields(document, name: "an outcome")
            let (job, at) = (try fields.text("job_id"), try fields.time("occurred_at"))
            known.insert(job)
            guard try fields.text("status") == DeliveryStatus.delivered.rawValue else { continue }
            deliveredAt[job] = min(deliveredAt[job] ?? at, at)
        }
        for attempt in attempts { sample.add(attempt, isKnown: known.contains(attempt.jobID), deliveredAt: deliveredAt[attempt.jobID]) }
    }

    private static func date(_ milliseconds: Int64) -> String { "{\"$date\": {\"$numberLong\": \"\(milliseconds)\"}}" }
}

/// What the figures need of a decision.
private struct SampledAttempt {
    let jobID: String
    let channel: Channel
    let createdAt: Timestamp
    let expiresAt: Timestamp?

    init(_ document: Document) throws(StoreError) {
        let fields = DocumentFields(document, name: "a decision")
        jobID = try fields.text("job_id")
        channel = try fields.word("channel")
        let job = try fields.fields("job")
        createdAt = try job.time("created_at")
        expiresAt = try job.optionalTime("expires_at")
    }
}

extension DeliverySample {
    fileprivate mutating func add(_ attempt: SampledAttempt, isKnown: Bool, deliveredAt: Timestamp?) {
        attempts += 1
        guard isKnown else { return }
        known += 1
        knownByChannel[attempt.channel, default: 0] += 1
        guard let deliveredAt else { return }
        delivered += 1
        seconds.append(Double(max(0, deliveredAt.milliseconds - attempt.createdAt.milliseconds)) / 1000)
        guard let expiresAt = attempt.expiresAt else { return }
        withDeadline += 1
        if deliveredAt <= expiresAt { onTime += 1 }
    }
}
