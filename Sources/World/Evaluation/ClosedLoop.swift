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

    package let configuration: Configuration
    package let world: World

    package init(_ configuration: Configuration) {
        self.configuration = configuration
        world = World(
            seed: configuration.seed, scenario: configuration.scenario,
            notificationsPerSecond: Double(max(1, configuration.notifications)) / (configuration.days * 86_400))
    }

    /// Runs a policy from the first arrival to the last outcome.
    package func run<Policy: DeliveryPolicy>(_ policy: inout Policy) -> PolicyRun {
        let (run, decider) = run(Blindfolded(world: world, policy: policy))
        policy = decider.policy
        return run
    }

    /// Runs the optimiser that knows the truth.
    ///
    /// - Parameter scorer: the optimiser; its model, if it has one, is not asked.
    package func runOracle(_ scorer: Scorer) -> PolicyRun {
        run(OraclePolicy(world: world, scorer: scorer)).run
    }

    private func run<Who: Decider>(_ decider: Who) -> (run: PolicyRun, decider: Who) {
        var traffic = TrafficGenerator(
            world: world, pace: .curve(perDay: Double(configuration.notifications) / configuration.days), start: World.evaluationStart)
        let tally = Tally(world: world, parameters: configuration.parameters, bucketMilliseconds: Self.bucketMilliseconds)
        let end = World.evaluationStart + Int64((configuration.days + configuration.graceDays) * 86_400_000)
        var state = LoopState(world: world, decider: decider, tally: tally)
        for _ in 0..<configuration.notifications {
            let arrival = traffic.next()
            while let next = state.nextTime, next < arrival.createdAt { state.advance() }
            state.arrive(traffic.job(of: arrival), arrival.pending)
        }
        while let next = state.nextTime, next < end { state.advance() }
        return (state.tally.run, state.decider)
    }
}
