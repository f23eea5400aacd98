import Scoring
import Store
import Testing
import Training
import World

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

    @Test func whatTheRulesDecidedInAModelsPlaceComesOutTheSameByItsParameters() throws {
        var (manifest, bytes) = try ServedWorld.artifact()
        manifest.policy.templates.otp.maximumAttempts = 2
        manifest.policy.dueToleranceSeconds = 60
        manifest.policy.highPriorityLossPerSecond = 0.001
        let scorer = Scorer(model: try ScoringModel(manifest: manifest, model: bytes), ladder: .standard)
        var configuration = ClosedLoop.Configuration()
        configuration.notifications = 2000
        configuration.days = 0.5
        configuration.scenario = .outage
        var served = ServedWorld(scorer: scorer, isControlled: true, isSlow: { $0.jobID.utf8.reduce(0) { $0 &+ Int($1) } % 3 == 0 })
        _ = ClosedLoop(configuration).run(&served)
        let ruled = served.records.filter { $0.decision.policy == "rules" }
        #expect(ruled.allSatisfy { $0.decision.model == "none" && $0.decision.parameters == "small" })
        // Those that an override decided for the rules, too.
        #expect(Set(ruled.map(\.decision.reason)).isSuperset(of: [.latencyBudget, .attemptsExhausted]))
        try withDatabase("replay_rules") { database in
            try served.log(to: database)
            var selection = DecisionLog.Selection()
            selection.until = try database.decisionTimes()?.upperBound
            let log = try DecisionLog(database, selection)
            let report = try RecordedReplay(log) { version in
                #expect(version == "small")
                return scorer
            }.run()
            #expect(report.comparedCount == served.records.count && report.otherCount == 0)
            #expect(report.mismatchCount == 0, "\(report.mismatches)")

            // By other parameters they are another's decisions, and some come out differently.
            manifest.modelVersion = "other"
            manifest.policy = PolicyParameters()
            let other = Scorer(model: try ScoringModel(manifest: manifest, model: bytes), ladder: .standard)
            let changed = try RecordedReplay(log) { _ in other }.run()
            #expect(changed.comparedCount == 0 && changed.changedCount > 0)
        }
    }

    @Test func aPropensityThatIsNotThePolicysIsTold() throws {
        let scorer = try ServedWorld.shared().scorer
        var configuration = ClosedLoop.Configuration()
        configuration.notifications = 300
        configuration.days = 0.2
        // As if each decision had had another probability of what it did not choose.
        var served = ServedWorld(
            scorer: scorer,
            explore: { _, decision in
                var told = decision
                if let other = told.actions.indices.first(where: { $0 != told.chosen }) { told.actions[other].propensity = 0.25 }
                return told
            })
        _ = ClosedLoop(configuration).run(&served)
        try withDatabase("replay_chance") { database in
            try served.log(to: database)
            var selection = DecisionLog.Selection()
            selection.until = try database.decisionTimes()?.upperBound
            let report = try RecordedReplay(DecisionLog(database, selection)) { _ in scorer }.run()
            let told = served.records.count { $0.decision.actions.contains { $0.propensity == 0.25 } }
            #expect(report.mismatchCount == told && told > 100)
            #expect(report.mismatches.allSatisfy { $0.differences.count == 1 && $0.differences[0].contains(", propensity: ") })
        }
    }
}
