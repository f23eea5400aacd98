import Scoring
import Testing
import World

@Suite("Capacity")
struct OverloadTests {
    private let world = World(seed: 6, notificationsPerSecond: 100)
    private let start = World.evaluationStart + 12 * 3_600_000

    /// Share of refused attempts at `rate` attempts per second over `seconds` seconds, and the mean wait of the others.
    private func refused(rate: Double, seconds: Int, jobs: [Job]) -> (share: Double, latency: Double) {
        var loads = ProviderLoads()
        var refusals = 0
        var attempts = 0
        var waited = 0.0
        for number in 0..<Int(rate * Double(seconds)) {
            let time = start + Int64(Double(number) / rate * 1000)
            let job = Samples.moved(jobs[number % jobs.count], to: time)
            let result = world.attempt(job, through: "pu-a", at: time, loads: &loads)
            guard number > Int(rate * Double(seconds) / 2) else { continue }
            attempts += 1
            refusals += result.cause == .overCapacity ? 1 : 0
            waited += result.cause == .overCapacity ? 0 : min(30_000, Double(result.latencyMilliseconds))
            if result.cause == .overCapacity { #expect(result.status == .throttled && result.responseCode == 429) }
        }
        return (Double(refusals) / Double(attempts), waited / Double(attempts - refusals))
    }

    @Test("Below capacity nothing is refused; beyond it 429 answers the excess, and waiting grows")
    func refusesTheExcess() throws {
        let provider = try #require(world.provider(named: "pu-a"))
        let capacity = world.capacityPerSecond(of: provider)
        let jobs = Samples.jobs(in: world, channel: .push, count: 500)
        let slack = refused(rate: capacity * 0.7, seconds: 120, jobs: jobs)
        #expect(slack.share == 0)
        let excess = refused(rate: capacity * 2, seconds: 240, jobs: jobs)
        #expect(abs(excess.share - 0.5) < 0.08, "half of twice the capacity is too much, not \(excess.share)")
        #expect(excess.latency > slack.latency)
    }

    @Test("Order matters: the same attempt passes before a flood and fails behind it")
    func orderMatters() throws {
        let provider = try #require(world.provider(named: "pu-a"))
        let jobs = Samples.jobs(in: world, channel: .push, count: 400)
        let flood = Int(world.capacityPerSecond(of: provider) * 200)
        var loads = ProviderLoads()
        let job = Samples.moved(jobs[0], to: start)
        let truthBefore = world.trueProbability(of: job, through: "pu-a", at: start, seenFrom: start, loads: loads)
        for number in 0..<flood {
            _ = world.attempt(Samples.moved(jobs[number % jobs.count], to: start), through: "pu-a", at: start, loads: &loads)
        }
        let truthBehind = world.trueProbability(of: job, through: "pu-a", at: start, seenFrom: start, loads: loads)
        #expect(truthBehind < truthBefore / 4)
        let later = world.trueProbability(of: job, through: "pu-a", at: start + 900_000, seenFrom: start, loads: loads)
        #expect(later > truthBehind)
    }

    @Test("The overload scenario throttles a good part of the wave, ordinary days hardly anything")
    func overloadScenario() {
        let opening = WorldParameters.epoch + 10 * 3_600_000
        func throttled(_ scenario: Scenario) -> Double {
            let world = World(seed: 8, scenario: scenario, opening: opening)
            var log = AttemptLog(world: world, withTruth: false)
            var attempts = 0
            var refusals = 0
            while true {
                let row = log.next()
                guard row.sendTime < opening + 5 * 3_600_000 else { return Double(refusals) / Double(attempts) }
                guard row.sendTime > opening + 3_600_000 else { continue }
                attempts += 1
                refusals += row.result?.cause == .overCapacity ? 1 : 0
            }
        }
        #expect(throttled(.overload) > 0.15)
        #expect(throttled(.default) < 0.05)
    }
}
