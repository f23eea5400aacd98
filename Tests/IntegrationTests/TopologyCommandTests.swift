import Broker
import Testing

extension WholeLine {
    /// `herald topology`.
    @Suite struct TopologyCommandTests {
        @Test("declare makes what check misses; check names what is missing or different; show lists both without a broker")
        func declareAndCheck() throws {
            try Line.run("topology", declared: false) { line in
                let empty = try line.command("topology", "check").run()
                #expect(empty.exitCode == 1)
                #expect(empty.standardOutput.contains("'\(line.names.jobs)' does not exist; create it with 'herald topology declare'"))
                #expect(try line.command("topology", "declare").run().exitCode == 0)
                let count = line.topology.queues.count
                let good = try line.command("topology", "check").run()
                #expect(good.exitCode == 0)
                #expect(good.standardOutput.hasPrefix("all \(count) queues and 1 exchange are as they should be;\n"))
                #expect(good.standardOutput.contains("bindings cannot be asked for"))
                #expect(try line.command("topology", "declare").run().exitCode == 0, "again changes nothing")

                try line.withBroker { broker in
                    try broker.delete(queue: line.names.undeliverable)
                    try broker.delete(queue: line.names.dispatch("low"))
                    try broker.declare(QueueDeclaration(name: line.names.dispatch("low"), arguments: []))
                }
                let bad = try line.command("topology", "check").run()
                #expect(bad.exitCode == 1)
                #expect(bad.standardOutput.split(separator: "\n").count == 2)
                #expect(bad.standardOutput.contains("'\(line.names.undeliverable)' does not exist"))
                #expect(bad.standardOutput.contains("'\(line.names.dispatch("low"))' exists with another 'x-"))
                let refused = try line.command("topology", "declare").run()
                #expect(refused.exitCode == 1)
                #expect(refused.standardError.contains(line.names.dispatch("low")))
                let scorer = try line.command("score").run()
                #expect(scorer.exitCode == 1, "waiting would not help")
                #expect(scorer.standardError.contains(line.names.dispatch("low")))
            }
        }

        @Test("show lists every queue, exchange and binding, and needs no broker")
        func show() throws {
            try Line.run("show", declared: false) { line in
                let shown = try line.command("topology", "show", settings: ["rabbitmq.url=amqp://127.0.0.1:1/"]).run()
                #expect(shown.exitCode == 0)
                for queue in line.topology.queues { #expect(shown.standardOutput.contains("queue \(queue.name)\n")) }
                #expect(shown.standardOutput.contains("x-dead-letter-routing-key: '\(line.names.jobs)'"))
                #expect(shown.standardOutput.contains("exchange \(line.names.outcomesExchange) (fanout)\n"))
                #expect(shown.standardOutput.contains("binding \(line.names.outcomesExchange) → \(line.names.outcomesLog)\n"))
            }
        }

        @Test("A broker that is not there is said to be unreachable, with its address and without the password")
        func noBroker() throws {
            try Line.run("no-broker", declared: false) { line in
                for action in ["declare", "check"] {
                    let run = try line.command("topology", action, settings: ["rabbitmq.url=amqp://user:s3cret@127.0.0.1:1/"]).run()
                    #expect(run.exitCode == 1)
                    #expect(run.standardError.contains("127.0.0.1:1"))
                    #expect(!run.text.contains("s3cret"))
                }
            }
        }
    }
}
