import Broker
import Faults
import Foundation
import Store

/// Every fault there is, in the order of the table.
enum FaultTable {
    static let all: [Fault] = scorer + broker + brokerNetwork + database + messages

    /// The design's limit between a broker that accepts connections and the first decision, seconds.
    private static let firstDecisionSeconds = 2.0
    /// The design's limit until a half-open connection is noticed, and the reconnecting.
    private static let halfOpenSeconds = 21.0

    // MARK: The scorer

    private static let scorer: [Fault] =
        [
            Fault("scorer-kill", mayDuplicate: true) { line in
                try line.scorer.killHard()
                try line.scorer.start()
                return .now
            },
            Fault("scorer-sigterm") { line in
                try line.scorer.stopCleanly()
                try line.scorer.start()
                return .now
            },
            Fault("scorer-frozen") { line in
                line.scorer.send(SIGSTOP)
                sleep(3)
                line.scorer.send(SIGCONT)
                return .now
            },
        ]
        + ["take", "decode", "score", "publish", "log", "confirmed", "logged", "acknowledged"].map { step in
            Fault("crash-\(step)", mayDuplicate: true) { line in
                try line.scorer.stopCleanly()
                try line.scorer.start(environment: ["HERALD_CRASH_AT": "\(step):5"])
                try line.scorer.awaitCrash(within: 60)
                try line.scorer.start()
                return .now
            }
        }

    // MARK: The broker

    private static let broker: [Fault] = [
        Fault("broker-stop", mayDuplicate: true, recoverySeconds: firstDecisionSeconds) { line in
            try line.stack.run("stop-broker")
            let fresh = line.ledger.handedOver
            return .since(try line.startBroker(), fresh: fresh)
        },
        Fault("broker-kill", mayDuplicate: true, recoverySeconds: firstDecisionSeconds) { line in
            try line.stack.run("kill-broker")
            let fresh = line.ledger.handedOver
            return .since(try line.startBroker(), fresh: fresh)
        },
        Fault("broker-frozen") { line in try freeze("rabbitmq", on: line, seconds: 3) },
        Fault("broker-memory-alarm") { line in
            try line.stack.brokerControl("set_vm_memory_high_watermark", "absolute", "1MB")
            sleep(3)
            try line.stack.brokerControl("set_vm_memory_high_watermark", "0.4")
            return .now
        },
        Fault("broker-disk-alarm") { line in
            try line.stack.brokerControl("set_disk_free_limit", "100000GB")
            sleep(3)
            try line.stack.brokerControl("set_disk_free_limit", "50MB")
            return .now
        },
    ]

    private static let brokerNetwork: [Fault] = [
        Fault("broker-half-open", mayDuplicate: true, recoverySeconds: halfOpenSeconds) { line in
            let began = MonotonicTime.now
            line.brokerProxy.muteOpenConnections()
            return .since(began, fresh: line.ledger.handedOver)
        },
        Fault("broker-reset", mayDuplicate: true) { line in
            line.brokerProxy.reset()
            sleep(1)
            return .now
        },
        Fault("broker-cut", mayDuplicate: true) { line in
            line.brokerProxy.cut(afterBytes: 50_001)
            sleep(1)
            return .now
        },
        Fault("broker-delayed") { line in
            line.brokerProxy.set { $0.delaySeconds = 0.02 }
            sleep(3)
            line.brokerProxy.set { $0.delaySeconds = 0 }
            return .now
        },
        Fault("broker-sliced") { line in
            line.brokerProxy.set { $0.sliceBytes = 7 }
            sleep(2)
            line.brokerProxy.set { $0.sliceBytes = 0 }
            return .now
        },
    ]

    // MARK: The database

    private static let database: [Fault] = [
        Fault("mongodb-stop") { line in
            try line.stack.run("stop-mongodb")
            sleep(2)
            try line.stack.run("start-mongodb")
            return .now
        },
        Fault("mongodb-kill") { line in
            try line.stack.run("kill-mongodb")
            sleep(2)
            try line.stack.run("start-mongodb")
            return .now
        },
        Fault("mongodb-frozen") { line in try freeze("mongodb", on: line, seconds: 3) },
        Fault("mongodb-step-down") { line in
            let command = try Document(
                json: #"{"replSetStepDown": 3, "secondaryCatchUpPeriodSecs": 1, "force": true}"#, doing: "stepping down")
            // It closes the connection that asked.
            _ = try? line.database.read(command, on: "admin", doing: "stepping down")
            sleep(3)
            return .now
        },
        Fault("mongodb-delayed") { line in
            line.databaseProxy.set { $0.delaySeconds = 2.5 }
            sleep(8)
            line.databaseProxy.set { $0.delaySeconds = 0 }
            return .now
        },
        Fault("mongodb-black-hole") { line in
            line.databaseProxy.setMuted(true)
            sleep(5)
            line.databaseProxy.setMuted(false)
            // Bytes are missing in the middle of them.
            line.databaseProxy.cut()
            return .now
        },
        Fault("mongodb-reset") { line in
            line.databaseProxy.reset()
            return .now
        },
        Fault("mongodb-disk-full") { line in
            // As on a full disk, no file can grow: MongoDB gives up, and is started again where there is room.
            let id = try line.stack.process("mongodb")
            try Tool("/usr/bin/prlimit", ["--pid", "\(id)", "--fsize=4096"]).run(within: 10)
            let deadline = MonotonicTime.now + .seconds(15)
            while kill(id, 0) == 0, MonotonicTime.now < deadline { usleep(50_000) }
            if kill(id, 0) == 0 {
                try Tool("/usr/bin/prlimit", ["--pid", "\(id)", "--fsize=unlimited"]).run(within: 10)
            } else {
                try line.stack.run("start-mongodb")
            }
            return .now
        },
    ]

    private static func freeze(_ server: String, on line: ChaosLine, seconds: UInt32) throws -> Fault.Over {
        let id = try line.stack.process(server)
        kill(id, SIGSTOP)
        defer { kill(id, SIGCONT) }
        sleep(seconds)
        return .now
    }

    // MARK: Messages and models

    /// Models that are promoted one after the other, as fast as the command goes.
    private static let swaps = 150

    private static let messages: [Fault] = [
        Fault("poison-job", mayDuplicate: true, recoverySeconds: 30) { try HostileMessages.poison($0) },
        Fault("hostile-messages") { try HostileMessages.send(to: $0) },
        Fault("model-swaps") { line in
            for turn in 0..<swaps { try line.promote(turn % 2 == 0 ? "v1" : "v2") }
            return .now
        },
    ]
}

extension ChaosLine {
    /// Waits until a decision comes out that had not yet.
    func awaitNews() throws {
        let count = ledger.read(\.seenCount)
        for _ in 0..<60 where !ledger.wait(seconds: 0.5, { $0.seenCount > count }) { try scorer.checkRunning() }
        guard ledger.read(\.seenCount) > count else { throw ChaosError("nothing is decided within 30 s") }
    }
}
