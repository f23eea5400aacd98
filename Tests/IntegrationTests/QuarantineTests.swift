import Broker
import Foundation
import Scoring
import Store
import Streaming
import Testing

extension WholeLine {
    /// A message that cannot be used goes to quarantine alone.
    @Suite struct QuarantineTests {
        /// A message that is no job, and the reason it must get.
        private struct Bad {
            let id: String
            let reason: JobDefectCode
            let field: String?
            let body: [UInt8]

            init(_ id: String, _ reason: JobDefectCode, field: String? = nil, _ body: [UInt8]) {
                self.id = id
                self.reason = reason
                self.field = field
                self.body = body
            }
        }

        @Test("Bad messages among good ones are quarantined with reason and body; their neighbours are decided")
        func badAmongGood() throws {
            try Line.run("quarantine") { line in
                let good = (0..<300).map { TestJob($0, now: .now) }
                let bad = try Self.badMessages(like: good[0])
                try line.withBroker { broker in
                    // Ten good ones, a bad one, and so on: the scorer finds them in the same batches.
                    for (index, job) in good.enumerated() {
                        try broker.publish(Self.message(job.job.jobID, job.body, to: line))
                        if index % 10 == 5, index / 10 < bad.count {
                            try broker.publish(Self.message(bad[index / 10].id, bad[index / 10].body, to: line))
                        }
                    }
                    #expect(try broker.depth(of: line.names.jobs).messages == good.count + bad.count)
                }
                let scorer = try line.startScorer()
                try line.awaitDecisions(good.count)
                try line.awaitDepth(of: [line.names.quarantine], atLeast: bad.count)
                try scorer.awaitStatus("all counted") { $0.counts.decided == good.count && $0.counts.quarantined == bad.count }
                try scorer.stopCleanly()

                let results = try line.takeResults()
                let quarantined = results.inQueue(line.names.quarantine)
                #expect(quarantined.count == bad.count)
                #expect(results.messages.count == good.count + bad.count)
                #expect(results.ids == Set(good.map(\.job.jobID) + bad.map(\.id)))
                for bad in bad {
                    let message = try #require(quarantined.first { $0.messageID == bad.id })
                    #expect(message["reason"] == bad.reason.rawValue, "\(bad.id)")
                    #expect(message["field"] == bad.field, "\(bad.id)")
                    #expect(message["detail"]?.isEmpty == false)
                    #expect(message["queue"] == line.names.jobs)
                    #expect(message.contentType == "application/json")
                    if bad.reason == .tooLarge {
                        #expect(message.body.count >= 16 * 1024)
                        #expect(bad.body.starts(with: message.body), "its beginning")
                    } else {
                        #expect(message.body == bad.body, "\(bad.id)")
                    }
                }
                #expect(try line.database.exactCount(of: .decisions) == good.count)
                #expect(try line.depth(of: [line.names.jobs]) == 0)
            }
        }

        @Test("Properties that are no text and grow when they are read as such do not keep a bad message from quarantine")
        func strangeProperties() throws {
            try Line.run("properties") { line in
                // 100 bytes that are no UTF-8 make a text of 300.
                let strange = [UInt8](repeating: 0xFF, count: 100)
                let body = Array("{bad".utf8)
                let scorer = try line.startScorer()
                try WireClient.publish(body, contentType: Array("x".utf8), messageID: strange, to: line.names.jobs, at: line.url)
                try WireClient.publish(body, contentType: strange, messageID: Array("id".utf8), to: line.names.jobs, at: line.url)
                try line.awaitDepth(of: [line.names.quarantine], atLeast: 2)
                try scorer.awaitStatus("all is acknowledged") { $0.health.inFlight == 0 }
                try scorer.stopCleanly()
                let quarantined = try line.takeResults().inQueue(line.names.quarantine)
                #expect(quarantined.map(\.body) == [body, body])
                #expect(quarantined.allSatisfy { $0["reason"] == JobDefectCode.notJSON.rawValue })
                #expect(quarantined.compactMap(\.messageID) == ["id"])
            }
        }

        private static func message(_ id: String, _ body: [UInt8], to line: Line) -> OutgoingMessage {
            OutgoingMessage(routingKey: line.names.jobs, messageID: id, contentType: "application/json", body: MessageBody(body))
        }

        private static func badMessages(like good: TestJob) throws -> [Bad] {
            let text = String(decoding: JobEncoder.json(good.job), as: UTF8.self)
            func altered(_ key: String, _ value: String) throws -> [UInt8] {
                Array(text.replacing(try Regex("\"\(key)\":(\"[^\"]*\"|[0-9]+)"), with: "\"\(key)\":\(value)").utf8)
            }
            let padding = String(repeating: "x", count: 2 << 20)
            return try [
                Bad("empty", .notJSON, []),
                Bad("spaces", .notJSON, Array("   ".utf8)),
                Bad("cut", .notJSON, Array(text.utf8.prefix(text.utf8.count / 2))),
                Bad("not-utf8", .notUTF8, Array(text.utf8).map { $0 == UInt8(ascii: "@") ? 0xFF : $0 }),
                Bad("text", .notJSON, Array("hello, world".utf8)),
                Bad("array", .notAnObject, Array("[\(text)]".utf8)),
                Bad("two-jobs", .notJSON, Array((text + text).utf8)),
                Bad(
                    "deep", .tooDeep,
                    Array((#"{"x":"# + String(repeating: "[", count: 200) + String(repeating: "]", count: 200) + "}").utf8)),
                Bad("oversized", .tooLarge, Array(text.dropLast().utf8) + Array(#","padding":"\#(padding)"}"#.utf8)),
                Bad("no-channel", .missingField, field: "channel", Array(text.replacing(#""channel":"email","#, with: "").utf8)),
                Bad("wrong-channel", .unknownValue, field: "channel", altered("channel", #""pigeon""#)),
                Bad("text-for-number", .wrongType, field: "payload_size", altered("payload_size", #""812""#)),
                Bad("negative", .outOfRange, field: "payload_size", altered("payload_size", "-1")),
                Bad("no-time", .badTimestamp, field: "send_time", altered("send_time", #""tomorrow""#)),
                Bad("no-country", .unknownValue, field: "recipient_country", altered("recipient_country", #""Germany""#)),
                Bad("empty-id", .empty, field: "job_id", altered("job_id", #""""#)),
                Bad("long-id", .tooLong, field: "job_id", altered("job_id", "\"\(padding.prefix(129))\"")),
                Bad("twice", .duplicateField, field: "job_id", Array(#"{"job_id":"a",\#(text.dropFirst())"#.utf8)),
            ]
        }
    }
}
