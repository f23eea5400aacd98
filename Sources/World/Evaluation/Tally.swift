import Scoring

/// The counts of one run.
struct Tally {
    private let world: World
    private let worth: DeliveryValue
    private let bucketMilliseconds: Int64

    private(set) var created = 0
    private var delivered = 0
    private var utility = 0.0
    private var price = 0.0
    private var attempts = 0
    private var wasted = 0
    private var recognisablyWasted = 0
    private var throttled = 0
    private var secondsToDelivery: [Float] = []
    /// By provider, then by bucket since the start.
    private var offered: [[Int]]
    private var createdByBucket: [Int] = []
    private var deliveredByBucket: [Int] = []

    init(world: World, parameters: PolicyParameters, bucketMilliseconds: Int64) {
        self.world = world
        self.bucketMilliseconds = bucketMilliseconds
        worth = DeliveryValue(parameters: parameters)
        offered = Array(repeating: [], count: world.providers.count)
    }

    mutating func creation(of job: Job) {
        created += 1
        Self.count(&createdByBucket, bucket(job.createdAt))
    }

    mutating func attempt(of job: Job, through provider: Int, at time: Timestamp, result: AttemptResult, isHopeless: Bool) {
        attempts += 1
        utility -= worth.parameters.channels[job.channel].attemptCost
        price += world.providers[provider].price
        wasted += isHopeless ? 1 : 0
        recognisablyWasted += isHopeless && job.lastStatus.isPermanentFailure ? 1 : 0
        throttled += result.cause == .overCapacity ? 1 : 0
        Self.count(&offered[provider], bucket(time))
    }

    mutating func delivery(of job: Job, at time: Timestamp) {
        if let expiresAt = job.expiresAt, time > expiresAt { return }
        delivered += 1
        utility += worth.value(of: job, at: time)
        secondsToDelivery.append(Float(Double(time - job.createdAt) / 1000))
        Self.count(&deliveredByBucket, bucket(job.createdAt))
    }

    /// What it came to.
    var run: PolicyRun {
        var measures = PolicyMeasures()
        let notifications = Double(max(1, created))
        let deliveries = Double(max(1, delivered))
        measures.notifications = created
        measures.deliveredShare = Double(delivered) / notifications
        measures.utility = utility / notifications
        let sorted = secondsToDelivery.sorted()
        measures.medianSecondsToDelivery = sorted.isEmpty ? 0 : Double(sorted[sorted.count / 2])
        measures.attemptsPerDelivery = Double(attempts) / deliveries
        measures.pricePerDelivery = price / deliveries
        measures.wastedRetriesPerThousand = Double(wasted) * 1000 / notifications
        measures.recognisablyWastedPerThousand = Double(recognisablyWasted) * 1000 / notifications
        measures.throttledShare = Double(throttled) / Double(max(1, attempts))
        measures.peakLoad = world.providers.indices.reduce(0) { peak, provider in
            let capacity = world.capacityPerSecond(of: provider) * Double(bucketMilliseconds) / 1000
            return max(peak, Double(offered[provider].max() ?? 0) / capacity)
        }
        measures.recoveryLoad = world.providers.indices.reduce(0) { worst, provider in
            let capacity = world.capacityPerSecond(of: provider) * Double(bucketMilliseconds) / 1000
            let recovering = offered[provider].indices.filter { isRecovering(provider, in: $0) }
            return recovering.reduce(worst) { max($0, Double(offered[provider][$1]) / capacity) }
        }
        let buckets = createdByBucket.count
        let delivered = deliveredByBucket + Array(repeating: 0, count: max(0, buckets - deliveredByBucket.count))
        return PolicyRun(
            measures: measures, bucketSeconds: Double(bucketMilliseconds) / 1000, created: createdByBucket,
            delivered: Array(delivered.prefix(buckets)))
    }

    /// Whether the provider is over the depth of an incident, but was not half an hour ago.
    private func isRecovering(_ provider: Int, in bucket: Int) -> Bool {
        let start = World.evaluationStart + Int64(bucket) * bucketMilliseconds
        func isOver(_ phase: IncidentShape.Phase, _ before: IncidentShape.Phase) -> Bool {
            phase == .recovery || (phase == .quiet && before != .quiet)
        }
        let before = start + -1_800_000
        let incidents = world.incidents
        return isOver(incidents.outagePhase(of: provider, at: start), incidents.outagePhase(of: provider, at: before))
            || isOver(incidents.brownOutPhase(of: provider, at: start), incidents.brownOutPhase(of: provider, at: before))
    }

    private func bucket(_ time: Timestamp) -> Int {
        max(0, Int((time - World.evaluationStart) / bucketMilliseconds))
    }

    private static func count(_ buckets: inout [Int], _ bucket: Int) {
        while buckets.count <= bucket { buckets.append(0) }
        buckets[bucket] += 1
    }
}
