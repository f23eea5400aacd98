import Scoring
import Testing
import World

@Suite("Incidents")
struct IncidentTests {
    private let shape = IncidentShape(
        quietHours: 20, onsetMinutes: 10, depthMinutes: 90, recoveryMinutes: 30, onsetAvailability: 0.5, depthAvailability: 0.1,
        recoveryAvailability: 0.7)

    @Test("The forecast is what drawn timelines do", arguments: [15_000, 900_000, 3_600_000, 21_600_000, 86_400_000] as [Int64])
    func forecastAgreesWithTimelines(delay: Int64) {
        let forecast = IncidentForecast(shape: shape)
        var sums = [Double](repeating: 0, count: 4)
        var counts = [Int](repeating: 0, count: 4)
        for seed in 0..<300 {
            let timeline = IncidentTimeline(shape: shape, key: SeedKey(seed: UInt64(seed)), epoch: WorldParameters.epoch)
            for step in 0..<400 {
                let time = WorldParameters.epoch + Int64(step) * 7_001_000
                let phase = Int(timeline.phase(at: time).rawValue)
                sums[phase] += shape.availability(in: timeline.phase(at: time + delay))
                counts[phase] += 1
            }
        }
        for phase in IncidentShape.Phase.allCases {
            let index = Int(phase.rawValue)
            let mean = sums[index] / Double(counts[index])
            let expected = forecast.availability(from: phase, after: delay)
            // Neighbouring steps share an incident, so the bound counts each incident once.
            #expect(abs(mean - expected) < 3 / Double(counts[index]).squareRoot(), "\(phase): \(mean), not \(expected)")
        }
    }

    @Test("Without delay the forecast is the phase itself")
    func forecastOfNow() {
        let forecast = IncidentForecast(shape: shape)
        for phase in IncidentShape.Phase.allCases {
            #expect(forecast.availability(from: phase, after: 0) == shape.availability(in: phase))
        }
    }

    @Test("Phases follow each other in order, for ever")
    func order() {
        let timeline = IncidentTimeline(shape: shape, key: SeedKey(seed: 1), epoch: WorldParameters.epoch)
        var last = timeline.phase(at: WorldParameters.epoch)
        var changes = 0
        for minute in 1..<(200 * 1440) {
            let phase = timeline.phase(at: WorldParameters.epoch + Int64(minute) * 60_000)
            guard phase != last else { continue }
            changes += 1
            last = phase
        }
        #expect(changes > 300)
        _ = timeline.phase(at: Timestamp(milliseconds: 0))
        _ = timeline.phase(at: WorldParameters.epoch + 4000 * 86_400_000)
    }

    @Test("A staged outage depresses success on its provider, sets in, and recovers")
    func stagedOutage() {
        let opening = World.evaluationStart
        let world = World(seed: 3, scenario: .outage, opening: opening)
        func success(afterMinutes minutes: Int64) -> Double {
            Samples.deliveries(in: world, channel: .sms, through: "sm-a", at: opening + minutes * 60_000, count: 600)
        }
        let before = success(afterMinutes: -30)
        #expect(before > 0.6)
        #expect(success(afterMinutes: 2) < before)
        #expect(success(afterMinutes: 60) < 0.1)
        let recovering = success(afterMinutes: 165)
        #expect(recovering > 0.3 && recovering < before)
        #expect(success(afterMinutes: 240) > 0.6)
        // The other providers stand.
        #expect(Samples.deliveries(in: world, channel: .sms, through: "sm-b", at: opening + 3_600_000, count: 600) > 0.5)
    }
}
