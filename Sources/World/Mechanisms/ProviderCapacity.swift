import Scoring

/// What a provider can take: its queue refuses early when it fills and always when it is full, with 429 or 421.
struct ProviderCapacity: Sendable {
    /// Attempts per millisecond, > 0.
    let perMillisecond: Double
    private let limit: Double
    private let softShare: Double
    private let waitMilliseconds: Double
    private let memoryMilliseconds: Double
    private let usualPerMillisecond: Double
    private let persistenceMilliseconds: Double

    /// - Parameters:
    ///   - perSecond: attempts per second that the provider carries out, > 0.
    ///   - usualPerSecond: attempts per second that it is usually offered.
    init(perSecond: Double, usualPerSecond: Double, parameters: WorldParameters) {
        perMillisecond = perSecond / 1000
        usualPerMillisecond = usualPerSecond / 1000
        limit = max(parameters.queueFloor, perSecond * parameters.queueSeconds)
        softShare = parameters.queueSoftShare
        waitMilliseconds = parameters.queueWaitMilliseconds
        memoryMilliseconds = parameters.loadMemoryMilliseconds
        persistenceMilliseconds = parameters.loadPersistenceMilliseconds
    }

    /// Chance that an attempt at `time` is accepted, as far as the queue shows at `now`.
    ///
    /// Fluid limit: within the time the queue takes to turn over, today's depth gives way to the share that capacity leaves of the
    /// load; and within an hour or so a load above the usual gives way to it.
    func acceptance(of queue: ProviderLoads.Queue, at time: Timestamp, seenFrom now: Timestamp) -> Double {
        let current = acceptance(depth: drained(queue, at: now))
        guard time > now else { return current }
        let elapsed = Double(time - now)
        let memory = Exact.exp(-elapsed / persistenceMilliseconds)
        let load = max(usualPerMillisecond, usualPerMillisecond + (offered(queue, at: now) - usualPerMillisecond) * memory)
        let turnover = Exact.exp(-elapsed * perMillisecond / limit)
        return current * turnover + min(1, perMillisecond / load) * (1 - turnover)
    }

    /// Offers one attempt: `coin` decides near the limit.
    ///
    /// Returns the milliseconds it waits, or `nil` if it is refused.
    func offer(to queue: inout ProviderLoads.Queue, at time: Timestamp, coin: Double) -> Double? {
        let depth = drained(queue, at: time)
        let offered = offered(queue, at: time)
        queue.offeredPerMillisecond = offered + 1 / memoryMilliseconds
        let isAccepted = coin < acceptance(depth: depth)
        queue.depth = isAccepted ? depth + 1 : depth
        queue.updatedAt = queue.updatedAt.map { max($0, time) } ?? time
        guard isAccepted else { return nil }
        let fill = depth / limit
        return waitMilliseconds * fill * fill
    }

    private func acceptance(depth: Double) -> Double {
        let fill = depth / limit
        return fill <= softShare ? 1 : max(0, (1 - fill) / (1 - softShare))
    }

    private func drained(_ queue: ProviderLoads.Queue, at time: Timestamp) -> Double {
        guard let updatedAt = queue.updatedAt, queue.depth > 0 else { return 0 }
        return max(0, queue.depth - perMillisecond * Double(max(0, time - updatedAt)))
    }

    private func offered(_ queue: ProviderLoads.Queue, at time: Timestamp) -> Double {
        guard let updatedAt = queue.updatedAt else { return 0 }
        return queue.offeredPerMillisecond * Exact.exp(-Double(max(0, time - updatedAt)) / memoryMilliseconds)
    }
}
