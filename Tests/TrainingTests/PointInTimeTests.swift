import Foundation
import Scoring
import Testing
import Training

/// No row of a data set knows what happened after its decision.
@Suite struct PointInTimeTests {
    /// The training rows of a small model, in the order of the log.
    private func rows(_ log: SyntheticLog, _ scratch: Scratch, version: String) throws -> FeatureRowTable {
        let data = try scratch.write(log)
        var configuration = TrainingConfiguration(
            dataPaths: [data], modelsPath: "\(scratch.path)/models", createdAt: Timestamp(milliseconds: 0), threads: 1)
        configuration.version = version
        configuration.maximumTrees = 1
        configuration.resamples = 0
        let report = try Trainer(configuration).run { _ in }
        let model = Array(try Data(contentsOf: URL(fileURLWithPath: "\(report.path)/\(Manifest.modelFileName)")))
        return try FeatureRowTable(manifest: report.manifest, model: model, dataPaths: [data], part: .training)
    }

    @Test func whatOccursLaterChangesNoEarlierRow() throws {
        let scratch = try Scratch()
        let log = SyntheticLog(notifications: 3000)
        let columns = SyntheticLog.header.split(separator: ",").map(String.init)
        func column(_ name: String) throws -> Int { try #require(columns.firstIndex(of: name)) }
        let (sent, delay, latency) = (try column("send_time"), try column("delay_ms"), try column("outcome_latency_ms"))
        let lines = log.lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        let border = try #require(Timestamp(rfc3339: lines[lines.count / 3][sent]))
        // Every outcome from the border on is another; what the later jobs say of them is left as it is.
        var changed = log
        for line in 2...lines.count {
            let fields = lines[line - 1]
            let decided = try #require(Timestamp(rfc3339: fields[sent]))
            let occurred = decided + (try #require(Int64(fields[delay]))) + (try #require(Int64(fields[latency])))
            guard occurred >= border else { continue }
            try changed.set("status", line: line, to: "throttled")
            try changed.set("outcome_latency_ms", line: line, to: "\((Int64(fields[latency]) ?? 0) + 77)")
        }
        // Delivered rows must remain in every part, or nothing can be trained.
        for line in stride(from: lines.count - 20, through: lines.count, by: 2) { try changed.set("status", line: line, to: "delivered") }
        for line in stride(from: lines.count / 3 + 2, through: lines.count, by: 3) {
            try changed.set("status", line: line, to: "delivered")
        }
        let before = try rows(log, scratch, version: "before")
        let after = try rows(changed, scratch, version: "after")
        #expect(before.names == after.names)
        #expect(before.labels.count == after.labels.count)
        let width = before.names.count
        // Training rows are the first of the log, in its order.
        var equal = 0
        var differing = 0
        for row in before.labels.indices {
            let decided = try #require(Timestamp(rfc3339: lines[row + 1][sent]))
            let bits = { (table: FeatureRowTable) in table.features[row * width..<(row + 1) * width].map(\.bitPattern) }
            if decided < border {
                #expect(bits(before) == bits(after), "row \(row) knew of the future")
                equal += 1
            } else if bits(before) != bits(after) {
                differing += 1
            }
        }
        #expect(equal > 500)
        #expect(differing > 500, "and the change is seen once it has happened")
    }

    @Test func aRepeatedJobIsLeftOutAndCounted() throws {
        let scratch = try Scratch()
        var log = SyntheticLog(notifications: 2000)
        log.replaceLine(100, with: log.lines[98])
        var configuration = TrainingConfiguration(
            dataPaths: [try scratch.write(log)], modelsPath: "\(scratch.path)/models", createdAt: Timestamp(milliseconds: 0), threads: 1)
        configuration.maximumTrees = 1
        configuration.resamples = 0
        let report = try Trainer(configuration).run { _ in }
        #expect(report.leftOut.duplicate == 1)
        #expect(report.manifest.data.rowCount == log.lines.count - 2)
    }
}
