internal import Scoring

/// Reads a data set attempt by attempt; every value is checked as strictly as a job message's.
struct AttemptLog {
    /// Longest delay an action can have: 7 days, the delay ladder's bound.
    private static let delays: ClosedRange<Int64> = 0...604_800_000

    /// Rows between two reports of progress.
    static let progressRows = 8192

    private var reader: CSVReader

    /// Opens the file and checks its header.
    init(path: String) throws(AttemptLogError) {
        reader = try CSVReader(path: path)
        guard try reader.next() else { throw AttemptLogError(path, "the file is empty") }
        for index in 0..<max(AttemptColumn.names.count, reader.fieldCount) {
            let found = index < reader.fieldCount ? String(decoding: reader.field(index), as: UTF8.self) : nil
            let expected = index < AttemptColumn.names.count ? AttemptColumn.names[index] : nil
            guard found == expected else {
                throw AttemptLogError(
                    path, line: 1,
                    "column \(index + 1) of the header is \(found.map { "'\($0.prefix(64))'" } ?? "missing"), "
                        + (expected.map { "not '\($0)'" } ?? "one too many"))
            }
        }
    }

    var path: String { reader.path }
    /// Line the last attempt began on, from 1.
    var line: Int { reader.line }

    /// Share of the file that has been read, 0 to 1.
    var share: Double { min(Double(reader.bytesRead) / Double(max(reader.byteCount, 1)), 1) }

    /// SHA-256 of what has been read: of the whole file once `next` has returned `nil`.
    func sha256() -> String { reader.sha256() }

    /// The next attempt; `nil` at the end of the file.
    mutating func next() throws(AttemptLogError) -> Attempt? {
        guard try reader.next() else { return nil }
        guard reader.fieldCount == AttemptColumn.allCases.count else {
            throw AttemptLogError(
                reader.path, line: reader.line, "\(reader.fieldCount) fields, not \(AttemptColumn.allCases.count)")
        }
        return Attempt(
            job: try job(), action: CandidateAction(delayMilliseconds: try delay(), providerIndex: 0),
            decidedAt: try time(.sendTime), status: try status(),
            responseCode: isEmpty(.outcomeResponseCode) ? nil : try integer(.outcomeResponseCode, JobLimits.responseCode),
            outcomeLatencyMilliseconds: isEmpty(.outcomeLatencyMilliseconds)
                ? nil : try number(.outcomeLatencyMilliseconds, JobLimits.latencyMilliseconds),
            propensity: isEmpty(.propensity) ? nil : try number(.propensity, 0...1))
    }

    private func job() throws(AttemptLogError) -> Job {
        let recipient = isEmpty(.recipient) ? nil : try text(.recipient, 1...JobLimits.recipientBytes)
        return Job(
            jobID: try text(.jobID, Job.identifierLengths), notificationID: try text(.notificationID, Job.identifierLengths),
            channel: try word(.channel), provider: try text(.provider, Job.identifierLengths), recipient: recipient,
            recipientCountry: try country(), templateType: try word(.templateType),
            payloadSize: try integer(.payloadSize, JobLimits.payloadSize), createdAt: try time(.createdAt), sendTime: try time(.sendTime),
            expiresAt: isEmpty(.expiresAt) ? nil : try time(.expiresAt),
            previousAttempts: try integer(.previousAttempts, JobLimits.previousAttempts), lastStatus: try word(.lastStatus),
            responseCode: isEmpty(.responseCode) ? nil : try integer(.responseCode, JobLimits.responseCode),
            latencyMilliseconds: isEmpty(.latencyMilliseconds) ? nil : try number(.latencyMilliseconds, JobLimits.latencyMilliseconds),
            lastAttemptAt: isEmpty(.lastAttemptAt) ? nil : try time(.lastAttemptAt))
    }

    private func delay() throws(AttemptLogError) -> Int64 {
        try integer(.delayMilliseconds, Self.delays)
    }

    private func status() throws(AttemptLogError) -> DeliveryStatus? {
        guard !isEmpty(.status) else { return nil }
        let status: DeliveryStatus = try word(.status)
        guard status != .none else { throw error(.status, "an attempt cannot end with 'none'") }
        return status
    }

    // MARK: Fields

    private func isEmpty(_ column: AttemptColumn) -> Bool {
        reader.field(column.rawValue).isEmpty
    }

    private func text(_ column: AttemptColumn, _ lengths: ClosedRange<Int>) throws(AttemptLogError) -> String {
        let field = reader.field(column.rawValue)
        guard lengths.contains(field.count) else {
            throw error(column, "\(field.count) bytes, not \(lengths.lowerBound) to \(lengths.upperBound)")
        }
        guard let text = String(validating: field, as: UTF8.self) else { throw error(column, "not UTF-8") }
        return text
    }

    private func word<Word: RawRepresentable<String> & CaseIterable>(_ column: AttemptColumn) throws(AttemptLogError) -> Word {
        guard let word = Word(rawValue: String(decoding: reader.field(column.rawValue), as: UTF8.self)) else {
            throw error(column, "\(found(column)) is none of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return word
    }

    private func country() throws(AttemptLogError) -> CountryCode {
        guard let country = CountryCode(String(decoding: reader.field(AttemptColumn.recipientCountry.rawValue), as: UTF8.self)) else {
            throw error(.recipientCountry, "\(found(.recipientCountry)) is no country code of ISO 3166-1")
        }
        return country
    }

    private func time(_ column: AttemptColumn) throws(AttemptLogError) -> Timestamp {
        guard let time = Timestamp(rfc3339: String(decoding: reader.field(column.rawValue), as: UTF8.self)) else {
            throw error(column, "\(found(column)) is no time as RFC 3339 writes it")
        }
        return time
    }

    private func integer<Integer: FixedWidthInteger>(
        _ column: AttemptColumn, _ range: ClosedRange<Integer>
    ) throws(AttemptLogError) -> Integer {
        let field = reader.field(column.rawValue)
        guard let integer = Integer(String(decoding: field, as: UTF8.self)), range.contains(integer) else {
            throw error(column, "\(found(column)) is no whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    private func number(_ column: AttemptColumn, _ range: ClosedRange<Double>) throws(AttemptLogError) -> Double {
        let field = reader.field(column.rawValue)
        // Swift reads hexadecimal numbers too; a data set has none.
        guard let number = Double(String(decoding: field, as: UTF8.self)), range.contains(number),
            !field.contains(where: { $0 | 0x20 == 0x78 })
        else {
            throw error(column, "\(found(column)) is no number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private func found(_ column: AttemptColumn) -> String {
        let field = reader.field(column.rawValue)
        return field.isEmpty ? "an empty field" : "'\(String(decoding: field.prefix(64), as: UTF8.self))'"
    }

    private func error(_ column: AttemptColumn, _ reason: String) -> AttemptLogError {
        AttemptLogError(reader.path, line: reader.line, column: column.name, reason)
    }
}
