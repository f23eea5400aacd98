import Scoring
import Store
import Testing
import Training

/// The rows that training reads from MongoDB are those that serving scored, to the bit.
@Suite struct TrainingSkewTests {
    @Test func rowsOfTrainingAndServingAreEqualToTheBit() throws {
        let scratch = try Scratch()
        var served = try ServedWorld.shared()
        let schema = try #require(served.scorer.schema)
        try withDatabase("skew") { database in
            try served.log(to: database)
            #expect(served.healthCounts.duplicate > 3000)
            #expect(served.healthCounts.late == 0)
            #expect(Set(served.records.map(\.decision.kind)) == Set(DecisionKind.allCases))

            let log = try DecisionLog(database)
            let skew = try TrainingSkew(log, schema: schema)
            #expect(skew.rowCount >= 10_000)
            #expect(skew.differingBitCount == 0, "\(skew.firstDifference ?? "")")
            #expect(skew.differingRowCount == 0)
            #expect(skew.otherCount == 0)

            // The instrument shows what it is to show: one outcome that serving did not know, and rows of its route differ.
            let noon = served.records[served.records.count / 2].decision.decidedAt
            let middle = try #require(served.outcomes.first { $0.occurredAt >= noon })
            var unheard = middle
            unheard.jobID = "unheard"
            unheard.occurredAt = middle.occurredAt + 1
            _ = try database.insert([unheard])
            let disturbed = try TrainingSkew(DecisionLog(database), schema: schema)
            #expect(disturbed.differingRowCount > 0)
            #expect(disturbed.rowCount == skew.rowCount)

            try trainsOnTheLog(database, rows: skew.rowCount, scratch)
        }
    }

    /// The whole run on the same log: a model of as many rows as were compared.
    private func trainsOnTheLog(_ database: Database, rows: Int, _ scratch: Scratch) throws {
        var configuration = TrainingConfiguration(
            source: .decisions(try DecisionLog(database)), modelsPath: "\(scratch.path)/models", createdAt: Timestamp(milliseconds: 0),
            threads: 1)
        configuration.maximumTrees = 12
        configuration.baselineForestTrees = 2
        configuration.resamples = 0
        let first = try Trainer(configuration).run { _ in }
        #expect(first.manifest.data.rowCount == rows)
        #expect(first.manifest.data.source == "mongodb \(database.url.databaseName)")
        #expect(first.leftOut.noAttempt > 0)
        #expect(first.leftOut.immature > 0)
        #expect(first.pendingRows == first.leftOut.immature + first.leftOut.unknown)
        let model = first.measurement.model.evaluation
        let prior = try #require(first.measurement.baselines.first { $0.name == "prior" }?.evaluation.evaluation)
        #expect(model.logLoss < prior.logLoss)
        configuration.version = "again"
        let second = try Trainer(configuration).run { _ in }
        #expect(second.manifest.data.sha256 == first.manifest.data.sha256)
        #expect(second.manifest.files.first == first.manifest.files.first)
    }
}
