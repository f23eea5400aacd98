import Scoring
import Testing

/// Actions of many jobs in one go, against the row of each action by itself: to the bit.
struct ActionRowsTests {
    private let now = Timestamp(milliseconds: 1_772_600_767_000)

    /// A job of which everything that a feature tells may be there or missing.
    private func job(_ number: Int, _ generator: inout SeededGenerator) throws -> Job {
        var job = try JobFixture.firstAttempt("job-\(number)", at: now)
        job.channel = Channel.allCases.randomElement(using: &generator) ?? .email
        job.templateType = TemplateType.allCases.randomElement(using: &generator) ?? .otp
        job.recipientCountry = try JobFixture.country(["DE", "FR", "US", "AQ"].randomElement(using: &generator) ?? "DE")
        job.providers = [["alpha"], ["beta", "alpha"], ["gamma", "alpha", "beta"]].randomElement(using: &generator) ?? ["alpha"]
        job.payloadSize = Int.random(in: 0...100_000, using: &generator)
        job.createdAt = now + -Int64.random(in: 0...100_000_000, using: &generator)
        job.sendTime = now + -Int64.random(in: 0...10_000, using: &generator)
        job.expiresAt = Bool.random(using: &generator) ? now + Int64.random(in: 1...200_000_000, using: &generator) : nil
        guard Bool.random(using: &generator) else { return job }
        job.previousAttempts = Int.random(in: 1...3, using: &generator)
        job.lastStatus = [.softBounce, .timeout, .throttled, .rejected].randomElement(using: &generator) ?? .timeout
        job.responseCode = Bool.random(using: &generator) ? Int.random(in: 200...599, using: &generator) : nil
        job.latencyMilliseconds = Bool.random(using: &generator) ? Double.random(in: 0...30_000, using: &generator) : nil
        job.lastAttemptAt = Bool.random(using: &generator) ? now + -Int64.random(in: 0...1_000_000, using: &generator) : nil
        return job
    }

    /// A model of random conditions on any columns.
    private func model(_ generator: inout SeededGenerator) throws -> [ModelFixture.Stump] {
        let names = try ModelFixture.schema.names
        return (0..<Int.random(in: 1...300, using: &generator)).map { _ in
            ModelFixture.Stump(
                feature: names.randomElement(using: &generator) ?? "",
                threshold: [0.5, 1, 3, 30, 900, 5000, 50_000].randomElement(using: &generator) ?? 0,
                below: Float.random(in: -0.2...0.2, using: &generator), above: Float.random(in: -0.2...0.2, using: &generator))
        }
    }

    private func row(_ job: Job, _ action: CandidateAction, health: LiveHealth) throws -> [Float] {
        let schema = try ModelFixture.schema
        var row = [Float](repeating: -1, count: schema.featureCount)
        var span = row.mutableSpan
        schema.row(job: job, action: action, decidedAt: now, health: health, into: &span)
        return row
    }

    @Test(arguments: 1...12) func rowsAndMarginsAreThoseOfEachActionAlone(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let schema = try ModelFixture.schema
        let stumps = try model(&generator)
        let contents = try ModelFixture.model(stumps)
        let model = try ScoringModel(manifest: ModelFixture.manifest(for: contents), model: contents)
        let health = seed % 3 == 0 ? LiveHealth() : try HealthFixture.health(at: now)
        var rows = ActionRows()
        // The second batch finds the memory of the first.
        for jobCount in [40, Int.random(in: 1...60, using: &generator)] {
            rows.removeAll()
            var expected: [Float] = []
            for number in 0..<jobCount {
                let job = try job(number, &generator)
                var actions = CandidateActions.all(
                    for: job, at: now, ladder: .standard, patience: Int64.random(in: -1...90_000_000, using: &generator))
                // Some lists have gaps, or another order than the policy's.
                if number % 4 == 1 { actions.removeAll { _ in Bool.random(using: &generator) } }
                if number % 4 == 2 { actions.shuffle(using: &generator) }
                rows.append(job, actions: actions.span, decidedAt: now, health: health, schema: schema)
                for action in actions { expected += try row(job, action, health: health) }
            }
            let count = expected.count / schema.featureCount
            #expect(rows.actionCount == count)
            for action in 0..<count {
                let start = action * schema.featureCount
                #expect(rows.row(action).map(\.bitPattern) == expected[start..<start + schema.featureCount].map(\.bitPattern))
            }
            var margins = [Float](repeating: .nan, count: count)
            var output = margins.mutableSpan
            model.margins(of: rows, into: &output)
            var whole = margins
            output = whole.mutableSpan
            model.margins(of: expected.span, into: &output)
            #expect(margins.map(\.bitPattern) == whole.map(\.bitPattern))
            #expect(Set(margins).count > 1 || stumps.count < 5)
        }
    }

    /// Every decision with a chosen action tells the very row that was scored.
    @Test func decisionsCarryTheRowOfTheirAction() throws {
        var generator = SeededGenerator(seed: 99)
        let scorer = try ModelFixture.scorer(model(&generator))
        let health = try HealthFixture.health(at: now)
        let jobs = try (0..<300).map { PendingJob(job: try job($0, &generator)) }
        var chosenCount = 0
        for (pending, decision) in zip(jobs, scorer.decide(jobs, now: now, health: health)) {
            guard let chosen = decision.chosen else { continue }
            chosenCount += 1
            let expected = try row(pending.job, decision.actions[chosen].action, health: health)
            #expect(decision.features.map(\.bitPattern) == expected.map(\.bitPattern))
        }
        #expect(chosenCount > 200)
    }
}
