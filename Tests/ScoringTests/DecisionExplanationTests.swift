import Foundation
import Scoring
import Testing

/// Sentences as people get them, and the figures they stand on.
struct DecisionExplanationTests {
    private let now = Timestamp(milliseconds: 1_772_600_767_000)

    /// P = σ(2) at once, σ(−2) later; beta by σ(0.5) better than alpha.
    private static let stumps = [
        ModelFixture.Stump(feature: "delay_s", threshold: 1, below: 2, above: -2),
        ModelFixture.Stump(feature: "provider", threshold: 1, below: -0.25, above: 0.25),
    ]

    private func explain(
        _ stumps: [ModelFixture.Stump] = stumps, health: LiveHealth = LiveHealth(), conditions: DecisionConditions? = nil,
        _ change: (inout Job) throws -> Void = { _ in }
    ) throws -> (decision: Decision, explanation: DecisionExplanation) {
        var job = try JobFixture.firstAttempt(at: now)
        job.recipient = "someone@example.com"
        try change(&job)
        let scorer = try ModelFixture.scorer(stumps)
        var workspace = ScoringWorkspace()
        let decision = scorer.decide([PendingJob(job: job)], now: now, health: health, conditions: conditions, workspace: &workspace)[0]
        return (decision, scorer.explainer().explain(decision, of: job))
    }

    @Test func theBestActionIsExplainedByWhatSpeaksForAndAgainstIt() throws {
        let (decision, explanation) = try explain(
            Self.stumps + [ModelFixture.Stump(feature: "payload_size", threshold: 50, below: 1, above: -0.5)])
        #expect(decision.reason == .bestUtility)
        #expect(explanation.reason == .bestUtility)
        #expect(
            explanation.sentence
                == "Send now through beta instead of alpha: 85 % likely to be delivered, because it is sent at once, although it has 100 bytes; "
                + "next best is alpha now, worth 0.29 points less.")
        #expect(explanation.method == "tree_shap")
        // Without weights of training rows all leaves count the same: means 0, 0 and 0.25.
        #expect(explanation.base == 0.25)
        #expect(explanation.contributions.map(\.name) == ["delay_s", "payload_size", "provider"])
        #expect(explanation.contributions.map(\.value) == ["0 s", "100 bytes", "beta"])
        #expect(explanation.contributions.map(\.logOdds) == [2, -0.75, 0.25])
        let runnerUp = try #require(explanation.runnerUp)
        #expect(runnerUp.provider == "alpha")
        #expect(runnerUp.delayMilliseconds == 0)
        #expect(runnerUp.probability == decision.actions[0].probability)
        #expect(runnerUp.utility == decision.actions[0].utility)
        #expect(runnerUp.pointsBehind == decision.actions[decision.chosen ?? 0].utility - decision.actions[0].utility)
        #expect(decision.actions.map(\.utility).sorted().dropLast().last == runnerUp.utility)
    }

    @Test func aWaitTellsHowLong() throws {
        let (_, explanation) = try explain([ModelFixture.Stump(feature: "delay_s", threshold: 600, below: -3, above: 3)]) {
            $0.providers = ["alpha"]
        }
        #expect(
            explanation.sentence
                == "Wait 15 min, then send through alpha: 95 % likely to be delivered, because it waits 15 min; "
                + "next best is alpha now, worth 0.2 points less.")
    }

    @Test func theOnlyWayHasNoRunnerUp() throws {
        let (decision, explanation) = try explain {
            $0.providers = ["alpha"]
            $0.expiresAt = now + 10_000
        }
        #expect(decision.actions.count == 1)
        #expect(explanation.runnerUp == nil)
        #expect(explanation.sentence.hasSuffix("; there is no other way."))
    }

    @Test func liveHealthIsToldInWords() throws {
        let stump = ModelFixture.Stump(feature: "provider_success_rate_short", threshold: 0.5, below: -1, above: 1)
        let (_, explanation) = try explain([stump], health: HealthFixture.health(at: now)) { $0.providers = ["alpha"] }
        #expect(explanation.sentence.contains(", because alpha delivered "))
        #expect(explanation.sentence.contains(" % in the last minutes;"))
        #expect(explanation.contributions.map(\.name) == ["provider_success_rate_short"])
        #expect(explanation.contributions.first?.value.hasSuffix(" %") == true)
    }

    /// What a job with the routes alpha and beta meets.
    private func conditions(_ change: (inout DecisionConditions) -> Void) -> DecisionConditions {
        var conditions = DecisionConditions(routes: [.init(), .init()], hasRetryBudget: true, priority: .init(high: 0.02, low: 0.00003))
        change(&conditions)
        return conditions
    }

    /// Every reason, with a decision that has it.
    @Test(arguments: DecisionReason.allCases) func everyReasonHasItsSentence(reason: DecisionReason) throws {
        let (decision, explanation): (Decision, DecisionExplanation)
        let sentence: String
        switch reason {
        case .bestUtility:
            (decision, explanation) = try explain()
            sentence =
                "Send now through beta instead of alpha: 90 % likely to be delivered, because it is sent at once; "
                + "next best is alpha now, worth 0.18 points less."
        case .notDue:
            (decision, explanation) = try explain { $0.sendTime = now + 7_200_000 }
            sentence = "Wait 1 h, then decide again: it is not due for 2 h."
        case .expired:
            (decision, explanation) = try explain { $0.expiresAt = now + -90_000 }
            sentence = "Give up: it expired 1.5 min ago."
        case .permanentFailure:
            (decision, explanation) = try explain {
                $0.lastStatus = .hardBounce
                $0.responseCode = 550
                $0.previousAttempts = 1
            }
            sentence = "Give up: the last attempt ended as a hard bounce (code 550), which no further attempt can change."
        case .alreadyDelivered:
            (decision, explanation) = try explain { $0.lastStatus = .delivered }
            sentence = "Nothing to do: it was delivered already."
        case .attemptsExhausted:
            (decision, explanation) = try explain { $0.previousAttempts = 8 }
            sentence = "Give up: 8 attempts failed, as many as the policy allows for a transactional message."
        case .notWorthwhile:
            (decision, explanation) = try explain([ModelFixture.Stump(feature: "delay_s", threshold: 1, below: -9, above: -10)]) {
                $0.channel = .sms
                $0.templateType = .marketing
            }
            sentence =
                "Give up: no attempt is worth its cost; the best, alpha now, is under 0.1 % likely to be delivered and costs "
                + "0.25 points more than that is worth."
        case .exploration:
            // Drawn by the job's id; alpha and beta are equally good.
            var found: (Decision, DecisionExplanation)?
            for number in 0..<1000 where found == nil {
                let one = try explain(Array(Self.stumps.prefix(1)), conditions: conditions { _ in }) { $0.jobID = "job-\(number)" }
                if one.decision.reason == .exploration { found = one }
            }
            (decision, explanation) = try #require(found)
            sentence =
                "Send now through beta instead of alpha to learn what that brings: 88 % likely to be delivered, because it is sent "
                + "at once; alpha now would be worth the same."
        case .probe:
            (decision, explanation) = try explain(
                conditions: conditions {
                    $0.routes[0].breaker = .halfOpen
                    $0.routes[0].admittedShare = 0.05
                })
            sentence =
                "Send now through alpha to test whether it has recovered: 85 % likely to be delivered, because it is sent at once, "
                + "although it goes through alpha; beta now would be worth 0.18 points more, but a few jobs test a route that has failed."
        case .circuitOpen:
            (decision, explanation) = try explain(
                conditions: conditions {
                    $0.routes[1].breaker = .open
                    $0.routes[1].closedForMilliseconds = 240_000
                    $0.routes[1].isAdmitted = false
                })
            sentence =
                "Send now through alpha: 85 % likely to be delivered, because it is sent at once, although it goes through alpha; "
                + "beta now would be worth 0.18 points more, but its circuit breaker is open for another 4 min."
        case .rateLimited:
            (decision, explanation) = try explain(conditions: conditions { $0.routes[1].freeInMilliseconds = 3000 })
            sentence =
                "Send now through alpha: 85 % likely to be delivered, because it is sent at once, although it goes through alpha; "
                + "beta now would be worth 0.18 points more, but it has as much to do as it takes."
        case .retryBudget:
            (decision, explanation) = try explain(conditions: conditions { $0.hasRetryBudget = false }) {
                $0.previousAttempts = 1
                $0.lastStatus = .timeout
            }
            sentence =
                "Wait 15 s, then send through beta instead of alpha: 15 % likely to be delivered, because it goes through beta, although "
                + "it waits 15 s; beta now would be worth 2.8 points more, but there have been more retries than first attempts pay for."
        case .lastChance:
            (decision, explanation) = try explain(
                conditions: conditions { conditions in
                    for index in conditions.routes.indices { conditions.routes[index].freeInMilliseconds = 60_000 }
                }
            ) { $0.expiresAt = now + 10_000 }
            sentence =
                "Send now through beta instead of alpha, whatever stands against it, since later would be too late: 90 % likely to be "
                + "delivered, because it is sent at once; next best is alpha now, worth 0.26 points less."
        case .noModel, .latencyBudget:
            var job = try JobFixture.firstAttempt(at: now)
            job.previousAttempts = 1
            job.lastStatus = .timeout
            let scorer = Scorer(model: nil, ladder: .standard, rulesReason: reason)
            decision = try #require(scorer.decide([PendingJob(job: job)], now: now).first)
            explanation = scorer.explainer().explain(decision, of: job)
            let because = reason == .noModel ? "there is no model" : "the model took too long"
            sentence =
                "Wait \(decision.delayMilliseconds / 1000) s, then send through alpha: \(because), "
                + "so the rules decide, after 1 failed attempt."
        }
        #expect(decision.reason == reason)
        #expect(explanation.reason == reason)
        #expect(explanation.sentence == sentence)
        #expect(explanation.contributions.isEmpty == (decision.chosen == nil))
        #expect((explanation.method == nil) == (decision.chosen == nil))
        #expect((explanation.runnerUp != nil) == (decision.actions.count > (decision.chosen == nil ? 0 : 1)))
    }

    @Test func aBudgetThatIsUsedUpCanEndAJob() throws {
        let now = [ModelFixture.Stump(feature: "delay_s", threshold: 1, below: 2, above: -9)]
        let (decision, explanation) = try explain(now, conditions: conditions { $0.hasRetryBudget = false }) {
            $0.previousAttempts = 7
            $0.lastStatus = .timeout
            $0.providers = ["alpha"]
            $0.channel = .sms
            $0.expiresAt = $0.sendTime + 14_000
        }
        #expect(decision.kind == .giveUp && decision.reason == .retryBudget)
        #expect(
            explanation.sentence
                == "Give up: there have been more retries than first attempts pay for; alpha now would be 88 % likely to be delivered.")
    }

    @Test func whatExpiresBeforeItIsDueSaysSo() throws {
        let (_, explanation) = try explain {
            $0.sendTime = now + 60_000
            $0.expiresAt = now + 30_000
        }
        #expect(explanation.sentence == "Give up: it expires in 30 s, before it is due.")
    }

    /// Each column by itself decides a tree, with values and without.
    @Test(arguments: [false, true]) func everyColumnHasAClauseAndAValue(hasHistory: Bool) throws {
        let health = hasHistory ? try HealthFixture.health(at: now) : LiveHealth()
        var clauses: Set<String> = []
        for feature in try ModelFixture.schema.features {
            let stumps = [0.1, 100, 10_000].map {
                ModelFixture.Stump(feature: feature.name, threshold: $0, below: 0.5, above: 1.5)
            }
            let (_, explanation) = try explain(stumps, health: health) {
                $0.expiresAt = hasHistory ? now + 40_000_000 : nil
                guard hasHistory else { return }
                $0.previousAttempts = 1
                $0.lastStatus = .timeout
                $0.responseCode = 504
                $0.latencyMilliseconds = 812.5
                $0.lastAttemptAt = now + -60_000
            }
            let contribution = try #require(explanation.contributions.first, "\(feature.name)")
            #expect(contribution.name == feature.name)
            #expect(!contribution.value.contains("nan") && !contribution.value.isEmpty)
            // The clause is worded, not the column's name.
            let clause = try #require(
                explanation.sentence.split(separator: ";").first?.split(separator: ",", maxSplits: 1).last, "\(feature.name)")
            #expect(!clause.contains("_"), "\(clause)")
            clauses.insert(String(clause))
            #expect(!explanation.sentence.contains("someone"))
        }
        #expect(clauses.count > 20)
    }

    /// A decision from the log explains itself like the one that was taken.
    @Test func theExplanationIsAFunctionOfTheRecord() throws {
        var job = try JobFixture.job
        job.sendTime = now
        job.expiresAt = now + 100_000_000
        let scorer = try ModelFixture.scorer(Self.stumps)
        let health = try HealthFixture.health(at: now)
        let decision = try #require(scorer.decide([PendingJob(job: job)], now: now, health: health).first)
        var record = job
        record.recipient = nil
        for attribution in [DecisionExplainer.Attribution.exact, .path] {
            let explainer = scorer.explainer(attribution: attribution)
            #expect(explainer.explain(decision, of: job) == explainer.explain(decision, of: record))
        }
        // One-split trees leave nothing to divide: both kinds agree.
        let exact = scorer.explainer().explain(decision, of: job)
        let path = scorer.explainer(attribution: .path).explain(decision, of: job)
        #expect(path.method == "path")
        #expect(exact.contributions.map(\.name) == path.contributions.map(\.name))
        for (left, right) in zip(exact.contributions, path.contributions) { #expect(abs(left.logOdds - right.logOdds) < 1e-9) }
    }

    @Test func encodesItsPartsUnderTheirNames() throws {
        let (_, explanation) = try explain()
        let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(explanation))
        let members = try #require(object as? [String: Any])
        #expect(Set(members.keys) == ["sentence", "reason", "method", "base", "contributions", "runner_up"])
        #expect(members["reason"] as? String == "best_utility")
        let first = try #require((members["contributions"] as? [[String: Any]])?.first)
        #expect(Set(first.keys) == ["name", "value", "log_odds"])
        let runnerUp = try #require(members["runner_up"] as? [String: Any])
        #expect(Set(runnerUp.keys) == ["provider", "delay_ms", "probability", "utility", "points_behind"])
    }
}
