package import Scoring

/// The log of the service before Herald: attempts in order of decision, without end, in constant memory.
///
/// A discrete-event simulation: attempts are made in time order, since they meet at the providers' queues, and rows leave in the
/// order of their decisions, each as soon as it and all before it have been made. What is held is what the longest delay spans.
package struct AttemptLog {
    private enum Event {
        /// A failed notification is decided on again.
        case decision(Int)
        /// A delayed attempt is made.
        case attempt(Int)
    }

    /// A notification on its way.
    private struct Flight {
        let new: NewNotification
        var pending: PendingAttempt
        var provider: Int
        var lastStatus = DeliveryStatus.none
        var lastResponseCode: Int?
        var lastLatencyMilliseconds: Int64?
        /// Number of the row of the attempt that is decided on.
        var row = 0
    }

    private let world: World
    private let withTruth: Bool
    private let policy: LoggingPolicy
    private let resolution: Int64
    private var traffic: TrafficGenerator
    private var arrival: NewNotification
    private var flights: [Flight] = []
    private var freeFlights: [Int] = []
    private var events = EventQueue<Event>()
    private var rows = RingBuffer<LoggedAttempt>()
    private var loads = ProviderLoads()

    /// - Parameters:
    ///   - resolutionMilliseconds: all times but latencies are multiples of this.
    ///   - withTruth: whether to ask the oracle about every attempt, and to keep the state that it can be asked about others in.
    package init(
        world: World, start: Timestamp = WorldParameters.epoch, perDay: Double? = nil, resolutionMilliseconds: Int64 = 1000,
        withTruth: Bool = true
    ) {
        self.world = world
        self.withTruth = withTruth
        resolution = max(1, resolutionMilliseconds)
        policy = LoggingPolicy(world: world)
        let perDay = perDay ?? world.notificationsPerSecond * 86_400
        traffic = TrafficGenerator(world: world, pace: .curve(perDay: perDay), start: start, resolutionMilliseconds: resolution)
        arrival = traffic.next()
    }

    /// Rows that are held until an earlier one has been made.
    package var heldRows: Int { rows.count }

    /// The next row.
    package mutating func next() -> LoggedAttempt {
        while true {
            if let row = rows.first, row.result != nil {
                rows.removeFirst()
                return row
            }
            step()
        }
    }

    /// Handles the earliest arrival or event.
    private mutating func step() {
        if let next = events.nextTime, next < arrival.createdAt, let (time, event) = events.removeFirst() {
            switch event {
            case .decision(let flight): decide(flight, at: time)
            case .attempt(let flight): attempt(flight, at: time)
            }
            return
        }
        let new = arrival
        arrival = traffic.next()
        decide(place(Flight(new: new, pending: new.pending, provider: new.provider)), at: new.createdAt)
    }

    private mutating func decide(_ index: Int, at now: Timestamp) {
        let flight = flights[index]
        let key = world.visibleKey[.logging][flight.pending.notification][UInt64(flight.pending.previousAttempts)]
        let choice = policy.choice(
            for: flight.pending, after: flight.lastStatus, provider: flight.provider, at: now, key: key)
        guard let choice else {
            freeFlights.append(index)
            return
        }
        let time = now + choice.delayMilliseconds
        let truth =
            withTruth
            ? world.trueProbability(of: flight.pending, through: choice.provider, at: time, seenFrom: now, loads: loads) : .nan
        flights[index].provider = choice.provider
        flights[index].row = rows.append(
            LoggedAttempt(
                new: flight.new, pending: flight.pending, sendTime: now, lastStatus: flight.lastStatus,
                lastResponseCode: flight.lastResponseCode, lastLatencyMilliseconds: flight.lastLatencyMilliseconds, choice: choice,
                trueProbability: truth, loads: withTruth ? loads : nil, result: nil))
        if choice.delayMilliseconds == 0 {
            attempt(index, at: now)
        } else {
            events.add(.attempt(index), at: time)
        }
    }

    private mutating func attempt(_ index: Int, at time: Timestamp) {
        let provider = flights[index].provider
        let result = world.outcome(of: flights[index].pending, through: provider, at: time, loads: &loads)
        rows[flights[index].row]?.result = result
        guard !result.isDelivered else {
            freeFlights.append(index)
            return
        }
        let knownAt = time + result.latencyMilliseconds
        flights[index].pending.record(
            result.cause, through: provider, at: time, latencyMilliseconds: result.latencyMilliseconds)
        flights[index].lastStatus = result.status
        flights[index].lastResponseCode = result.responseCode
        flights[index].lastLatencyMilliseconds = result.latencyMilliseconds
        let due = Timestamp(milliseconds: -(-knownAt.milliseconds).divided(by: resolution) * resolution)
        events.add(.decision(index), at: due)
    }

    private mutating func place(_ flight: Flight) -> Int {
        guard let index = freeFlights.popLast() else {
            flights.append(flight)
            return flights.count - 1
        }
        flights[index] = flight
        return index
    }
}
