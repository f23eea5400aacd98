internal import Store

/// Records that were handed to the log together, as the documents that will be inserted.
struct LogBatch: Sendable {
    private(set) var records: EncodedRecords
    /// Position, in what was handed over, of each of `records`.
    private(set) var positions: [Int] = []
    /// Told what became of records.
    let report: @Sendable (LogReport) -> Void

    /// Encodes records; those that no document can be made of are reported at once.
    init<Record: LogRecord>(encoding records: some Sequence<Record>, report: @escaping @Sendable (LogReport) -> Void) {
        self.report = report
        self.records = EncodedRecords(of: Record.collection, capacity: records.underestimatedCount * 2048)
        var writer = DocumentWriter()
        var refused = LogReport()
        for (position, record) in records.enumerated() {
            do throws(RecordDefect) {
                try self.records.append(record, with: &writer)
                positions.append(position)
            } catch {
                refused.rejected.append((position, "\(error.code): \(error.message)"))
            }
        }
        if !refused.rejected.isEmpty { report(refused) }
    }

    /// Number of documents.
    var count: Int { records.count }
}
