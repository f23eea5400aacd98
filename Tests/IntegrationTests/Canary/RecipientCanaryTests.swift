import Broker
import Foundation
import Scoring
import Sidecar
import Store
import Testing

extension WholeLine {
    /// Recipients appear nowhere but in the messages that are for the workers.
    @Suite struct RecipientCanaryTests {
        @Test(
            "A recipient is in no document, log, metric, header or answer, whatever became of its job; under a key its hash is in the log alone",
            arguments: [false, true])
        func nowhere(hasKey: Bool) throws {
            try Line.run("canary") { line in
                try line.database.prepare()
                let birds = CanaryMessages()
                let watch = try CanaryWatch(line, hasKey: hasKey)
                let jobs = birds.jobs()
                let defects = birds.defects()
                try line.withBroker { broker in
                    for job in jobs { try broker.publish(Self.message(job.job.jobID, job.body, to: line)) }
                    for (name, body) in defects { try broker.publish(Self.message("bad-\(name)", body, to: line)) }
                    for (name, body) in birds.outcomes(of: jobs) {
                        try broker.publish(
                            OutgoingMessage(exchange: line.names.outcomesExchange, routingKey: "", messageID: name, body: MessageBody(body))
                        )
                    }
                }
                let quarantinedCount = defects.count + 1
                try line.awaitDecisions(jobs.count)
                try line.awaitDepth(of: [line.names.quarantine], atLeast: quarantinedCount)
                try wait(for: "the outcome in the log") { try line.database.exactCount(of: .outcomes) == 1 }

                let predicted = try watch.predict(birds)
                try line.awaitDecisions(jobs.count + predicted)
                try watch.awaitEvents(decisions: jobs.count + predicted)
                try watch.requeue()
                // What is put back comes again, for it is as defective as before.
                try line.awaitDepth(of: [line.names.quarantine], atLeast: quarantinedCount)
                try watch.readEverything(on: line)
                try watch.stop()

                let leaks = try watch.pages.flatMap { birds.leaks(in: $0) } + Self.documents(of: line).flatMap { birds.leaks(in: $0) }
                #expect(leaks.isEmpty, "\(leaks.count) leaks:\n\(leaks.prefix(20).joined(separator: "\n"))")
                try expectFound(birds, jobs, defects, watch, on: line)
                try expectHashes(of: jobs, hasKey ? watch.key : nil, watch, on: line)
            }
        }

        private static func message(_ id: String, _ body: [UInt8], to line: Line) -> OutgoingMessage {
            OutgoingMessage(routingKey: line.names.jobs, messageID: id, contentType: "application/json", body: MessageBody(body))
        }

        /// The raw bytes of every document in every collection.
        private static func documents(of line: Line) throws -> [CanaryPage] {
            func ask(_ json: String) throws -> Document {
                try line.database.read(Document(json: json, doing: "searching"), doing: "searching")
            }
            let listed = try ask(#"{"listCollections": 1, "nameOnly": true, "cursor": {"batchSize": 1000}}"#)
            let names = (listed["cursor"]?.document?["firstBatch"]?.document?.values ?? []).compactMap { $0.document?["name"]?.string }
            for collection in [Store.Collection.decisions, .outcomes, .audit] { #expect(names.contains(collection.rawValue)) }
            return try names.filter { !$0.hasPrefix("system.") }.map { name in
                let found = try ask("{\"find\": \"\(name)\", \"batchSize\": 100000}")
                #expect(found["cursor"]?.document?["id"]?.integer == 0, "all of \(name) at once")
                return CanaryPage(place: "collection \(name)", bytes: found.bytes, isForAdmin: false)
            }
        }

        /// The search finds what is there: workers get whole messages, and administrators bodies that are no JSON.
        private func expectFound(
            _ birds: CanaryMessages, _ jobs: [TestJob], _ defects: [(name: String, body: [UInt8])], _ watch: CanaryWatch, on line: Line
        ) throws {
            #expect(watch.pages.contains { $0.isForAdmin && birds.loose.found(in: $0.bytes) != nil })
            let results = try line.takeResults()
            for job in jobs {
                let messages = results.byID[job.job.jobID] ?? []
                #expect(messages.map(\.body) == [job.body])
                #expect(messages.allSatisfy { !birds.leaks(in: CanaryPage(place: "body", bytes: $0.body, isForAdmin: false)).isEmpty })
            }
            #expect(Set(results.messages.map(\.queue)).isSuperset(of: [line.names.undeliverable, line.names.quarantine]))
            #expect(results.messages.contains { line.retryQueues.contains($0.queue) })
            #expect(results.inQueue(line.names.quarantine).count == defects.count + 1)
            let headers = results.messages.flatMap { message in
                message.headers.map { CanaryPage(place: "\(message.queue) \($0.key)", bytes: Array($0.value.utf8), isForAdmin: false) }
            }
            let leaks = headers.flatMap { birds.leaks(in: $0) }
            #expect(leaks.isEmpty, "\(leaks)")
        }

        /// Each decision has the hash of its recipient under a key, and none without; no answer has it.
        private func expectHashes(of jobs: [TestJob], _ key: [UInt8]?, _ watch: CanaryWatch, on line: Line) throws {
            let hasher = key.map { RecipientHasher(key: $0) }
            let decisions = try Self.documents(of: line).first { $0.place == "collection decisions" }
            let text = String(decoding: decisions?.bytes ?? [], as: UTF8.self)
            guard let hasher else {
                #expect(!text.contains("recipient_hash"))
                return
            }
            for job in jobs {
                let hash = hasher.hash(try #require(job.job.recipient))
                #expect(text.contains(hash))
                for page in watch.pages { #expect(!page.text.contains(hash), "\(page.place)") }
            }
        }
    }
}
