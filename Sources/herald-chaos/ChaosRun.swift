import Broker
import Foundation
import Scoring
import Store

/// One run: load, faults one after the other, and the accounts.
struct ChaosRun {
    /// Until everything in flight has come out after the last fault, seconds.
    private static let drainSeconds = 180.0
    /// Until every job that was published during a fault has come out, seconds.
    private static let catchUpSeconds = 120.0

    private let line: ChaosLine
    private let options: HeraldChaos

    init(_ line: ChaosLine, options: HeraldChaos) {
        self.line = line
        self.options = options
    }

    func run() throws -> Verdict {
        try line.prepare()
        let collector = try Collector(line.names, ladder: ChaosLine.ladder, at: line.brokerURL, ledger: line.ledger)
        try collector.start()
        let load = try LoadGenerator(
            to: line.names.jobs, at: line.brokerURL, ledger: line.ledger, goal: options.jobs, rate: options.rate)
        try load.start()
        try line.scorer.start()
        try line.awaitNews()

        var verdict = Verdict(seed: options.seed)
        let faults = schedule()
        for (ordinal, fault) in faults.enumerated() {
            verdict.add(try inflict(fault, ordinal: ordinal, load))
            say("\(ordinal + 1)/\(faults.count) \(verdict.lastLine); \(load.published) jobs published")
        }
        say("the faults are over; the load goes on up to \(options.jobs) jobs")
        line.ledger.begin(fault: faults.count)
        verdict.jobs = try load.finish()
        try settle(&verdict)
        collector.stop()
        return verdict
    }

    /// Every fault once before any twice, in an order that the seed tells.
    private func schedule() -> [Fault] {
        let table = FaultTable.all.filter { options.only.isEmpty || options.only.contains($0.name) }
        var generator = SeededGenerator(seed: options.seed)
        var faults: [Fault] = []
        while faults.count < options.faults { faults += table.shuffled(using: &generator) }
        return Array(faults.prefix(options.faults))
    }

    private func inflict(_ fault: Fault, ordinal: Int, _ load: LoadGenerator) throws -> Verdict.Incident {
        let ledger = line.ledger
        ledger.begin(fault: ordinal)
        let (crashes, repeated) = (line.scorer.crashCount, load.repeated)
        let over: Fault.Over
        do {
            over = try fault.inflict(line)
        } catch {
            throw ChaosError("\(fault.name), fault \(ordinal + 1) of seed \(options.seed): \(error)")
        }
        var (since, fresh) = (MonotonicTime.now, ledger.handedOver)
        if case .since(let time, let number) = over { (since, fresh) = (time, number) }
        let hasRecovered = ledger.wait(seconds: 60) { $0.highestSeen >= fresh }
        let recovery = MonotonicTime.now - since
        guard hasRecovered else { throw ChaosError("\(fault.name), fault \(ordinal + 1) of seed \(options.seed): no decision for 60 s") }
        try line.scorer.checkRunning()
        // What the fault leaves to be delivered again comes before what is published from now on.
        let now = ledger.handedOver
        _ = ledger.wait(seconds: Self.catchUpSeconds) { $0.completeBelow >= now }
        usleep(300_000)
        return Verdict.Incident(
            fault: fault, recoverySeconds: recovery / .seconds(1), duplicates: ledger.read { $0.duplicates[ordinal] ?? 0 },
            allowed: (fault.mayDuplicate ? ChaosLine.prefetch * max(1, line.scorer.crashCount - crashes) : 0) + load.repeated - repeated)
    }

    /// Waits until everything has come out, stops the scorer, and compares with the log.
    private func settle(_ verdict: inout Verdict) throws {
        let ledger = line.ledger
        let jobs = verdict.jobs
        _ = ledger.wait(seconds: Self.drainSeconds) { $0.seenCount == jobs }
        let deadline = MonotonicTime.now + .seconds(Self.drainSeconds)
        while try line.depth(of: line.names.logSpool) > 0, MonotonicTime.now < deadline { usleep(200_000) }
        try line.scorer.stopCleanly()
        verdict.leftInQueue = try line.depth(of: line.names.jobs) + line.depth(of: line.names.logSpool)
        let state = ledger.read { $0 }
        verdict.lost = state.confirmed.indices.filter { state.confirmed[$0] && state.seen[$0] == 0 }
        verdict.reread = state.rereadCount
        verdict.lateDuplicates = state.duplicates.filter { $0.key < 0 || $0.key >= verdict.incidents.count }.values.reduce(0, +)
        verdict.unexpected = state.unexpected + state.misdecided + state.innocents
        try compareWithLog(state, &verdict)
    }

    private func compareWithLog(_ state: JobLedger.State, _ verdict: inout Verdict) throws {
        let decided =
            state.seen.indices.lazy.filter { state.seen[$0] > 0 }.map { JobLedger.id($0) }
            + state.specials.filter { $0.value == "decided" }.map(\.key)
        var stored = 0
        var batch: [DecisionID] = []
        for id in decided {
            batch.append(DecisionID(jobID: id, previous: nil))
            if batch.count == 5000 {
                stored += try line.database.countStored(batch)
                batch = []
            }
        }
        stored += try line.database.countStored(batch)
        verdict.recordsMissing = decided.count - stored
        verdict.recordsWithoutMessage = try line.recordCount() - stored
    }
}
