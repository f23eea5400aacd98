import Broker
import Scoring
import Store
import Testing

/// The sums of a run: what producers were promised, what came out, what the log knows.
struct Accounts: CustomStringConvertible {
    /// Jobs that the broker had confirmed to their producer.
    var confirmed = 0
    /// Confirmed jobs that are in no result queue.
    var lost = 0
    /// Messages in result queues beyond the first of their id.
    var duplicates = 0
    /// Different decision ids among the messages.
    var decisions = 0
    /// Decision documents.
    var logged = 0

    var description: String {
        "\(confirmed) confirmed, \(lost) lost, \(duplicates) duplicated; \(decisions) decisions, \(logged) of them in the log"
    }
}

extension Line {
    /// Empties the result queues, checks what must be so after every run, whatever happened in it, and makes up the accounts.
    ///
    /// Each confirmed job is in a result queue, with its own bytes; all messages of a job are one decision, and the log has each decision
    /// exactly once. How many duplicates are allowed is for the test to say. Nothing may run on the line, and no job may have come back
    /// from a retry queue.
    func makeUpAccounts(of jobs: [TestJob], confirmed: Set<String>) throws -> Accounts {
        let leftInQueue = try depth(of: [names.jobs])
        #expect(leftInQueue == 0, "no job waits")
        let results = try takeResults()
        let lost = confirmed.subtracting(results.ids)
        #expect(lost.isEmpty, "lost: \(lost.sorted().prefix(5))")
        #expect(results.inQueue(names.quarantine).isEmpty)

        let found = results.byID
        var changed: [String] = []
        var split: [String] = []
        for job in jobs {
            guard let messages = found[job.job.jobID] else { continue }
            if messages.contains(where: { $0.body != job.body }) { changed.append(job.job.jobID) }
            let expected = DecisionID(jobID: job.job.jobID, previous: nil)
            if messages.contains(where: { $0.decisionID != expected }) { split.append(job.job.jobID) }
        }
        #expect(changed.isEmpty, "bytes changed: \(changed.prefix(5))")
        #expect(split.isEmpty, "more than one decision: \(split.prefix(5))")
        #expect(results.messages.allSatisfy { $0.messageID != nil })
        #expect(results.ids.subtracting(jobs.map(\.job.jobID)).isEmpty, "nothing that nobody published")

        let decisions = Set(results.messages.compactMap(\.decisionID))
        let logged = try database.exactCount(of: .decisions)
        #expect(try database.countStored(decisions) == decisions.count, "each decision is in the log")
        #expect(try database.countDecided(jobIDs: confirmed) == confirmed.count)
        #expect(logged == decisions.count, "and nothing else is")
        return Accounts(
            confirmed: confirmed.count, lost: lost.count, duplicates: results.duplicateCount, decisions: decisions.count, logged: logged)
    }
}
