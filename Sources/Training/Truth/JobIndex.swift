/// Which jobs a data set has, and which of them are test rows.
///
/// By the hashes of their ids: of a million ids, two share a hash once in thirty million data sets.
struct JobIndex {
    /// The test row, or −1 for a job of another period.
    private var rows: [Int: Int32] = [:]
    private(set) var testRowCount = 0

    mutating func add(_ jobID: String, testRow: Int?) {
        rows[jobID.hashValue] = testRow.map { Int32($0) } ?? -1
        if testRow != nil { testRowCount += 1 }
    }

    enum Entry {
        case unknown
        case otherPeriod
        case testRow(Int)
    }

    subscript(jobID: String) -> Entry {
        guard let row = rows[jobID.hashValue] else { return .unknown }
        return row < 0 ? .otherPeriod : .testRow(Int(row))
    }
}
