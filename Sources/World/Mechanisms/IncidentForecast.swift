/// What an incident's phase now says about later: the expected availability after any delay, from the phase's Markov chain.
///
/// With rates 1/mean between the four phases and generator Q, P(Δ) = exp(QΔ). The expectations are tabulated at 1, 1.25, 1.5,
/// 1.75 times each power of two seconds and interpolated.
package struct IncidentForecast: Sendable {
    package typealias Phase = IncidentShape.Phase

    private static let octaves = 21
    private static let stepsPerOctave = 4

    private let now: [Double]
    /// By phase, then by grid point.
    private let later: [[Double]]

    package init(shape: IncidentShape) {
        let availability = Phase.allCases.map(shape.availability(in:))
        let rates = Phase.allCases.map { 1000 / shape.meanMilliseconds(of: $0) }
        now = availability
        var later = [[Double]](repeating: [], count: 4)
        for octave in 0..<Self.octaves {
            for step in 0..<Self.stepsPerOctave {
                let seconds = Double(1 << octave) * (1 + Double(step) / Double(Self.stepsPerOctave))
                let transition = Self.transition(rates: rates, seconds: seconds)
                for phase in 0..<4 {
                    later[phase].append((0..<4).reduce(0) { $0 + transition[phase * 4 + $1] * availability[$1] })
                }
            }
        }
        self.later = later
    }

    /// Expected share of attempts that pass `milliseconds` after a time at which the phase was `phase`.
    package func availability(from phase: Phase, after milliseconds: Int64) -> Double {
        let index = Int(phase.rawValue)
        guard milliseconds > 0 else { return now[index] }
        let seconds = Double(milliseconds) / 1000
        let table = later[index]
        guard seconds >= 1 else { return now[index] + (table[0] - now[index]) * seconds }
        let position = Double(Int(seconds.exponent) * Self.stepsPerOctave) + (seconds.significand - 1) * Double(Self.stepsPerOctave)
        let low = Int(position)
        guard low + 1 < table.count else { return table[table.count - 1] }
        return table[low] + (table[low + 1] - table[low]) * (position - Double(low))
    }

    /// exp(Q · seconds) of the four-phase cycle, row-major, by scaling and squaring.
    private static func transition(rates: [Double], seconds: Double) -> [Double] {
        var squarings = 0
        var step = seconds
        while step * (rates.max() ?? 0) > 1e-4 {
            step /= 2
            squarings += 1
        }
        var matrix = [Double](repeating: 0, count: 16)
        for phase in 0..<4 {
            // Second-order Taylor series; the third-order terms are below 1e-12.
            let leave = rates[phase] * step
            let next = rates[(phase + 1) % 4] * step
            matrix[phase * 4 + phase] += 1 - leave + leave * leave / 2
            matrix[phase * 4 + (phase + 1) % 4] += leave - leave * (leave + next) / 2
            matrix[phase * 4 + (phase + 2) % 4] += leave * next / 2
        }
        for _ in 0..<squarings {
            var square = [Double](repeating: 0, count: 16)
            for row in 0..<4 {
                for column in 0..<4 {
                    square[row * 4 + column] = (0..<4).reduce(0) { $0 + matrix[row * 4 + $1] * matrix[$1 * 4 + column] }
                }
            }
            matrix = square
        }
        return matrix
    }
}
