import Foundation
import Monitoring
import Scoring
import Store
import Testing

/// The model's performance on decisions and outcomes in a real MongoDB.
@Suite struct PerformanceReaderTests {
    /// In the future, or the server's retention deletes what is stored.
    private static let asOf = Timestamp(milliseconds: 4_102_444_800_000)
    private static let minute: Int64 = 60_000

    private func record(
        _ id: String, ageMinutes: Int64, probability: Float = 0.5, model: String = "m1", source: DecisionSource = .stream,
        provider: String = "ses", delay: Int64 = 0, reason: DecisionReason = .bestUtility
    ) throws -> DecisionRecord {
        let decidedAt = Self.asOf + -(ageMinutes * Self.minute)
        let job = Job(
            jobID: id, notificationID: "n-\(id)", channel: .sms, provider: "ses", providers: ["ses", "sendgrid"],
            recipientCountry: try #require(CountryCode("DE")), templateType: .alert, payloadSize: 1, createdAt: decidedAt,
            sendTime: decidedAt)
        let actions = [
            ScoredAction(action: CandidateAction(delayMilliseconds: 0, providerIndex: 0), probability: 0.5, utility: 1, propensity: 1)
        ]
        let decision = Decision(
            id: DecisionID(jobID: id, previous: nil), kind: delay == 0 ? .dispatch : .retry, probability: probability, priority: .normal,
            delayMilliseconds: delay, provider: provider, model: model, policy: "utility", reason: reason, actions: actions, chosen: 0,
            propensity: 1, features: [], decidedAt: decidedAt)
        return DecisionRecord(job: job, decision: decision, schemaFingerprint: nil, recipientHash: nil, source: source)
    }

    private func outcome(
        _ id: String, _ status: DeliveryStatus, ageMinutes: Int64, provider: String = "ses", afterMinutes: Int64 = 0
    ) throws -> Outcome {
        let attemptedAt = Self.asOf + -(ageMinutes * Self.minute)
        return Outcome(
            jobID: id, notificationID: "n-\(id)", provider: provider, channel: .sms, recipientCountry: try #require(CountryCode("DE")),
            templateType: .alert, status: status, responseCode: nil, latencyMilliseconds: nil, attemptedAt: attemptedAt,
            occurredAt: attemptedAt + (afterMinutes * Self.minute + 100))
    }

    @Test func onlyMaturedOutcomesOfTheModelCount() throws {
        try withDatabase("performance") { database in
            _ = try database.insert([
                record("delivered", ageMinutes: 90), record("failed", ageMinutes: 91), record("silent", ageMinutes: 92),
                // Its outcome is there, but a slow one of its age would not be.
                record("young", ageMinutes: 20), record("young-delayed", ageMinutes: 100, delay: 60 * Self.minute),
                record("late", ageMinutes: 200), record("elsewhere", ageMinutes: 93),
                // From here on: not the model's, or not a model's at all.
                record("other-model", ageMinutes: 94, model: "m2"), record("shadow", ageMinutes: 95, source: .shadow),
                record("ruled", ageMinutes: 96, probability: .nan), record("api", ageMinutes: 97, source: .api),
                record("old", ageMinutes: 8 * 24 * 60),
            ])
            _ = try database.insert([
                outcome("delivered", .delivered, ageMinutes: 90), outcome("failed", .softBounce, ageMinutes: 91),
                outcome("young", .hardBounce, ageMinutes: 20), outcome("late", .delivered, ageMinutes: 200, afterMinutes: 61),
                outcome("elsewhere", .delivered, ageMinutes: 93, provider: "sendgrid"),
                outcome("other-model", .delivered, ageMinutes: 94), outcome("api", .delivered, ageMinutes: 97),
            ])
            let report = try PerformanceReader(database).report(on: "m1", threshold: 0.5, asOf: Self.asOf)
            let hour = try #require(report.windows[.hour]?.counts)
            #expect(hour.decisions == 7)
            #expect(hour.matured == 3)
            #expect(hour.delivered == 2)
            #expect(hour.pending == 2)
            #expect(hour.unknown == 1)
            #expect(hour.superseded == 1)
            // The one whose outcome came after its time is unknown, and older than two hours.
            let day = try #require(report.windows[.day]?.counts)
            #expect(day.decisions == 8 && day.unknown == 2 && day.matured == 3)
            #expect(report.windows[.week]?.counts == day)
            #expect(report.windows.values.allSatisfy { !$0.isTruncated })
        }
    }

    @Test func figuresAndLimitOnStoredAttempts() throws {
        try withDatabase("performance") { database in
            var (records, outcomes): ([DecisionRecord], [Outcome]) = ([], [])
            // As in `PerformanceMeasurementTests`, a second apart, the newest last.
            for index in 0..<80 {
                let (probability, isDelivered) = [(Float(0.25), false), (0.75, true), (0.5, true), (0.5, false)][index % 4]
                records.append(try record("j\(index)", ageMinutes: 110 - Int64(index) / 2, probability: probability))
                outcomes.append(try outcome("j\(index)", isDelivered ? .delivered : .timeout, ageMinutes: 110 - Int64(index) / 2))
            }
            _ = try database.insert(records)
            _ = try database.insert(outcomes)
            let whole = try PerformanceReader(database).report(on: "m1", threshold: 0.5, asOf: Self.asOf)
            #expect(whole.windows[.hour]?.counts.matured == 80)
            #expect(whole.windows[.hour]?.figures[.auc]?.value == 0.875)
            #expect(whole.windows[.hour]?.figures[.precision].map { abs($0.value - 2.0 / 3) < 1e-12 } == true)
            #expect(whole.windows[.hour]?.reliability.map(\.predicted) == [0.25, 0.5, 0.75])
            #expect(whole.windows[.hour]?.reliability.map(\.rows) == [20, 40, 20])
            // Two attempts a minute, in steps of five; of six hours in the week.
            let steps = try #require(whole.windows[.hour]?.steps)
            #expect(steps.reduce(0) { $0 + $1.counts.matured } == 80)
            #expect(steps.dropFirst().dropLast().allSatisfy { $0.counts.matured == 10 && $0.figures == PerformanceFigures() })
            #expect(whole.windows[.week]?.steps.map(\.counts.matured) == [80])
            #expect(whole.windows[.week]?.steps.first?.figures[.auc]?.value == 0.875)
            #expect(whole.segments.filter { $0.division == .channel }.map(\.group) == ["sms"])
            let limited = try PerformanceReader(database, limit: 40).report(on: "m1", threshold: 0.5, asOf: Self.asOf)
            #expect(limited.windows[.hour]?.counts.matured == 40)
            #expect(limited.windows[.hour]?.isTruncated == true)
        }
    }

    @Test func anAbsentDatabaseIsAnErrorThatPasses() throws {
        let database = try Database(url: StoreURL("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200", database: "absent"))
        #expect {
            _ = try PerformanceReader(database).report(on: "m1", threshold: 0.5, asOf: Self.asOf)
        } throws: { error in
            (error as? StoreError)?.isRetriable == true
        }
    }
}

/// Runs `body` on a prepared database of its own and drops it afterwards.
private func withDatabase(_ suite: String, _ body: (Database) throws -> Void) throws {
    let url = try #require(
        ProcessInfo.processInfo.environment["HERALD_TEST_MONGODB_URL"],
        "HERALD_TEST_MONGODB_URL is not set: run `make test`, which starts a MongoDB of its own and sets it")
    let name = "herald_test_\(suite)_\(ProcessInfo.processInfo.processIdentifier)_\(UInt32.random(in: 0...(.max)))"
    let database = try Database(url: StoreURL(url, database: name))
    let result = Result {
        _ = try database.prepare()
        try body(database)
    }
    try database.drop()
    try result.get()
}
