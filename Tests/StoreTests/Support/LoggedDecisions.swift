import Scoring
import Store

/// Decisions and outcomes of a small world in which everything occurs, also at the same millisecond.
struct LoggedDecisions {
    static let providers = ["ses", "sendgrid", "mailgun", "twilio"]
    static let countries = ["DE", "FR", "US"]
    static let models = ["m1", "m2", "none"]

    var records: [DecisionRecord] = []
    var outcomes: [Outcome] = []

    /// - Parameters:
    ///   - first: number of the first decision, for ids.
    ///   - spread: milliseconds after `start` at most.
    init(_ count: Int, from first: Int = 0, start: Int64 = year2100, spread: Int64, using generator: inout SeededGenerator) {
        for number in first..<first + count {
            var record = sampleRecord("job-\(number / 2)", notification: "n-\(number / 5)", features: [1, .nan])
            record.job.channel = Channel.allCases.randomElement(using: &generator)!
            record.job.recipientCountry = CountryCode(Self.countries.randomElement(using: &generator)!)!
            record.job.templateType = TemplateType.allCases.randomElement(using: &generator)!
            record.source = DecisionSource.allCases.randomElement(using: &generator)!
            let decision = record.decision
            record.decision = Decision(
                id: DecisionID(jobID: "decision-\(number)", previous: nil), kind: DecisionKind.allCases.randomElement(using: &generator)!,
                probability: decision.probability, priority: Priority.allCases.randomElement(using: &generator)!, delayMilliseconds: 0,
                provider: Self.providers.randomElement(using: &generator)!, model: Self.models.randomElement(using: &generator)!,
                policy: Bool.random(using: &generator) ? "utility" : "rules",
                reason: Int.random(in: 0..<50, using: &generator) == 0
                    ? .probe : [.bestUtility, .notDue].randomElement(using: &generator)!,
                actions: decision.actions, chosen: decision.chosen, propensity: decision.propensity, features: decision.features,
                decidedAt: Timestamp(milliseconds: start + Int64.random(in: 0...spread, using: &generator)))
            records.append(record)
        }
        for job in Set(records.map(\.job.jobID)).sorted() where Bool.random(using: &generator) {
            let status = DeliveryStatus.allCases.filter { $0 != .none }.randomElement(using: &generator)!
            outcomes.append(sampleOutcome(job, status))
            if Int.random(in: 0..<4, using: &generator) == 0 { outcomes.append(sampleOutcome(job, .delivered, at: year2100 + 9000)) }
        }
    }

    func insert(into database: Database) throws {
        for start in stride(from: 0, to: records.count, by: 5000) {
            let batch = Array(records[start..<min(start + 5000, records.count)])
            guard try database.insert(batch).inserted == batch.count else { throw Rejected() }
        }
        guard try outcomes.isEmpty || database.insert(outcomes).rejected.isEmpty else { throw Rejected() }
    }

    struct Rejected: Error {}

    /// What a search must give, in its order.
    func matches(_ filter: DecisionFilter) -> [DecisionRecord] {
        let byJob = Dictionary(grouping: outcomes, by: \.jobID)
        return records.filter { record in
            let (job, decision) = (record.job, record.decision)
            func fits<Value: Equatable>(_ wanted: Value?, _ value: Value) -> Bool { wanted.map { $0 == value } ?? true }
            return fits(filter.channel, job.channel) && fits(filter.provider, decision.provider)
                && fits(filter.country, job.recipientCountry) && fits(filter.template, job.templateType)
                && fits(filter.action, decision.kind) && fits(filter.priority, decision.priority)
                && fits(filter.reason, decision.reason) && fits(filter.model, decision.model) && fits(filter.policy, decision.policy)
                && fits(filter.source, record.source) && fits(filter.notificationID, job.notificationID) && fits(filter.jobID, job.jobID)
                && decision.decidedAt >= filter.from ?? decision.decidedAt
                && (filter.to.map { decision.decidedAt < $0 } ?? true)
                && (filter.outcome?.accepts(decision.kind, byJob[job.jobID] ?? []) ?? true)
        }.sorted { ($0.decision.decidedAt, $0.decision.id.text) > ($1.decision.decidedAt, $1.decision.id.text) }
    }
}

extension DecisionFilter {
    /// Some fields at random, most of them open.
    static func random(among log: LoggedDecisions, using generator: inout SeededGenerator) -> DecisionFilter {
        func maybe<Value>(_ value: Value?, in cases: Int = 4) -> Value? { Int.random(in: 0..<cases, using: &generator) == 0 ? value : nil }
        var filter = DecisionFilter()
        filter.channel = maybe(.allCases.randomElement(using: &generator))
        filter.provider = maybe((LoggedDecisions.providers + ["absent"]).randomElement(using: &generator))
        filter.country = maybe(CountryCode(LoggedDecisions.countries.randomElement(using: &generator)!))
        filter.template = maybe(.allCases.randomElement(using: &generator))
        filter.action = maybe(.allCases.randomElement(using: &generator))
        filter.priority = maybe(.allCases.randomElement(using: &generator))
        filter.reason = maybe([.probe, .bestUtility, .notDue, .expired].randomElement(using: &generator))
        filter.model = maybe(LoggedDecisions.models.randomElement(using: &generator))
        filter.policy = maybe(["utility", "rules"].randomElement(using: &generator))
        filter.source = maybe(.allCases.randomElement(using: &generator))
        filter.outcome = maybe(
            [.delivered, .failed, .pending, .notAttempted, .status(.timeout), .status(.delivered)].randomElement(using: &generator))
        let known = log.records.randomElement(using: &generator)!
        filter.notificationID = maybe(known.job.notificationID, in: 12)
        filter.jobID = maybe(known.job.jobID, in: 12)
        filter.from = maybe(log.records.randomElement(using: &generator)!.decision.decidedAt)
        filter.to = maybe(log.records.randomElement(using: &generator)!.decision.decidedAt)
        return filter
    }
}

extension Database {
    /// All pages of a search, one after the other.
    func pages(
        _ filter: DecisionFilter, limits: DecisionSearchLimits, most: Int = 100_000, between: () throws -> Void = {}
    ) throws -> [DecisionPage.Entry] {
        var entries: [DecisionPage.Entry] = []
        var position: DecisionPosition?
        for _ in 0..<most {
            let page = try decisionPage(filter, after: position, limits: limits)
            entries += page.entries
            guard let next = page.next else { return entries }
            position = next
            try between()
        }
        throw LoggedDecisions.Rejected()
    }
}
