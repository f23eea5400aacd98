import Scoring
import World

/// New jobs of a world in the order they fall due; the world can change in between.
struct JobSource {
    private let seed: UInt64
    /// New notifications in a second of the jobs' own time.
    private let perSecond: Double
    private let prefix: String
    private let limit: Int
    private var staging: Staging
    private var stagings = 0
    private var generator: TrafficGenerator
    private var next: Job?
    private(set) var taken = 0

    /// - Parameters:
    ///   - prefix: begins every notification id.
    ///   - limit: jobs after which the source is exhausted.
    init(seed: UInt64, perSecond: Double, staging: Staging, prefix: String, limit: Int) {
        self.seed = seed
        self.perSecond = perSecond
        self.prefix = prefix
        self.limit = limit
        self.staging = staging
        generator = Self.generator(seed, perSecond, staging, from: staging.opening, prefix: prefix)
    }

    var isExhausted: Bool { taken >= limit }

    /// What has fallen due, at most 4096 at once.
    mutating func take(dueBy now: Timestamp, playing staging: Staging) -> [Job] {
        adopt(staging, at: now)
        var jobs: [Job] = []
        while !isExhausted, jobs.count < 4096 {
            let job = next ?? generator.nextJob()
            guard job.sendTime <= now else {
                next = job
                break
            }
            next = nil
            taken += 1
            jobs.append(job)
        }
        return jobs
    }

    private mutating func adopt(_ staging: Staging, at now: Timestamp) {
        guard staging != self.staging else { return }
        self.staging = staging
        stagings += 1
        next = nil
        // Numbers begin anew with each generator, so the ids need another prefix.
        generator = Self.generator(seed, perSecond, staging, from: now, prefix: "\(prefix)\(stagings)-")
    }

    private static func generator(
        _ seed: UInt64, _ perSecond: Double, _ staging: Staging, from start: Timestamp, prefix: String
    ) -> TrafficGenerator {
        let world = World(seed: seed, scenario: staging.scenario, opening: staging.opening, notificationsPerSecond: perSecond)
        return TrafficGenerator(world: world, pace: .steady(perSecond: perSecond), start: start, prefix: prefix)
    }
}
