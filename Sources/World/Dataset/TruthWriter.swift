/// Writes the true probability of every attempt beside a dataset: CSV, a row per attempt, to be flushed as the dataset is.
package struct TruthWriter {
    /// First line of the file.
    package static let header = "job_id,true_probability"

    private var buffer = CSVBuffer(capacity: 1 << 16)

    package init() {
        buffer.append(Array(Self.header.utf8))
        buffer.endField()
        buffer.endRow()
    }

    /// Adds the truth of an attempt, which must have been asked for.
    package mutating func add(_ row: LoggedAttempt) {
        buffer.append(DatasetWriter.prefix)
        buffer.append(Base36(row.new.number))
        buffer.append([UInt8(ascii: ".")])
        buffer.append(Int64(row.pending.previousAttempts))
        buffer.endField()
        buffer.append(probability: row.trueProbability)
        buffer.endField()
        buffer.endRow()
    }

    /// Hands over what has been added since the last time.
    package mutating func flush(to sink: ([UInt8]) throws -> Void) rethrows {
        try sink(buffer.bytes)
        buffer.removeAll()
    }
}
