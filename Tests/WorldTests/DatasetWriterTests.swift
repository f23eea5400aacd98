import Foundation
import Scoring
import Testing
import World

@Suite("Dataset")
struct DatasetWriterTests {
    private static let rowsInFile = 100_000

    /// The dataset's bytes.
    private static func bytes(rows: Int, seed: UInt64) -> [UInt8] {
        let world = World(seed: seed)
        var log = AttemptLog(world: world, withTruth: false)
        var bytes: [UInt8] = []
        DatasetWriter(world: world).write(rows: rows, of: &log, to: { bytes += $0 })
        return bytes
    }

    private static func file(_ name: String) throws -> Data {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try Data(contentsOf: root.appendingPathComponent("data").appendingPathComponent(name))
    }

    @Test("The same seed gives the same bytes, another seed others, and fewer rows a prefix")
    func sameSeedSameBytes() {
        let first = Self.bytes(rows: 5000, seed: 7)
        #expect(first == Self.bytes(rows: 5000, seed: 7))
        #expect(first != Self.bytes(rows: 5000, seed: 8))
        let fewer = Self.bytes(rows: 1000, seed: 7)
        #expect(fewer.elementsEqual(first.prefix(fewer.count)))
    }

    @Test("The committed file is what the world writes, byte for byte")
    func fileIsReproduced() throws {
        let written = Data(Self.bytes(rows: Self.rowsInFile, seed: 1))
        let committed = try Self.file("notifications.csv")
        #expect(written.count == committed.count)
        #expect(written == committed)
    }

    @Test("The known truths in the description are what the world states")
    func truthsAreReproduced() throws {
        let world = World(seed: 1)
        var log = AttemptLog(world: world)
        var truths = KnownTruths(world: world)
        for _ in 0..<Self.rowsInFile { truths.add(log.next()) }
        let description = String(decoding: try Self.file("README.md"), as: UTF8.self)
        #expect(description.contains(truths.markdown))
        #expect(description.contains("World version **\(WorldParameters.version)**"))
        let bayes = truths.bayes()
        #expect(bayes.calibrationError < 0.01)
        #expect(bayes.auc > 0.75)
    }

    @Test("The truth beside a dataset has its jobs in its order, and probabilities that fit the outcomes")
    func truthIsWritten() throws {
        let world = World(seed: 4)
        var log = AttemptLog(world: world)
        var (bytes, truth): ([UInt8], [UInt8]) = ([], [])
        var writer = TruthWriter()
        DatasetWriter(world: world).write(
            rows: 20_000, of: &log,
            to: {
                bytes += $0
                writer.flush { truth += $0 }
            }, observe: { writer.add($0) })
        #expect(bytes == Self.bytes(rows: 20_000, seed: 4), "asking for the truth changes no row")
        let rows = String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst()
        let truths = String(decoding: truth, as: UTF8.self).split(separator: "\n")
        #expect(truths.first == "job_id,true_probability")
        try #require(truths.count == rows.count + 1)
        var (expected, delivered) = (0.0, 0)
        for (row, line) in zip(rows, truths.dropFirst()) {
            let fields = line.split(separator: ",")
            #expect(row.hasPrefix("\(fields[0]),"))
            let probability = try #require(Double(fields[1]))
            #expect((0...1).contains(probability))
            expected += probability
            delivered += row.contains(",delivered,2") ? 1 : 0
        }
        #expect(abs(expected - Double(delivered)) < 4 * (20_000 * 0.25).squareRoot())
    }

    @Test("Rows are in order of decision, and every field is in its range")
    func rowsAreSound() throws {
        let lines = String(decoding: Self.bytes(rows: 20_000, seed: 3), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 20_001)
        #expect(String(lines[0]) == DatasetWriter.header)
        let columns = lines[0].split(separator: ",").map(String.init)
        var lastSendTime = ""
        var ids: Set<String> = []
        let delays = Set([0] + DelayLadder.standard.steps.map(\.milliseconds))
        for line in lines.dropFirst() {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            try #require(fields.count == columns.count)
            let row = Dictionary(uniqueKeysWithValues: zip(columns, fields))
            let sendTime = try #require(row["send_time"])
            #expect(sendTime >= lastSendTime)
            lastSendTime = sendTime
            let id = try #require(row["job_id"])
            #expect(ids.insert(id).inserted)
            #expect(id == "\(try #require(row["notification_id"])).\(try #require(row["previous_attempts"]))")
            #expect(id.hasPrefix(String(WorldParameters.version, radix: 36)))
            let isFirst = row["previous_attempts"] == "0"
            #expect((row["last_status"] == "none") == isFirst && (row["last_attempt_at"] == "") == isFirst)
            #expect((row["latency_ms"] == "") == isFirst)
            #expect(row["status"].flatMap(DeliveryStatus.init(rawValue:)) != nil && row["status"] != "none")
            #expect(row["logging_policy"].flatMap(LoggingPolicy.Part.init(rawValue:)) != nil)
            let propensity = try #require(row["propensity"].flatMap(Double.init))
            #expect(propensity > 0 && propensity <= 1)
            let delay = try #require(row["delay_ms"].flatMap(Int64.init))
            #expect(delays.contains(delay))
            let sent = try #require(Timestamp(rfc3339: sendTime))
            if let expiry = row["expires_at"], !expiry.isEmpty {
                #expect(sent + delay < (try #require(Timestamp(rfc3339: expiry))))
            }
        }
    }

    @Test("Propensities are the chances with which the mixture acts")
    func propensities() {
        // First attempts of codes by e-mail: the same few actions for all, so frequencies can be counted.
        var log = AttemptLog(world: World(seed: 2), withTruth: false)
        var counts: [Int64: (count: Int, propensity: Double)] = [:]
        var total = 0
        while total < 4000 {
            let row = log.next()
            guard row.pending.previousAttempts == 0, row.pending.template == .otp else { continue }
            total += 1
            guard row.choice.provider == row.new.provider else { continue }
            counts[row.choice.delayMilliseconds, default: (0, 0)].count += 1
            counts[row.choice.delayMilliseconds]?.propensity = row.choice.propensity
        }
        #expect(counts.count == 3)
        for (delay, group) in counts {
            #expect(isNear(group.count, of: total, expected: group.propensity), "delay \(delay)")
        }
    }

    @Test("Rows stream: what is held is what the longest delay spans, however many are written")
    func streams() {
        let world = World(seed: 1)
        var log = AttemptLog(world: world, withTruth: false)
        var bytes = 0
        var chunks = 0
        var reported: [Int] = []
        DatasetWriter(world: world).write(
            rows: 300_000, of: &log,
            to: {
                bytes += $0.count
                chunks += 1
            }, progress: { reported.append($0) })
        #expect(bytes > 300_000 * 100)
        #expect(log.heldRows < 20_000, "rows are held for the longest delay only, not \(log.heldRows)")
        #expect(chunks > 100 && reported.last == 300_000 && reported == reported.sorted())
    }
}
