import Foundation
import Scoring
import Store
import Synchronization
import Testing

@Suite struct DecisionSearchTests {
    @Test("Every filter gives what looking at each decision gives, whatever the length of pages and steps", arguments: [1, 2, 3])
    func againstEachDecision(seed: UInt64) throws {
        try withDatabase("search") { database in
            var generator = SeededGenerator(state: seed)
            // 3000 decisions in 400 ms: most milliseconds have several.
            let log = LoggedDecisions(3000, spread: 400, using: &generator)
            try log.insert(into: database)
            for _ in 0..<60 {
                let filter = DecisionFilter.random(among: log, using: &generator)
                var limits = DecisionSearchLimits(count: [1, 7, 50, 500].randomElement(using: &generator)!)
                if limits.count == 1, filter.jobID == nil, filter.notificationID == nil { limits.count = 20 }
                limits.timeStep = Int.random(in: 50...4000, using: &generator)
                limits.narrowStep = Int.random(in: 10...1000, using: &generator)
                limits.steps = Int.random(in: 1...10, using: &generator)
                let found = try database.pages(filter, limits: limits).map(\.record.decision.id.text)
                #expect(found == log.matches(filter).map(\.decision.id.text), "\(filter) \(limits)")
            }
        }
    }

    @Test("Pages carry the outcomes of their jobs, and neither feature row nor recipient")
    func entries() throws {
        try withDatabase("search_entries") { database in
            var generator = SeededGenerator(state: 4)
            let log = LoggedDecisions(200, spread: 1000, using: &generator)
            try log.insert(into: database)
            let found = try database.pages(DecisionFilter(), limits: DecisionSearchLimits(count: 30))
            #expect(found.count == 200)
            for entry in found {
                let known = log.outcomes.filter { $0.jobID == entry.record.job.jobID }.sorted { $0.occurredAt < $1.occurredAt }
                #expect(entry.outcomes == known)
                #expect(entry.record.decision.features.isEmpty)
                #expect(entry.record.job.recipient == nil)
            }
        }
    }

    @Test("20 000 decisions are paged through without repeating or skipping one while others are stored")
    func underInserts() throws {
        try withDatabase("search_inserts") { database in
            var generator = SeededGenerator(state: 5)
            let log = LoggedDecisions(20_000, spread: 30_000, using: &generator)
            try log.insert(into: database)
            let isOver = Mutex(false)
            let stored = Mutex(0)
            let failures = Mutex<[String]>([])
            let group = DispatchGroup()
            group.enter()
            Thread.detachNewThread {
                // As scorers do: newer ones, and now and then some that waited in the spool.
                var generator = SeededGenerator(state: 6)
                var next = 1_000_000
                while !isOver.withLock({ $0 }) {
                    let isLate = Int.random(in: 0..<4, using: &generator) == 0
                    let more = LoggedDecisions(
                        50, from: next, start: isLate ? year2100 : year2100 + 31_000, spread: 30_000, using: &generator)
                    next += 50
                    do { _ = try database.insert(more.records) } catch { failures.withLock { $0.append("\(error)") } }
                    stored.withLock { $0 += 50 }
                }
                group.leave()
            }
            let pages = Result { try database.pages(DecisionFilter(), limits: DecisionSearchLimits(count: 100)) }
            var filter = DecisionFilter()
            filter.channel = .sms
            let filtered = Result { try database.pages(filter, limits: DecisionSearchLimits(count: 100)) }
            isOver.withLock { $0 = true }
            group.wait()
            #expect(failures.withLock { $0 } == [])
            #expect(stored.withLock { $0 } > 500, "nothing was stored meanwhile")
            let ids = try pages.get().map(\.record.decision.id.text)
            #expect(Set(ids).count == ids.count, "one came twice")
            #expect(Set(log.records.map(\.decision.id.text)).isSubset(of: ids), "one was skipped")
            let sms = try filtered.get().map(\.record.decision.id.text)
            #expect(Set(sms).count == sms.count, "one came twice")
            #expect(Set(log.matches(filter).map(\.decision.id.text)).isSubset(of: sms), "one was skipped")
        }
    }

    @Test("No combination of filters walks further than the limits of a page, over 200 000 decisions")
    func bounded() throws {
        try withDatabase("search_bounded") { database in
            var generator = SeededGenerator(state: 7)
            for part in 0..<20 {
                var log = LoggedDecisions(
                    10_000, from: part * 10_000, start: year2100 + Int64(part) * 60_000, spread: 60_000, using: &generator)
                log.outcomes = []
                try log.insert(into: database)
            }
            let limits = DecisionSearchLimits(count: 50)
            let profiler = try QueryProfiler(database)
            var worst = QueryProfiler.Cost()
            var filters = Self.pairs()
            for _ in 0..<30 { filters.append(Self.subset(using: &generator)) }
            for filter in filters {
                let page = try database.decisionPage(filter, after: nil, limits: limits)
                let cost = try profiler.cost()
                worst.raise(to: cost)
                let isJoined = filter.outcome != nil
                #expect(cost.queries <= limits.steps * 8, "\(filter)")
                let joined = isJoined ? 2 * limits.candidates : limits.count
                #expect(cost.documents <= limits.steps * limits.narrowStep + joined, "\(filter)")
                #expect(cost.keys <= limits.steps * (2 * limits.timeStep + 6 * limits.narrowStep) + 2 * limits.candidates, "\(filter)")
                #expect(cost.plansWithoutIndex == [], "\(filter)")
                #expect(page.entries.count == limits.count || page.next == nil || cost.queries > 1)
            }
            print("search over 200 000 decisions, \(filters.count) combinations: at most \(worst)")
        }
    }

    @Test("The longest step costs what a step may, also where everything is of one millisecond")
    func oneMillisecond() throws {
        try withDatabase("search_one_ms") { database in
            var generator = SeededGenerator(state: 8)
            let log = LoggedDecisions(2000, spread: 0, using: &generator)
            try log.insert(into: database)
            var limits = DecisionSearchLimits(count: 20)
            (limits.timeStep, limits.narrowStep, limits.steps) = (100, 20, 2)
            var filter = DecisionFilter()
            (filter.channel, filter.provider, filter.priority) = (.push, "twilio", .low)
            #expect(
                try database.pages(filter, limits: limits).map(\.record.decision.id.text) == log.matches(filter).map(\.decision.id.text))
        }
    }

    /// Each field alone and with each other one, of values that occur, though never together with `source: api` and `reason: expired`.
    private static func pairs() -> [DecisionFilter] {
        var filters: [DecisionFilter] = []
        for first in setters.indices {
            for second in first..<setters.count {
                var filter = DecisionFilter()
                setters[first](&filter)
                setters[second](&filter)
                filters.append(filter)
            }
        }
        return filters
    }

    private static func subset(using generator: inout SeededGenerator) -> DecisionFilter {
        var filter = DecisionFilter()
        for set in setters where Bool.random(using: &generator) { set(&filter) }
        return filter
    }

    private static let setters: [@Sendable (inout DecisionFilter) -> Void] = [
        { $0.channel = .email }, { $0.provider = "ses" }, { $0.country = CountryCode("DE") }, { $0.template = .otp },
        { $0.action = .dispatch }, { $0.priority = .high }, { $0.reason = .expired }, { $0.model = "m1" }, { $0.policy = "absent" },
        { $0.source = .api }, { $0.outcome = .delivered },
        { ($0.from, $0.to) = (Timestamp(milliseconds: year2100), Timestamp(milliseconds: year2100 + 1_200_000)) },
    ]
}

/// What the server says of the queries that it has answered: the counters that `explain` gives, of the queries themselves.
private final class QueryProfiler {
    struct Cost: CustomStringConvertible {
        var queries = 0
        var keys = 0
        var documents = 0
        var milliseconds = 0
        /// Plans that walk a collection or sort in memory.
        var plansWithoutIndex: [String] = []

        mutating func raise(to other: Cost) {
            queries = max(queries, other.queries)
            keys = max(keys, other.keys)
            documents = max(documents, other.documents)
            milliseconds = max(milliseconds, other.milliseconds)
        }

        var description: String { "\(queries) queries, \(keys) index entries, \(documents) documents, \(milliseconds) ms" }
    }

    private let database: Database

    init(_ database: Database) throws {
        self.database = database
        try run(#"{"profile": 0}"#)
        try run(#"{"create": "system.profile", "capped": true, "size": 16777216}"#)
        try run(#"{"profile": 2}"#)
    }

    private func run(_ command: String) throws {
        let command = try Document(json: command, doing: "testing")
        _ = try command.keys[0] == "profile" ? database.read(command, doing: "testing") : database.write(command, doing: "testing")
    }

    /// Of the queries since the last call.
    func cost() throws -> Cost {
        try run(#"{"profile": 0}"#)
        let entries = try database.batch(
            """
            {"find": "system.profile", "filter": {"op": {"$in": ["query", "getmore"]}, "ns": {"$regex": "decisions|outcomes"}},
             "batchSize": 1000}
            """)
        var cost = Cost()
        for entry in entries {
            cost.queries += 1
            cost.keys += Int(entry["keysExamined"]?.integer ?? 0)
            cost.documents += Int(entry["docsExamined"]?.integer ?? 0)
            cost.milliseconds += Int(entry["millis"]?.integer ?? 0)
            let plan = entry["planSummary"]?.string ?? "none"
            if entry["hasSortStage"] == .bool(true) || !(plan.hasPrefix("IXSCAN") || plan == "EOF") { cost.plansWithoutIndex.append(plan) }
        }
        try run(#"{"drop": "system.profile"}"#)
        try run(#"{"create": "system.profile", "capped": true, "size": 16777216}"#)
        try run(#"{"profile": 2}"#)
        return cost
    }
}
