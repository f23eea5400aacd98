import Foundation
import Scoring
import Store
import Testing
import herald

@Suite struct ConfigurationTests {
    private func load(
        yaml: String? = nil, environment: [String: String] = [:], flags: [String: String] = [:]
    ) async throws -> HeraldConfiguration {
        var file: String?
        if let yaml {
            let path = FileManager.default.temporaryDirectory.appending(path: "herald-\(UUID().uuidString).yaml").path
            try yaml.write(toFile: path, atomically: true, encoding: .utf8)
            file = path
        }
        defer { if let file { try? FileManager.default.removeItem(atPath: file) } }
        return try await HeraldConfiguration(from: ConfigurationSource(file: file, environment: environment, flags: flags))
    }

    /// The sentence of the error that loading ends in.
    private func refusal(
        yaml: String? = nil, environment: [String: String] = [:], flags: [String: String] = [:]
    ) async throws -> String {
        do {
            _ = try await load(yaml: yaml, environment: environment, flags: flags)
            return ""
        } catch let error as ConfigurationError {
            return error.description
        }
    }

    @Test func eachLayerOverridesTheOneBelow() async throws {
        let yaml = "rabbitmq:\n  prefetch: 600\nscoring:\n  batch-size: 100\n"
        #expect(try await load().broker.prefetch == 1000)
        #expect(try await load(yaml: yaml).broker.prefetch == 600)
        let environment = ["HERALD_RABBITMQ_PREFETCH": "700"]
        #expect(try await load(yaml: yaml, environment: environment).broker.prefetch == 700)
        #expect(try await load(yaml: yaml, environment: environment, flags: ["rabbitmq.prefetch": "800"]).broker.prefetch == 800)
        #expect(try await load(yaml: yaml, environment: environment).scoring.batchSize == 100)
    }

    @Test func ladderIsReadFromEachLayer() async throws {
        #expect(try await load(yaml: "scoring: {ladder: [10s, 1m]}").scoring.ladder.steps.map(\.milliseconds) == [10_000, 60_000])
        #expect(try await load(flags: ["scoring.ladder": "1s,2s"]).scoring.ladder.steps.map(\.name) == ["1s", "2s"])
    }

    @Test func commonVariablesCountUnlessOursAreThere() async throws {
        #expect(try await load(environment: ["RABBITMQ_URL": "amqp://a/"]).broker.url == "amqp://a/")
        let both = ["RABBITMQ_URL": "amqp://a/", "HERALD_RABBITMQ_URL": "amqp://b/"]
        #expect(try await load(environment: both).broker.url == "amqp://b/")
    }

    @Test(arguments: ["rabbitmq:\n  prefetsh: 1\n", "rabbit:\n  url: x\n", "prefetch: 1\n"])
    func anUnknownKeyOfTheFileIsNamed(yaml: String) async throws {
        let key = ["prefetsh": "rabbitmq.prefetsh", "url": "rabbit.url", "prefetch:": "prefetch"].first { yaml.contains($0.key) }
        #expect(try await refusal(yaml: yaml).contains("'\(key?.value ?? "?")'"))
    }

    @Test func anUnknownVariableIsNamedWithTheNearestKnown() async throws {
        let sentence = try await refusal(environment: ["HERALD_RABBITMQ_PREFETSH": "1"])
        #expect(sentence.contains("'HERALD_RABBITMQ_PREFETSH'"))
        #expect(sentence.contains("'HERALD_RABBITMQ_PREFETCH'"))
        #expect(try await refusal(flags: ["mongodb.uri": "x"]).contains("'mongodb.uri'"))
    }

    @Test(arguments: [
        ("rabbitmq.prefetch", "0"), ("rabbitmq.prefetch", "2001"), ("rabbitmq.prefetch", "many"), ("scoring.batch-size", "1025"),
        ("scoring.ladder", "5m,1m"), ("scoring.ladder", "soon"), ("log.level", "loud"), ("scoring.drain-timeout-ms", "60000"),
        ("privacy.recipient-key-file", "/nowhere/key"), ("rabbitmq.queue-prefix", ""),
        ("registry.store", "paper"),
    ])
    func aBadValueNamesItsKey(key: String, value: String) async throws {
        #expect(try await refusal(flags: [key: value]).contains(key))
    }

    @Test(
        "An alias's path is followed, any other is one artifact",
        arguments: [
            ("models/champion", "champion", "models"), ("/var/lib/models/challenger", "challenger", "/var/lib/models"),
            ("champion", "champion", "."), ("/champion", "champion", "/"), ("models/champion/", "champion", "models"),
            ("./champion", "champion", "."), ("models/v1", nil, "models"), ("other/v1", nil, "models"), ("", nil, "models"),
            ("models/champion/..", nil, "models"),
        ])
    func modelOrAlias(path: String, alias: String?, folder: String) async throws {
        let configuration = try await load(flags: ["scoring.model": path])
        #expect(configuration.followedAlias?.rawValue == alias)
        #expect(configuration.modelsFolder.path == folder)
    }

    @Test("A folder that is called champion is an artifact like any other")
    func folderNamedLikeAnAlias() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "herald-\(UUID().uuidString)/champion").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(try await load(flags: ["scoring.model": path]).followedAlias == nil)
    }

    @Test func contradictoryValuesNameBothKeys() async throws {
        let sentence = try await refusal(flags: ["rabbitmq.prefetch": "100", "scoring.batch-size": "200"])
        #expect(sentence.contains("rabbitmq.prefetch"))
        #expect(sentence.contains("scoring.batch-size"))
    }

    @Test func aFileThatIsNoMappingIsRefused() async throws {
        #expect(try await refusal(yaml: "- a\n").contains("mapping"))
        #expect(try await refusal(yaml: "a: [\n").contains("YAML"))
    }

    @Test func everyKeyHasAVariableOfItsOwn() {
        #expect(Set(ConfigurationKey.all.map(\.environmentVariable)).count == ConfigurationKey.all.count)
    }
}

@Suite struct SimulationClockTests {
    @Test func runsFasterFromItsOriginOn() {
        let origin = Timestamp(milliseconds: 1_000_000)
        let clock = SimulationClock(speed: 60, origin: origin)
        #expect(clock.time(atReal: origin) == origin)
        #expect(clock.time(atReal: origin + 1000) == origin + 60_000)
        #expect(SimulationClock.real.time(atReal: origin) == origin)
    }

    @Test func processesOfOneDayAgreeOnAnOriginWithoutBeingTold() async throws {
        let flags = ["simulation.speed": "60"]
        let clock = try await HeraldConfiguration(from: ConfigurationSource(file: nil, environment: [:], flags: flags)).clock
        #expect(clock.speed == 60)
        #expect(clock.origin.milliseconds % 86_400_000 == 0)
        let bad = ["simulation.origin": "yesterday"]
        await #expect(throws: ConfigurationError.self) {
            try await HeraldConfiguration(from: ConfigurationSource(file: nil, environment: [:], flags: bad))
        }
    }
}
