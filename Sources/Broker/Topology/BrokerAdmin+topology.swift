import CAMQPShim

extension BrokerAdmin {
    /// Creates what is missing; what exists stays as it is.
    ///
    /// Idempotent.
    ///
    /// - Throws: `preconditionFailed` for the first queue or exchange that exists with other arguments.
    package func declare(_ topology: Topology) throws(BrokerError) {
        for queue in topology.queues { try declare(queue) }
        for exchange in topology.exchanges { try declare(exchange: exchange) }
        for binding in topology.bindings { try bind(queue: binding.queue, to: binding.exchange) }
    }

    /// Compares the broker with the topology and creates nothing.
    ///
    /// Bindings cannot be asked for in AMQP and are not compared.
    package func check(_ topology: Topology) throws(BrokerError) -> [TopologyProblem] {
        var problems: [TopologyProblem] = []
        for queue in topology.queues {
            if let problem = try problem(of: queue) { problems.append(problem) }
        }
        for exchange in topology.exchanges {
            if let problem = try problem(ofExchange: exchange) { problems.append(problem) }
        }
        return problems
    }

    private func problem(of queue: QueueDeclaration) throws(BrokerError) -> TopologyProblem? {
        do throws(BrokerError) {
            _ = try depth(of: queue.name)
            // It exists, so declaring it creates nothing: the broker compares the arguments.
            try declare(queue)
            return nil
        } catch  where error.code == .notFound {
            return .missing(queue.name, what: "queue")
        } catch  where error.code == .preconditionFailed {
            return .different(queue.name, what: "queue", error)
        } catch {
            throw error
        }
    }

    private func problem(ofExchange exchange: String) throws(BrokerError) -> TopologyProblem? {
        do throws(BrokerError) {
            try perform("asking for exchange '\(exchange)'") { camqp_exchange_declare($0, exchange, "fanout", true) }
            try declare(exchange: exchange)
            return nil
        } catch  where error.code == .notFound {
            return .missing(exchange, what: "exchange")
        } catch  where error.code == .preconditionFailed {
            return .different(exchange, what: "exchange", error)
        } catch {
            throw error
        }
    }
}

extension TopologyProblem {
    fileprivate static func missing(_ name: String, what: String) -> TopologyProblem {
        TopologyProblem(
            kind: .missing, name: name, argument: nil,
            description: "the \(what) '\(name)' does not exist; create it with 'herald topology declare'")
    }

    /// RabbitMQ: "PRECONDITION_FAILED - inequivalent arg 'x-message-ttl' for queue … : received '1' but current is '2'".
    fileprivate static func different(_ name: String, what: String, _ error: BrokerError) -> TopologyProblem {
        let parts = error.text.split(separator: "'", omittingEmptySubsequences: false)
        let argument = parts.count > 1 && parts[0].hasSuffix("arg ") ? String(parts[1]) : nil
        let which = argument.map { " with another '\($0)'" } ?? " with other arguments"
        let remedy = "arguments of a \(what) cannot be changed: empty it, delete it, and run 'herald topology declare'"
        return TopologyProblem(
            kind: .different, name: name, argument: argument,
            description: "the \(what) '\(name)' exists\(which) (\(error.text)); \(remedy), or change the configuration to match")
    }
}
