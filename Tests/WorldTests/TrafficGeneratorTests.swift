import Scoring
import Testing
import World

@Suite("Traffic")
struct TrafficGeneratorTests {
    @Test("Arrivals come in order, at the wanted rate, with daily and weekly curves")
    func curve() {
        let world = World(seed: 3)
        var traffic = TrafficGenerator(world: world, pace: .curve(perDay: 20_000), start: WorldParameters.epoch)
        var last = WorldParameters.epoch
        var byHour = [Int](repeating: 0, count: 24)
        var byDay = [Int](repeating: 0, count: 7)
        while true {
            let new = traffic.next()
            #expect(new.createdAt >= last)
            last = new.createdAt
            guard last < WorldParameters.epoch + 14 * 86_400_000 else { break }
            let country = WorldParameters.countries[new.pending.country]
            byHour[country.localMinuteOfWeek(at: last) / 60 % 24] += 1
            byDay[country.localMinuteOfWeek(at: last) / 1440] += 1
        }
        let total = Double(byDay.reduce(0, +)) / 14
        #expect(total > 18_000 && total < 26_000, "bursts come on top of the mean: \(total)")
        #expect(byHour[18] > 5 * byHour[3])
        #expect(byDay[2] > byDay[6])
    }

    @Test("A steady pace keeps its rate whatever the hour")
    func steady() {
        var traffic = TrafficGenerator(world: World(seed: 3), pace: .steady(perSecond: 2000), start: WorldParameters.epoch)
        var count = 0
        while traffic.next().createdAt < WorldParameters.epoch + 10_000 { count += 1 }
        #expect(isNear(count, of: 1_000_000, expected: 0.02))
    }

    @Test("A job is complete: identifiers, routes of its channel, and an expiry that fits its template")
    func jobs() {
        let world = World(seed: 3)
        var traffic = TrafficGenerator(world: world, pace: .steady(perSecond: 10), start: WorldParameters.epoch, prefix: "run7-")
        var ids: Set<String> = []
        var templates: Set<TemplateType> = []
        for _ in 0..<3000 {
            let job = traffic.nextJob()
            ids.insert(job.jobID)
            templates.insert(job.templateType)
            #expect(job.notificationID.hasPrefix("run7-") && job.jobID == job.notificationID + ".0")
            #expect(job.providers == world.providerNames(for: job.channel) && job.providers.contains(job.provider))
            #expect(job.previousAttempts == 0 && job.lastStatus == .none && job.lastAttemptAt == nil)
            #expect(job.payloadSize > 0 && job.sendTime == job.createdAt)
            switch job.templateType {
            case .otp: #expect(job.expiresAt == job.createdAt + 300_000)
            case .alert: #expect(job.expiresAt == job.createdAt + 7_200_000)
            case .transactional: #expect(job.expiresAt == job.createdAt + 86_400_000)
            case .marketing: #expect(job.expiresAt == nil)
            }
        }
        #expect(ids.count == 3000)
        #expect(templates.count == 4)
    }

    @Test("A generated notification and its job are the same to the world")
    func jobAndNumbersAgree() throws {
        let world = World(seed: 13)
        var traffic = TrafficGenerator(world: world, pace: .steady(perSecond: 10), start: WorldParameters.epoch)
        for _ in 0..<500 {
            let new = traffic.next()
            let pending = try #require(world.pending(traffic.job(of: new)))
            #expect(pending.notification == new.pending.notification)
            #expect(pending.recipient == new.pending.recipient)
            #expect(pending.country == new.pending.country)
        }
    }

    @Test("Local time: noon UTC is evening in Tokyo and early morning in Mexico")
    func timeZones() throws {
        let noon = WorldParameters.epoch + 12 * 3_600_000
        func hour(_ code: String) throws -> Int {
            let country = try #require(WorldParameters.countries.first { $0.code.description == code })
            return country.localMinuteOfWeek(at: noon) / 60
        }
        #expect(try hour("JP") == 21)
        #expect(try hour("MX") == 6)
        #expect(try hour("IN") == 17)
        #expect(try hour("GB") == 12)
    }
}
