import Scoring
import World

/// First attempts of generated traffic, for asking the world about.
enum Samples {
    /// `count` jobs of one channel, created around the beginning of the evaluation.
    static func jobs(in world: World, channel: Channel, count: Int, where isWanted: (Job) -> Bool = { _ in true }) -> [Job] {
        var traffic = TrafficGenerator(world: world, pace: .steady(perSecond: 50), start: World.evaluationStart)
        var jobs: [Job] = []
        while jobs.count < count {
            let job = traffic.nextJob()
            if job.channel == channel, isWanted(job) { jobs.append(job) }
        }
        return jobs
    }

    /// The job as if it had been created at `time`.
    static func moved(_ job: Job, to time: Timestamp) -> Job {
        var moved = job
        moved.expiresAt = job.expiresAt.map { time + ($0 - job.createdAt) }
        moved.createdAt = time
        moved.sendTime = time
        return moved
    }

    /// Share of first attempts at `time` that are delivered, each with empty queues.
    static func deliveries(in world: World, channel: Channel, through provider: String, at time: Timestamp, count: Int) -> Double {
        let jobs = jobs(in: world, channel: channel, count: count)
        let delivered = jobs.count { job in
            var loads = ProviderLoads()
            return world.attempt(moved(job, to: time), through: provider, at: time, loads: &loads).isDelivered
        }
        return Double(delivered) / Double(count)
    }
}
