internal import Scoring

/// The log by filters, a page at a time.
///
/// No combination of filters has an index of its own, and no page may cost more than a bounded number of index entries and documents. So a
/// search goes in steps: from where it stands, the end of a step is some thousand entries further along an index, found in the index alone;
/// then what matches between the two is read. Of the indexes that serve the filter, the one is taken whose step reaches back furthest,
/// which is the one that is most selective *here*. A search that has used up its limits gives what it has, and where to go on.
extension Database {
    /// Milliseconds for one query of a search.
    private static let searchLimit = 2000
    /// Decisions that are read at once where their outcomes decide.
    private static let candidateCount = 500
    /// Most outcomes of a job, on average, that are read with a page.
    private static let outcomesPerJob = 20

    /// Decisions that match, the newest first.
    ///
    /// Pages that follow each other neither repeat nor skip a decision, whatever is stored meanwhile. A page may be short, even empty,
    /// before the end: then the limits were used up on decisions that do not match.
    ///
    /// - Parameter position: `next` of the page before; `nil` = from the newest on.
    /// - Throws: `.unavailable` with the raw code 50 where the server needed more than 2 s for one query.
    package func decisionPage(
        _ filter: DecisionFilter, after position: DecisionPosition?, limits: DecisionSearchLimits
    ) throws(StoreError) -> DecisionPage {
        var page = DecisionPage()
        guard let times = filter.times else { return page }
        let deadline = ContinuousClock.now + limits.time
        var stands = DecisionPosition(behind: Timestamp(milliseconds: times.upperBound + 1))
        if let position, position.decidedAt.milliseconds <= times.upperBound { stands = position }
        var steps = 0
        var candidates = 0
        while true {
            guard steps < limits.steps, candidates < limits.candidates, steps == 0 || ContinuousClock.now < deadline else { break }
            let step = try nextStep(filter, times, from: stands, limits)
            let wanted = filter.outcome == nil ? limits.count - page.entries.count : Self.candidateCount
            let found = try decisions(filter, step, in: times, from: stands, limit: wanted)
            steps += 1
            candidates += found.count
            for entry in try withOutcomes(found) where filter.outcome?.accepts(entry.record.decision.kind, entry.outcomes) ?? true {
                page.entries.append(entry)
                guard page.entries.count < limits.count else { break }
            }
            if page.entries.count == limits.count, let last = page.entries.last?.record.decision {
                page.next = DecisionPosition(decidedAt: last.decidedAt, id: last.id)
                return page
            }
            if found.count == wanted, let last = found.last?.decision {
                // More may match before the end of the step.
                stands = DecisionPosition(decidedAt: last.decidedAt, id: last.id)
            } else if let end = step.end {
                stands = DecisionPosition(behind: end)
            } else {
                return page
            }
        }
        page.next = stands
        return page
    }

    /// A step of a search: along which index, and the time of its last entry; `nil` = to the end of the log.
    private struct Step {
        var index: DecisionIndex
        var end: Timestamp?
    }

    private func nextStep(
        _ filter: DecisionFilter, _ times: ClosedRange<Int64>, from stands: DecisionPosition, _ limits: DecisionSearchLimits
    ) throws(StoreError) -> Step {
        // Everything matches, so a page is as many entries as it has decisions.
        guard filter.isSelective || filter.outcome != nil else { return Step(index: .time, end: nil) }
        let narrower = DecisionIndex.narrower(for: filter)
        if filter.jobID != nil || filter.notificationID != nil { return Step(index: narrower[0], end: nil) }
        var best = Step(index: .time, end: try stepEnd(.time, limits, times, from: stands))
        for index in narrower {
            guard let reached = best.end else { break }
            let end = try stepEnd(index, limits, times, from: stands)
            if end.map({ $0 < reached }) ?? true { best = Step(index: index, end: end) }
        }
        return best
    }

    /// The time of the entry a step further; `nil` where the log ends before.
    private func stepEnd(
        _ index: DecisionIndex, _ limits: DecisionSearchLimits, _ times: ClosedRange<Int64>, from stands: DecisionPosition
    ) throws(StoreError) -> Timestamp? {
        let doing = "searching the decisions"
        let upper = stands.id == DecisionPosition.noID ? stands.unseen : stands.decidedAt.milliseconds
        guard times.lowerBound <= upper else { return nil }
        var writer = DocumentWriter(capacity: 512)
        writer.begin()
        if let field = index.field { writer.string(field, index.value) }
        Self.write(times.lowerBound...upper, to: &writer)
        writer.end()
        let options = """
            {"sort": {"decided_at": -1, "_id": -1}, "skip": \(index.stepLength(limits) - 1), "limit": 1, "projection": {"_id": 1, "decided_at": 1},
             "hint": "\(index.name)", "maxTimeMS": \(Self.searchLimit)}
            """
        let found = try find(writer.document, Document(json: options, doing: doing), in: Collection.decisions.rawValue, doing: doing)
        return try found.first.map { document throws(StoreError) in
            try DocumentFields(document, name: "a decision").time("decided_at")
        }
    }

    /// The newest that match within the step, at most `limit`.
    private func decisions(
        _ filter: DecisionFilter, _ step: Step, in times: ClosedRange<Int64>, from stands: DecisionPosition, limit: Int
    ) throws(StoreError) -> [DecisionRecord] {
        var found: [DecisionRecord] = []
        let lower = step.end?.milliseconds ?? times.lowerBound
        // The rest of the millisecond that the search stands in comes first: so both queries have plain bounds in the index.
        if stands.id != DecisionPosition.noID, times.contains(stands.decidedAt.milliseconds) {
            found = try decisions(filter, step.index, limit: limit) { writer in
                writer.date("decided_at", stands.decidedAt.milliseconds)
                let before = writer.openDocument("_id")
                writer.string("$lt", stands.id)
                writer.close(at: before)
            }
        }
        let upper = min(stands.unseen, times.upperBound)
        guard found.count < limit, lower <= upper else { return found }
        found += try decisions(filter, step.index, limit: limit - found.count) { Self.write(lower...upper, to: &$0) }
        return found
    }

    private func decisions(
        _ filter: DecisionFilter, _ index: DecisionIndex, limit: Int, _ writeTimes: (inout DocumentWriter) -> Void
    ) throws(StoreError) -> [DecisionRecord] {
        let doing = "searching the decisions"
        var writer = DocumentWriter(capacity: 1024)
        writer.begin()
        filter.writeFields(to: &writer)
        writeTimes(&writer)
        writer.end()
        let found = try find(
            writer.document, Document(json: Self.searchOptions(index.name, limit: limit), doing: doing),
            in: Collection.decisions.rawValue, doing: doing)
        return try found.map { document throws(StoreError) in try DecisionRecord(document, withRows: false) }
    }

    /// What a failover may take back is not shown.
    private static func searchOptions(_ index: String, limit: Int) -> String {
        """
        {"sort": {"decided_at": -1, "_id": -1}, "limit": \(limit), "hint": "\(index)", "maxTimeMS": \(searchLimit),
         "projection": {"features": 0, "actions": 0, "chosen": 0, "conditions": 0}, "readConcern": {"level": "majority"}}
        """
    }

    private static func write(_ times: ClosedRange<Int64>, to writer: inout DocumentWriter) {
        let condition = writer.openDocument("decided_at")
        writer.date("$gte", times.lowerBound)
        writer.date("$lte", times.upperBound)
        writer.close(at: condition)
    }

    private func withOutcomes(_ records: [DecisionRecord]) throws(StoreError) -> [DecisionPage.Entry] {
        guard !records.isEmpty else { return [] }
        let jobs = Set(records.map(\.job.jobID))
        let outcomes = try outcomesOf(jobs, limit: jobs.count * Self.outcomesPerJob)
        return records.map { DecisionPage.Entry(record: $0, outcomes: outcomes[$0.job.jobID] ?? []) }
    }

    /// What became of these jobs, each in the order in which it happened.
    private func outcomesOf(_ jobs: Set<String>, limit: Int) throws(StoreError) -> [String: [Outcome]] {
        let doing = "finding the outcomes of \(jobs.count) jobs"
        var writer = DocumentWriter()
        writer.begin()
        let condition = writer.openDocument("job_id")
        let list = writer.openArray("$in")
        for (index, id) in jobs.enumerated() { writer.element(index, string: id) }
        writer.close(at: list)
        writer.close(at: condition)
        writer.end()
        let options = "{\"limit\": \(limit), \"maxTimeMS\": \(Self.searchLimit), \"hint\": \"job_id\"}"
        let found = try find(writer.document, Document(json: options, doing: doing), in: Collection.outcomes.rawValue, doing: doing)
        var outcomes: [String: [Outcome]] = [:]
        for document in found {
            let outcome = try Outcome(document)
            outcomes[outcome.jobID, default: []].append(outcome)
        }
        return outcomes.mapValues { $0.sorted { $0.occurredAt < $1.occurredAt } }
    }

    /// The decisions on a notification, oldest first, without feature rows, at most `limit`, each with what is known of its job.
    package func history(notificationID: String, limit: Int) throws(StoreError) -> [DecisionPage.Entry] {
        let doing = "finding the decisions on a notification"
        let options = """
            {"sort": {"decided_at": 1}, "limit": \(limit), "maxTimeMS": \(Self.searchLimit), "hint": "notification_id",
             "projection": {"features": 0, "actions": 0, "chosen": 0, "conditions": 0}, "readConcern": {"level": "majority"}}
            """
        let found = try find(
            Self.filter("notification_id", notificationID), Document(json: options, doing: doing), in: Collection.decisions.rawValue,
            doing: doing)
        let records = try found.map { document throws(StoreError) in try DecisionRecord(document, withRows: false) }
        return try withOutcomes(records)
    }

    /// The names of the columns of a feature schema; `nil` where it was never registered.
    package func featureNames(schema fingerprint: String) throws(StoreError) -> [String]? {
        let doing = "finding a feature schema"
        let found = try find(Self.filter("_id", fingerprint), limits(doing), in: Collection.schemas.rawValue, doing: doing)
        return try found.first.map { document throws(StoreError) in
            try DocumentFields(document, name: "a feature schema").array("features") { $0.string }
        }
    }
}
