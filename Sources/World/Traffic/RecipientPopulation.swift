/// The people notifications go to: a fixed number per country, some written to much more often than others.
struct RecipientPopulation: Sendable {
    /// By country: first number and how many.
    private let ranges: [(first: Double, count: Double)]

    init(perDay: Double, parameters: WorldParameters) {
        let limits = parameters.recipients
        let wanted = min(perDay * parameters.recipientsPerDailyNotification, Double(limits.upperBound))
        let size = max(wanted, Double(limits.lowerBound))
        let total = WorldParameters.countries.reduce(0) { $0 + $1.weight }
        var first = 0.0
        ranges = WorldParameters.countries.map { country in
            let count = (size * country.weight / total).rounded()
            defer { first += count }
            return (first, count)
        }
    }

    /// The recipient that `draw` in [0, 1) picks: squaring it makes low numbers frequent.
    func recipient(in country: Int, draw: Double) -> UInt64 {
        let range = ranges[country]
        return UInt64(range.first + (draw * draw * range.count).rounded(.down))
    }
}
