import Broker
import Faults
import Foundation

/// Messages that no honest producer sends; each must come out once, decided or in quarantine, and hurt no other.
enum HostileMessages {
    /// What the queue's messages were called: ids are never used twice.
    private static let round = Monitor(0)

    private static func nextRound() -> Int {
        round.update {
            $0 += 1
            return $0
        }
    }

    /// Frames and bodies of every hostile kind.
    static func send(to line: ChaosLine) throws -> Fault.Over {
        let round = nextRound()
        func id(_ kind: String) -> String { "\(JobLedger.specialPrefix)\(round)-\(kind)" }
        let text = JobText(now: Date())
        func job(_ id: String) -> String { String(decoding: text.job(1, id: id), as: UTF8.self) }

        let raw = try RawPublisher(line.brokerURL)
        defer { raw.close() }
        let tables: [(kind: String, table: [UInt8])] = [
            ("empty-key", RawPublisher.text("", bytes: 3)), ("nested", RawPublisher.nested("x-deep", depth: 20_000)),
            ("long-header", RawPublisher.text("x-long", bytes: 130_900)),
        ]
        var ids: [String] = []
        for (kind, table) in tables {
            ids.append(id(kind))
            try raw.publish(job(id(kind)), to: line.names.jobs, headers: table, messageID: id(kind))
        }
        let large = #"{"job_id":""# + String(repeating: "x", count: 16 << 20) + #""}"#
        for (kind, body) in [("large", large), ("empty", ""), ("no-json", "{"), ("array", "[1,2]")] {
            ids.append(id(kind))
            try raw.publish(body, to: line.names.jobs, headers: [], messageID: id(kind))
        }
        try awaitSpecials(ids, on: line)
        return .now
    }

    /// A job that kills every process that decides on it.
    static func poison(_ line: ChaosLine) throws -> Fault.Over {
        let id = "\(JobLedger.specialPrefix)\(nextRound())-poison"
        let deadly = ["HERALD_CRASH_AT": "job:\(id)"]
        try line.scorer.stopCleanly()
        try line.scorer.start(environment: deadly)
        let raw = try RawPublisher(line.brokerURL)
        defer { raw.close() }
        let body = String(decoding: JobText(now: Date()).job(1, id: id), as: UTF8.self)
        try raw.publish(body, to: line.names.jobs, headers: [], messageID: id)
        let deadline = MonotonicTime.now + .seconds(120)
        while line.ledger.read({ $0.specials[id] }) == nil {
            guard MonotonicTime.now < deadline else { throw ChaosError("the poison is not in quarantine after 120 s") }
            if !line.scorer.isRunning {
                try line.scorer.awaitCrash(within: 1)
                try line.scorer.start(environment: deadly)
            }
            usleep(20_000)
        }
        let reason = line.ledger.read { $0.specials[id] }
        guard reason == "crash_poison" else { throw ChaosError("the poison came out as '\(reason ?? "")', not 'crash_poison'") }
        try line.scorer.stopCleanly()
        try line.scorer.start()
        return .now
    }

    private static func awaitSpecials(_ ids: [String], on line: ChaosLine) throws {
        guard line.ledger.wait(seconds: 60, { state in ids.allSatisfy { state.specials[$0] != nil } }) else {
            let missing = line.ledger.read { state in ids.filter { state.specials[$0] == nil } }
            throw ChaosError("hostile messages did not come out within 60 s: \(missing)")
        }
    }
}
