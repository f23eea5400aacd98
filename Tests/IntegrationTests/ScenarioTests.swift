import Broker
import Testing

extension WholeLine {
    /// What is played in the synthetic world can be changed while it runs.
    @Suite struct ScenarioTests {
        @Test("A second `simulate providers` tells the running workers and the traffic its scenario, and ends")
        func switched() throws {
            try Line.run("scenario") { line in
                let workers = try line.start(line.command("simulate", "providers", "--rate", "50"))
                try line.withBroker { broker in
                    try wait(for: "the workers consume; they say: \(workers.standardError)") {
                        try line.dispatchQueues.allSatisfy { try broker.depth(of: $0).consumers == 1 }
                    }
                }
                let traffic = try line.start(line.command("simulate", "traffic", "--rate", "50"))
                try line.awaitDepth(of: [line.names.jobs], atLeast: 10)

                let told = try line.command("simulate", "providers", "--scenario", "outage").run()
                #expect(told.exitCode == 0)
                #expect(told.standardOutput.contains("play the scenario 'outage' from now on"))
                try workers.awaitOutput("the scenario is now 'outage'")
                try traffic.awaitOutput("the scenario is now 'outage'")
                try traffic.stopCleanly()
                try workers.stopCleanly()
            }
        }
    }
}
