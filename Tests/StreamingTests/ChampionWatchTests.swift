import Broker
import Foundation
import Logging
import Scoring
import Store
import Streaming
import Synchronization
import Testing

@Suite struct ChampionWatchTests {
    private let order = Registry.Order(by: "ann", at: Timestamp(milliseconds: 4_102_444_800_000))

    private func watch(
        _ models: TinyModels, for current: CurrentScorer, registry: Registry? = nil,
        prepare: @escaping @Sendable (ScoringModel) throws -> Void = { _ in }
    ) -> ChampionWatch {
        ChampionWatch(
            registry ?? models.registry, .champion, for: current,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { Timestamp(milliseconds: 0) }, prepare: prepare)
    }

    private func rules() -> CurrentScorer { CurrentScorer(Scorer(model: nil, ladder: .standard)) }

    @Test("No champion is the rule policy; the first one, each next one and a rollback are taken once")
    func swaps() throws {
        try TinyModels.run { models in
            let current = rules()
            let watch = watch(models, for: current)
            #expect(watch.look() == .vacant)
            #expect(current.scorer.modelVersion == "none")
            for version in ["a", "b"] { try models.write(version) }
            _ = try models.registry.promote("a", order)
            #expect(watch.look() == .swapped("a"))
            #expect(watch.look() == .unchanged)
            _ = try models.registry.promote("b", order)
            #expect(watch.look() == .swapped("b"))
            #expect(current.scorer.modelVersion == "b")
            _ = try models.registry.rollBack(order)
            #expect(watch.look() == .swapped("a"))
            #expect(current.scorer.modelVersion == "a")
            try FileManager.default.removeItem(atPath: "\(models.path)/champion")
            #expect(watch.look() == .vacant)
            #expect(current.scorer.modelVersion == "a", "the one in use stays")
        }
    }

    @Test("A model cut at any byte is refused once, the one in use stays, and the history has an entry for each")
    func broken() throws {
        try TinyModels.run { models in
            for version in ["a", "b"] { try models.write(version) }
            try models.link(to: "a")
            let current = rules()
            let watch = watch(models, for: current)
            #expect(watch.look() == .swapped("a"))
            let whole = try Data(contentsOf: URL(fileURLWithPath: "\(models.path)/b/model.ubj"))
            try models.link(to: "b")
            var refusals = 0
            for length in stride(from: whole.count - 1, through: 0, by: -97) {
                try whole.prefix(length).write(to: URL(fileURLWithPath: "\(models.path)/b/model.ubj"))
                #expect(watch.look() == .refused("b"), "\(length) bytes")
                #expect(watch.look() == .unchanged)
                #expect(current.scorer.modelVersion == "a")
                refusals += 1
            }
            #expect(try models.registry.events().filter { $0.kind == .refused && $0.from == "a" && $0.to == "b" }.count == refusals)
            try whole.write(to: URL(fileURLWithPath: "\(models.path)/b/model.ubj"))
            #expect(watch.look() == .swapped("b"), "mended")
        }
    }

    @Test("A model is used only after it was prepared, and a failure there is tried again")
    func preparing() throws {
        try TinyModels.run { models in
            try models.write("a")
            try models.link(to: "a")
            let current = rules()
            let failures = Mutex(2)
            let watch = watch(models, for: current) { _ in
                let fails = failures.withLock { left in
                    left -= 1
                    return left >= 0
                }
                if fails { throw StoreError(code: .unavailable, doing: "testing", message: "away") }
            }
            #expect(watch.look() == .unavailable)
            #expect(watch.look() == .unavailable)
            #expect(current.scorer.modelVersion == "none")
            #expect(watch.look() == .swapped("a"))
        }
    }

    @Test("While the registry does not answer, the model in use stays")
    func away() throws {
        try TinyModels.run { models in
            let url = try StoreURL("mongodb://127.0.0.1:1/?replicaSet=rs0&serverSelectionTimeoutMS=100")
            let registry = Registry(folder: ModelsFolder(models.path), database: try Database(url: url))
            let current = CurrentScorer(try TinyModels.scorer("old"))
            #expect(watch(models, for: current, registry: registry).look() == .unavailable)
            #expect(current.scorer.modelVersion == "old")
        }
    }

    @Test("The thread notices within 2 s and ends when told")
    func thread() throws {
        try TinyModels.run { models in
            for version in ["a", "b"] { try models.write(version) }
            try models.link(to: "a")
            let current = rules()
            let taken = Monitor([String]())
            let watch = watch(models, for: current) { model in taken.update { $0.append(model.version) } }
            watch.look()
            try watch.start()
            _ = try models.registry.promote("b", order)
            #expect(taken.wait(until: .now + .seconds(2)) { $0.last == "b" ? true : nil } == true)
            watch.stop()
        }
    }

    @Test("Batches decided while models are swapped a thousand times each carry one version")
    func oneModelABatch() throws {
        let scorers = try ["a", "b"].map(TinyModels.scorer)
        let current = CurrentScorer(scorers[0])
        let now = Timestamp(milliseconds: 1_700_000_000_000)
        let job = Job(
            jobID: "j", notificationID: "n", channel: .email, provider: "ses", providers: ["ses"],
            recipientCountry: try #require(CountryCode("DE")), templateType: .otp, payloadSize: 1, createdAt: now, sendTime: now)
        let jobs = [PendingJob](repeating: PendingJob(job: job), count: 64)
        let isDone = Monitor(false)
        try DedicatedThread.detach(name: "swapper") {
            for index in 0..<1000 {
                current.replace(with: scorers[index % 2])
                usleep(50)
            }
            isDone.update { $0 = true }
        }
        var seen: Set<String> = []
        while !isDone.withLock({ $0 }) || seen.isEmpty {
            let versions = Set(current.scorer.decide(jobs, now: now).map(\.model))
            #expect(versions.count == 1)
            seen.formUnion(versions)
        }
        #expect(seen == ["a", "b"])
    }
}
