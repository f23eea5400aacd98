import Scoring

/// A closed loop under way: who is in flight, what happens next, how full the providers are.
///
/// Every method is one event; attempts meet the providers' queues in the order of their times.
struct LoopState<Who: Decider> {
    private enum Event {
        case decision(Int)
        case attempt(Int, provider: Int)
        case outcome(Int, provider: Int, AttemptResult)
    }

    private let world: World
    private(set) var decider: Who
    private(set) var tally: Tally
    private var loads = ProviderLoads()
    private var events = EventQueue<Event>()
    /// Events name flights by their place; a place is used again once its flight has ended.
    private var flights: [Flight] = []
    private var free: [Int] = []

    init(world: World, decider: Who, tally: Tally) {
        self.world = world
        self.decider = decider
        self.tally = tally
    }

    /// When the next event happens; `nil` if none is left.
    var nextTime: Timestamp? { events.nextTime }

    /// A notification is created and decided about.
    mutating func arrive(_ job: Job, _ pending: PendingAttempt) {
        tally.creation(of: job)
        decide(place(Flight(job: job, pending: pending)), at: job.createdAt)
    }

    /// Lets the next event happen.
    mutating func advance() {
        guard let (now, event) = events.removeFirst() else { return }
        switch event {
        case .decision(let index): decide(index, at: now)
        case .attempt(let index, let provider): attempt(index, through: provider, at: now)
        case .outcome(let index, let provider, let result): conclude(index, through: provider, result, at: now)
        }
    }

    private mutating func decide(_ index: Int, at now: Timestamp) {
        switch decider.action(for: flights[index], at: now, loads: loads) {
        case .giveUp:
            free.append(index)
        case .reconsider(let delay):
            events.add(.decision(index), at: now + max(1, delay))
        case .attempt(let name, let delay):
            guard let provider = world.provider(named: name) else { return free.append(index) }
            if delay > 0 {
                events.add(.attempt(index, provider: provider), at: now + delay)
            } else {
                attempt(index, through: provider, at: now)
            }
        }
    }

    private mutating func attempt(_ index: Int, through provider: Int, at now: Timestamp) {
        let result = world.outcome(of: flights[index].pending, through: provider, at: now, loads: &loads)
        tally.attempt(
            of: flights[index].job, through: provider, at: now, result: result, isHopeless: flights[index].isHopeless)
        events.add(.outcome(index, provider: provider, result), at: now + result.latencyMilliseconds)
    }

    /// The outcome of an attempt becomes known: the notification is delivered, or decided about again.
    private mutating func conclude(_ index: Int, through provider: Int, _ result: AttemptResult, at now: Timestamp) {
        let time = now + -result.latencyMilliseconds
        let name = world.providers[provider].name
        let job = flights[index].job
        decider.observe(result, of: job, through: name, at: time)
        guard let next = world.nextAttempt(of: job, through: name, at: time, result: result) else {
            tally.delivery(of: job, at: now)
            return free.append(index)
        }
        flights[index].job = next
        flights[index].pending.record(result.cause, through: provider, at: time, latencyMilliseconds: result.latencyMilliseconds)
        if result.cause == .invalidAddress || result.cause == .blockedByRecipient { flights[index].isHopeless = true }
        decide(index, at: now)
    }

    private mutating func place(_ flight: Flight) -> Int {
        guard let index = free.popLast() else {
            flights.append(flight)
            return flights.count - 1
        }
        flights[index] = flight
        return index
    }
}
