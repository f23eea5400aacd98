package import Scoring

/// A policy in the world, in virtual time: every attempt, delay, capacity limit and expiry, without a broker.
///
/// A discrete-event simulation. Notifications arrive with the world's traffic; the policy decides on each job as it falls due; attempts
/// meet the providers' queues in time order; outcomes are told when they are known. The policy sees jobs and outcomes only.
package struct ClosedLoop {
    /// What is simulated.
    package struct Configuration: Equatable, Sendable {
        package var seed: UInt64 = 1
        package var scenario = Scenario.default
        /// Notifications to create, ≥ 1.
        package var notifications = 20_000
        /// Days over which they arrive, > 0; capacities are sized for the resulting mean rate.
        package var days = 2.0
        package var parameters = PolicyParameters()
        /// Days after the last arrival after which everything still open counts as undelivered.
        package var graceDays = 3.0

        package init() {}
    }

    private static let bucketMilliseconds: Int64 = 600_000

    private enum Event {
        case decision(Int)
        case attempt(Int, provider: Int)
        case outcome(Int, provider: Int, AttemptResult)
    }

    /// A notification on its way.
    private struct Flight {
        var job: Job
        var pending: PendingAttempt
        /// Whether an attempt has met a failure that is for good.
        var isHopeless = false
    }

    package let configuration: Configuration
    package let world: World

    package init(_ configuration: Configuration) {
        self.configuration = configuration
        world = World(
            seed: configuration.seed, scenario: configuration.scenario,
            notificationsPerSecond: Double(max(1, configuration.notifications)) / (configuration.days * 86_400))
    }

    /// Runs a policy from the first arrival to the last outcome.
    package func run(_ policy: inout some DeliveryPolicy) -> PolicyRun {
        simulate(
            decide: { job, _, now, _ in policy.action(for: job, at: now) },
            observe: { job, provider, time, result in
                policy.observe(world.outcome(of: job, through: provider, at: time, result: result))
            })
    }

    /// Runs the optimiser that knows the truth.
    package func runOracle() -> PolicyRun {
        let oracle = OraclePolicy(world: world, parameters: configuration.parameters)
        return simulate(
            decide: { job, pending, now, loads in oracle.action(for: job, pending, at: now, loads: loads) },
            observe: { _, _, _, _ in })
    }

    private func simulate(
        decide: (Job, PendingAttempt, Timestamp, ProviderLoads) -> PolicyAction,
        observe: (Job, String, Timestamp, AttemptResult) -> Void
    ) -> PolicyRun {
        var traffic = TrafficGenerator(
            world: world, pace: .curve(perDay: Double(configuration.notifications) / configuration.days), start: World.evaluationStart)
        var flights: [Flight] = []
        var free: [Int] = []
        var events = EventQueue<Event>()
        var loads = ProviderLoads()
        var tally = Tally(world: world, parameters: configuration.parameters, bucketMilliseconds: Self.bucketMilliseconds)
        let end = World.evaluationStart + Int64((configuration.days + configuration.graceDays) * 86_400_000)

        func perform(_ action: PolicyAction, _ index: Int, at now: Timestamp) {
            switch action {
            case .giveUp: free.append(index)
            case .reconsider(let delay): events.add(.decision(index), at: now + max(1, delay))
            case .attempt(let name, let delay):
                guard let provider = world.provider(named: name) else { return free.append(index) }
                delay > 0 ? events.add(.attempt(index, provider: provider), at: now + delay) : attempt(index, through: provider, at: now)
            }
        }
        func attempt(_ index: Int, through provider: Int, at now: Timestamp) {
            let flight = flights[index]
            let result = world.outcome(of: flight.pending, through: provider, at: now, loads: &loads)
            tally.attempt(of: flight.job, through: provider, at: now, result: result, isHopeless: flight.isHopeless)
            events.add(.outcome(index, provider: provider, result), at: now + result.latencyMilliseconds)
        }
        func learn(_ index: Int, _ provider: Int, _ result: AttemptResult, at now: Timestamp) {
            let time = now + -result.latencyMilliseconds
            let name = world.providers[provider].name
            observe(flights[index].job, name, time, result)
            guard let next = world.nextAttempt(of: flights[index].job, through: name, at: time, result: result) else {
                tally.delivery(of: flights[index].job, at: now)
                return free.append(index)
            }
            flights[index].job = next
            flights[index].pending.record(
                result.cause, through: provider, at: time, latencyMilliseconds: result.latencyMilliseconds)
            if result.cause == .invalidAddress || result.cause == .blockedByRecipient { flights[index].isHopeless = true }
            perform(decide(next, flights[index].pending, now, loads), index, at: now)
        }

        func place(_ flight: Flight) -> Int {
            guard let index = free.popLast() else {
                flights.append(flight)
                return flights.count - 1
            }
            flights[index] = flight
            return index
        }

        var arrival = traffic.next()
        while true {
            if tally.created < configuration.notifications, events.nextTime.map({ arrival.createdAt <= $0 }) ?? true {
                let flight = Flight(job: traffic.job(of: arrival), pending: arrival.pending)
                let index = place(flight)
                tally.creation(of: flight.job)
                perform(decide(flight.job, flight.pending, arrival.createdAt, loads), index, at: arrival.createdAt)
                arrival = traffic.next()
                continue
            }
            guard let (now, event) = events.removeFirst(), now < end else { break }
            switch event {
            case .decision(let index): perform(decide(flights[index].job, flights[index].pending, now, loads), index, at: now)
            case .attempt(let index, let provider): attempt(index, through: provider, at: now)
            case .outcome(let index, let provider, let result): learn(index, provider, result, at: now)
            }
        }
        return tally.run
    }
}
