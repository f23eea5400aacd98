import Foundation

/// What a run showed, and which guarantees it broke.
struct Verdict {
    /// One fault and what followed.
    struct Incident {
        var fault: Fault
        /// From its end until a decision came out again.
        var recoverySeconds: Double
        var duplicates: Int
        /// Most duplicates that the fault explains.
        var allowed: Int
    }

    let seed: UInt64
    private(set) var incidents: [Incident] = []
    /// Published, each confirmed by the broker.
    var jobs = 0
    /// Numbers of confirmed jobs that never came out.
    var lost: [Int] = []
    /// Messages that the tool's own reader got twice.
    var reread = 0
    /// Duplicates outside of any fault.
    var lateDuplicates = 0
    /// Ids, with the reason, of what nobody expected.
    var unexpected: [String] = []
    /// Jobs and spooled records that lie there although all is over.
    var leftInQueue = 0
    var recordsMissing = 0
    var recordsWithoutMessage = 0

    init(seed: UInt64) {
        self.seed = seed
    }

    mutating func add(_ incident: Incident) {
        incidents.append(incident)
    }

    /// The last incident in words.
    var lastLine: String {
        guard let last = incidents.last else { return "" }
        return "\(last.fault.name): decides again after \(Self.seconds(last.recoverySeconds)) s, \(last.duplicates) duplicates"
    }

    /// What must not be so.
    var breaches: [String] {
        var breaches: [String] = []
        func demand(_ holds: Bool, _ text: String) { if !holds { breaches.append(text) } }
        demand(lost.isEmpty, "\(lost.count) confirmed jobs are lost: \(lost.prefix(10))")
        demand(unexpected.isEmpty, "messages that nobody expected: \(unexpected.prefix(10))")
        demand(leftInQueue == 0, "\(leftInQueue) messages still lie in the queues of jobs and spooled records")
        demand(recordsMissing == 0, "\(recordsMissing) decisions have no record")
        demand(recordsWithoutMessage == 0, "\(recordsWithoutMessage) records have no message")
        demand(lateDuplicates == 0, "\(lateDuplicates) duplicates outside of any fault")
        for incident in incidents {
            demand(
                incident.duplicates <= incident.allowed,
                "\(incident.fault.name): \(incident.duplicates) duplicates, of which it explains \(incident.allowed)")
            demand(
                incident.recoverySeconds <= incident.fault.recoverySeconds,
                "\(incident.fault.name): decides again after \(Self.seconds(incident.recoverySeconds)) s, not \(incident.fault.recoverySeconds)"
            )
        }
        return breaches
    }

    /// One row for each kind of fault, and the totals.
    var table: String {
        var rows = [["fault", "times", "decides again after, s: median", "worst", "duplicates: all", "most", "explained"]]
        for fault in FaultTable.all {
            let own = incidents.filter { $0.fault.name == fault.name }
            guard !own.isEmpty else { continue }
            let recoveries = own.map(\.recoverySeconds).sorted()
            rows.append([
                fault.name, "\(own.count)", Self.seconds(recoveries[recoveries.count / 2]), Self.seconds(recoveries.last ?? 0),
                "\(own.reduce(0) { $0 + $1.duplicates })", "\(own.map(\.duplicates).max() ?? 0)", "\(own.map(\.allowed).max() ?? 0)",
            ])
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + padding : padding + cell
            }.joined(separator: "  ")
        }
        return lines.joined(separator: "\n") + """


            seed \(seed): \(incidents.count) faults, \(jobs) jobs confirmed, \(lost.count) lost, \
            \(incidents.reduce(lateDuplicates) { $0 + $1.duplicates }) duplicated, \(unexpected.count) unexpected, \(recordsMissing) records missing, \
            \(recordsWithoutMessage) records without a message; \(reread) messages were read twice by this tool
            """
    }

    /// The figures as one flat object.
    var json: String {
        var figures: [(String, Double)] = [
            ("chaos.jobs", Double(jobs)), ("chaos.faults", Double(incidents.count)), ("chaos.lost", Double(lost.count)),
            ("chaos.duplicates", Double(incidents.reduce(lateDuplicates) { $0 + $1.duplicates })),
            ("chaos.unexpected", Double(unexpected.count)), ("chaos.records_missing", Double(recordsMissing)),
            ("chaos.records_without_message", Double(recordsWithoutMessage)), ("chaos.breaches", Double(breaches.count)),
        ]
        for fault in FaultTable.all {
            let own = incidents.filter { $0.fault.name == fault.name }
            guard !own.isEmpty else { continue }
            figures.append(("chaos.\(fault.name).times", Double(own.count)))
            figures.append(("chaos.\(fault.name).worst_recovery_s", own.map(\.recoverySeconds).max() ?? 0))
            figures.append(("chaos.\(fault.name).duplicates", Double(own.reduce(0) { $0 + $1.duplicates })))
        }
        return "{\n" + figures.map { "  \"\($0.0)\": \($0.1)" }.joined(separator: ",\n") + "\n}\n"
    }

    private static func seconds(_ value: Double) -> String { String(format: "%.2f", value) }
}
