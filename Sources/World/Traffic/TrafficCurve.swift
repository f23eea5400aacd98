import Scoring

/// Daily and weekly curve of traffic: every country lives by its own clock, and the sum has the humps of the time zones.
struct TrafficCurve: Sendable {
    /// Traffic by UTC hour of the week from Monday 00:00, mean 1.
    private let weekly: [Double]
    /// By UTC hour of the week: running sums of the countries' shares, the last one 1.
    private let countries: [[Double]]
    /// Mean activity by UTC hour of the day, 1 at the busiest.
    let busyness: [Double]

    init(parameters: WorldParameters) {
        var weekly = [Double](repeating: 0, count: 168)
        var countries: [[Double]] = []
        for hour in 0..<168 {
            var running: [Double] = []
            for country in WorldParameters.countries {
                let minute = (hour * 60 + 30 + country.utcOffsetMinutes + 10_080) % 10_080
                let weekend = minute >= 5 * 1440 ? parameters.weekendActivity : 1
                running.append((running.last ?? 0) + country.weight * weekend * parameters.activityByHour[minute / 60 % 24])
            }
            let total = running.last ?? 1
            weekly[hour] = total
            countries.append(running.map { $0 / total })
        }
        let mean = weekly.reduce(0, +) / 168
        self.weekly = weekly.map { $0 / mean }
        self.countries = countries
        let daily = (0..<24).map { hour in (0..<5).reduce(0) { $0 + weekly[$1 * 24 + hour] } }
        let peak = daily.max() ?? 1
        busyness = daily.map { $0 / peak }
    }

    /// Multiple of the mean traffic at `time`.
    func factor(at time: Timestamp) -> Double {
        weekly[Self.hourOfWeek(time)]
    }

    /// The country that `draw` in [0, 1) picks at `time`: an index into the world's countries.
    func country(at time: Timestamp, draw: Double) -> Int {
        let running = countries[Self.hourOfWeek(time)]
        return running.firstIndex { draw < $0 } ?? running.count - 1
    }

    private static func hourOfWeek(_ time: Timestamp) -> Int {
        let hour = (time.milliseconds.divided(by: 3_600_000) + 72) % 168
        return Int(hour < 0 ? hour + 168 : hour)
    }
}
