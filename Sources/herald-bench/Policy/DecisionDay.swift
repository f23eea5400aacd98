import Scoring
import World

/// Jobs of the synthetic world that wait for a decision, and the live health of that moment.
struct DecisionDay {
    let now: Timestamp
    let health: LiveHealth
    /// Due; first attempts and, where the first failed, second ones.
    let jobs: [Job]

    /// - Parameters:
    ///   - outcomes: of first attempts in the two days before the jobs'.
    init(seed: UInt64, outcomes: Int, jobs jobCount: Int) {
        let perDay = Double(outcomes) / 2
        let world = World(seed: seed, notificationsPerSecond: perDay / 86_400)
        var traffic = TrafficGenerator(world: world, pace: .curve(perDay: perDay), start: World.evaluationStart)
        var loads = ProviderLoads()
        var health = LiveHealth()
        var jobs: [Job] = []
        var now = World.evaluationStart
        for number in 0..<outcomes + jobCount {
            let job = traffic.nextJob()
            let result = world.attempt(job, through: job.provider, at: job.createdAt, loads: &loads)
            if number < outcomes {
                health.advance(to: job.createdAt)
                health.observe(world.outcome(of: job, through: job.provider, at: job.createdAt, result: result))
            } else {
                jobs.append(world.nextAttempt(of: job, through: job.provider, at: job.createdAt, result: result) ?? job)
            }
            now = max(now, job.createdAt, jobs.last?.sendTime ?? now)
        }
        health.advance(to: now)
        self.now = now
        self.health = health
        self.jobs = jobs
    }
}
