/// Reads the world's own probabilities of the test rows: CSV with the columns `job_id` and `true_probability`.
enum TrueProbabilities {
    static let columns = ["job_id", "true_probability"]

    /// A probability for each test row, in their order.
    ///
    /// Throws an `AttemptLogError` for a job that the data set does not have or has no probability for, and for whatever else is wrong.
    static func read(path: String, jobs: JobIndex) throws(AttemptLogError) -> [Float] {
        var reader = try CSVReader(path: path)
        guard try reader.next(), (0..<reader.fieldCount).map({ String(decoding: reader.field($0), as: UTF8.self) }) == columns else {
            throw AttemptLogError(path, line: 1, "the header is not '\(columns.joined(separator: ","))'")
        }
        var probabilities = [Float](repeating: .nan, count: jobs.testRowCount)
        var missing = jobs.testRowCount
        while try reader.next() {
            guard reader.fieldCount == columns.count else {
                throw AttemptLogError(path, line: reader.line, "\(reader.fieldCount) fields, not \(columns.count)")
            }
            let jobID = String(decoding: reader.field(0), as: UTF8.self)
            let text = String(decoding: reader.field(1), as: UTF8.self)
            guard let probability = Float(text), (0...1).contains(probability) else {
                throw AttemptLogError(path, line: reader.line, column: columns[1], "'\(text.prefix(64))' is no number from 0 to 1")
            }
            switch jobs[jobID] {
            case .unknown:
                throw AttemptLogError(
                    path, line: reader.line, column: columns[0], "the data set has no job '\(jobID.prefix(128))': is this its truth?")
            case .otherPeriod: continue
            case .testRow(let row):
                guard probabilities[row].isNaN else {
                    throw AttemptLogError(path, line: reader.line, column: columns[0], "the job '\(jobID.prefix(128))' is there twice")
                }
                probabilities[row] = probability
                missing -= 1
            }
        }
        guard missing == 0 else {
            throw AttemptLogError(path, "\(missing) of the \(jobs.testRowCount) jobs of the test period are missing")
        }
        return probabilities
    }
}
