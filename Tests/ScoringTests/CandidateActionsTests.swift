import Scoring
import Testing

/// Which actions a job has, in which order; and the ladder they come from.
struct CandidateActionsTests {
    private let now = Timestamp(milliseconds: 1_772_600_767_000)

    private func actions(_ job: Job, _ ladder: DelayLadder = .standard, patience: Int64 = 1_000_000_000) -> [[Int64]] {
        CandidateActions.all(for: job, at: now, ladder: ladder, patience: patience).map { [Int64($0.providerIndex), $0.delayMilliseconds] }
    }

    @Test func byProviderThenByDelay() throws {
        let job = try JobFixture.firstAttempt(at: now)
        let ladder = try DelayLadder(["15s", "1m"])
        #expect(actions(job, ladder) == [[0, 0], [0, 15_000], [0, 60_000], [1, 0], [1, 15_000], [1, 60_000]])
    }

    @Test func anAttemptMustComeBeforeExpiry() throws {
        var job = try JobFixture.firstAttempt(at: now)
        job.providers = ["alpha"]
        job.expiresAt = now + 60_001
        #expect(actions(job) == [[0, 0], [0, 15_000], [0, 60_000]])
        job.expiresAt = now + 60_000
        #expect(actions(job) == [[0, 0], [0, 15_000]])
        job.expiresAt = now + 1
        #expect(actions(job) == [[0, 0]])
    }

    @Test func aDueAttemptIsPutOffWithinThePatienceOnly() throws {
        var job = try JobFixture.firstAttempt(at: now)
        job.providers = ["alpha"]
        #expect(actions(job, patience: 60_000) == [[0, 0], [0, 15_000], [0, 60_000]])
        #expect(actions(job, patience: 59_999) == [[0, 0], [0, 15_000]])
        job.sendTime = now + -50_000
        #expect(actions(job, patience: 60_000) == [[0, 0]])
        job.sendTime = now + -1_000_000
        #expect(actions(job, patience: 60_000) == [[0, 0]])
    }

    @Test func theLargestJobHasTheMaximum() throws {
        var job = try JobFixture.firstAttempt(at: now)
        job.providers = (0..<16).map { "p\($0)" }
        let ladder = try DelayLadder((1...16).map { "\($0)s" })
        #expect(actions(job, ladder).count == CandidateActions.maximumCount)
        #expect(CandidateActions.maximumCount == 16 * 17)
    }

    @Test(arguments: [
        [], ["0s"], ["15"], ["15d"], ["s"], ["1m", "60s"], ["2s", "1s"], ["169h"], ["01s"], ["1.5s"], ["-1s"], [" 1s"], ["99999999999s"],
        (1...17).map { "\($0)s" },
    ])
    func defectiveLaddersAreRefused(_ names: [String]) {
        #expect(throws: DelayLadder.Defect.self) { try DelayLadder(names) }
    }

    @Test func theStandardLadderIsItsNames() throws {
        #expect(try DelayLadder(DelayLadder.standard.steps.map(\.name)) == .standard)
    }
}
