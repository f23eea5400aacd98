import Foundation
import Scoring
import Store
import Testing
import Training

/// What an export says, a reader of CSV finds again, to the bit.
@Suite struct DecisionExportTests {
    /// The rows of an export by column.
    private func rows(_ folder: String) throws -> (header: [String], rows: [[String: String]], parts: [String]) {
        let parts = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/rows").sorted()
        var header: [String] = []
        var rows: [[String: String]] = []
        for part in parts {
            let lines = try String(contentsOfFile: "\(folder)/rows/\(part)", encoding: .utf8).split(separator: "\n")
            header = lines[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            for line in lines.dropFirst() {
                let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                try #require(fields.count == header.count)
                rows.append(Dictionary(uniqueKeysWithValues: zip(header, fields)))
            }
        }
        return (header, rows, parts)
    }

    @Test func rowsAreThoseThatWereLoggedToTheBit() throws {
        let scratch = try Scratch()
        var served = try ServedWorld.shared()
        let schema = try #require(served.scorer.schema)
        try withDatabase("export") { database in
            try served.log(to: database)
            let log = try DecisionLog(database)
            let folder = "\(scratch.path)/export"
            var shares: [Double] = []
            let summary = try DecisionExport(log, schema: schema, partitionRows: 4000).run(to: folder) { shares.append($1) }
            #expect(summary.rowCount > 10_000)
            #expect(summary.replayedCount == 0)
            #expect(summary.partCount == (summary.rowCount + 3999) / 4000)
            #expect(summary.leftOut.noAttempt > 0)
            #expect(shares == shares.sorted() && shares.last == 1)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["_SUCCESS", "rows", "schema.json"])
            #expect(try JSONDecoder().decode(FeatureSchema.self, from: Data(contentsOf: URL(filePath: "\(folder)/schema.json"))) == schema)

            let (header, rows, parts) = try rows(folder)
            #expect(parts.first == "part-00000.csv" && parts.count == summary.partCount)
            #expect(header == DecisionExport.keyColumns + schema.names)
            #expect(Set(header).count == header.count)
            #expect(rows.count == summary.rowCount)
            let records = Dictionary(uniqueKeysWithValues: served.records.map { ($0.decision.id.text, $0) })
            let outcomes = Dictionary(grouping: served.outcomes, by: \.jobID)
            var differing = 0
            for row in rows {
                let record = try #require(records[row["decision_id"] ?? ""])
                let read = schema.names.map { name in row[name].flatMap { Float($0) } ?? .nan }
                let bits = { (values: [Float]) in values.map { $0.isNaN ? UInt32.max : $0.bitPattern } }
                if bits(read) != bits(record.decision.features) { differing += 1 }
                let outcome = outcomes[record.job.jobID]?.first
                #expect(row["label"] == (outcome?.status == .delivered ? "1" : "0"))
                #expect(row["outcome_status"] == outcome?.status.rawValue)
                #expect(row["provider_name"] == record.decision.provider)
                #expect(row["predicted_probability"].flatMap { Float($0) } == record.decision.probability)
            }
            #expect(differing == 0)
            #expect(Set(rows.compactMap { $0["split"] }) == ["training", "validation", "calibration", "test"])

            // The words of another schema: rows are computed again, and the columns that have no words are the same.
            let other = try FeatureSchema(countries: [], providers: [])
            let again = "\(scratch.path)/again"
            let replayed = try DecisionExport(log, schema: other, partitionRows: 1_000_000).run(to: again) { _, _ in }
            #expect(replayed.replayedCount == summary.rowCount)
            let second = try self.rows(again)
            let numeric = schema.names.filter { !["provider", "recipient_country"].contains($0) }
            #expect(zip(rows, second.rows).allSatisfy { left, right in numeric.allSatisfy { left[$0] == right[$0] } })
        }
    }

    @Test func aFolderWithSomethingInItIsLeftAlone() throws {
        let scratch = try Scratch()
        var served = try ServedWorld.shared()
        try withDatabase("export") { database in
            #expect(throws: TrainingError.self) { try DecisionLog(database) }
            try served.log(to: database)
            let export = DecisionExport(try DecisionLog(database), schema: served.scorer.schema, partitionRows: 1_000_000)
            let folder = "\(scratch.path)/full"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data("old".utf8).write(to: URL(filePath: "\(folder)/part-00009.csv"))
            let error = #expect(throws: TrainingError.self) { try export.run(to: folder) { _, _ in } }
            #expect(error?.code == .unwritable)
            #expect(try scratch.entries("full") == ["part-00009.csv"])
            #expect(try scratch.entries("").filter { $0.hasSuffix(".partial") }.isEmpty)
        }
    }
}
