import Broker
import Logging
import Scoring

/// Publishes jobs with confirms and knows which of them the broker has confirmed: those are Herald's to decide.
final class Producer: Sendable {
    private struct State {
        var confirmed: Set<String> = []
        var failures: [String] = []
    }

    private let publisher: Publisher
    private let queue: String
    private let state = Monitor(State())

    init(to queue: String, at url: BrokerURL) throws {
        self.queue = queue
        publisher = try Publisher(PublisherConfiguration(url: url, connectionName: "herald tests"), logger: .silent)
        try publisher.start()
    }

    /// Job ids that the broker has confirmed.
    var confirmed: Set<String> { state.withLock { $0.confirmed } }

    /// Publishes the jobs on a thread of its own; before each step `gate` is asked to let it pass, with the number published so far.
    func publishInBackground(_ jobs: [TestJob], gate: @escaping @Sendable (_ published: Int) -> Void = { _ in }) throws {
        try DedicatedThread.detach(name: "test-producer") { [self] in
            for start in stride(from: 0, to: jobs.count, by: 500) {
                gate(start)
                publish(Array(jobs[start..<min(start + 500, jobs.count)]))
            }
        }
    }

    /// Hands jobs over for publishing.
    func publish(_ jobs: [TestJob]) {
        let messages = jobs.map { job in
            OutgoingMessage(
                routingKey: queue, messageID: job.job.jobID, contentType: "application/json", body: MessageBody(job.body))
        }
        publisher.publish(messages) { [state] indices, result in
            let ids = indices.map { jobs[$0].job.jobID }
            state.update { state in
                if result == .confirmed {
                    state.confirmed.formUnion(ids)
                } else {
                    state.failures += ids.map { "\($0): \(result)" }
                }
            }
        }
    }

    /// Waits until every one of `count` jobs is confirmed, and closes.
    func finish(_ count: Int, within limit: Duration = .seconds(60)) throws {
        let result = state.wait(until: .now + limit) { $0.confirmed.count == count || !$0.failures.isEmpty ? true : nil }
        publisher.close()
        let (confirmed, failures) = state.withLock { ($0.confirmed.count, $0.failures) }
        guard result != nil, failures.isEmpty else {
            throw Failure("\(confirmed) of \(count) jobs were confirmed; \(failures.prefix(3))")
        }
    }
}

extension Line {
    /// Publishes the jobs and waits until the broker has confirmed each.
    func publish(_ jobs: [TestJob]) throws {
        let producer = try Producer(to: names.jobs, at: url)
        producer.publish(jobs)
        try producer.finish(jobs.count)
    }
}
