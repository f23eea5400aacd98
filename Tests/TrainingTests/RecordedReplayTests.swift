import Scoring
import Store
import Testing
import Training

/// Decisions of the log come out the same when they are taken again.
@Suite struct RecordedReplayTests {
    @Test func everyDecisionComesOutTheSame() throws {
        var served = try ServedWorld.shared()
        let scorer = served.scorer
        try withDatabase("replay") { database in
            try served.log(to: database)
            var selection = DecisionLog.Selection()
            // The last decisions come after the last outcome.
            selection.until = try database.decisionTimes()?.upperBound
            let log = try DecisionLog(database, selection)
            var versions: Set<String> = []
            let report = try RecordedReplay(log) { version in
                versions.insert(version)
                return scorer
            }.run()
            #expect(report.comparedCount == served.records.count)
            #expect(report.mismatchCount == 0, "\(report.mismatches)")
            #expect(report.otherCount == 0)
            #expect(versions == ["small"])

            // Half of the time, from the middle on: health is warm from the outcomes before.
            selection.from = served.records[served.records.count / 2].decision.decidedAt
            let second = try RecordedReplay(DecisionLog(database, selection)) { _ in scorer }.run(model: "small")
            #expect(second.comparedCount < report.comparedCount && second.comparedCount > report.comparedCount / 3)
            #expect(second.mismatchCount == 0, "\(second.mismatches)")

            // With rules in place of the model, nothing is compared, and some actions change.
            let rules = try RecordedReplay(log) { _ in Scorer(model: nil, ladder: .standard) }.run()
            #expect(rules.comparedCount == 0)
            #expect(rules.otherCount == served.records.count)
            #expect(rules.changedCount > 0 && rules.changedCount < rules.otherCount)

            // A ladder that is another today shows, with the decision and what differs.
            let shorter = Scorer(model: try ServedWorld.model(), ladder: try DelayLadder(["15s", "1m"]))
            let changed = try RecordedReplay(log) { _ in shorter }.run()
            #expect(changed.mismatchCount > 0)
            #expect(changed.mismatches.count == 10)
            #expect(changed.mismatches[0].differences.contains { $0.hasPrefix("actions: ") || $0.hasPrefix("delay_ms: ") })
        }
    }
}
