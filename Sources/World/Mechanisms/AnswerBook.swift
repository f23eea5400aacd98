import Scoring

/// Which status and code a provider gives for a failure: its dialect, else what is usual on the channel.
struct AnswerBook: Sendable {
    /// By provider, then by cause.
    private let pages: [[[Answer]]]

    init() {
        pages = WorldParameters.providers.map { provider in
            FailureCause.allCases.map { cause in
                let answers = provider.dialect[cause] ?? WorldParameters.answers(to: cause, on: provider.channel)
                let total = answers.reduce(0) { $0 + $1.weight }
                return answers.map { Answer($0.status, $0.code, $0.weight / total) }
            }
        }
    }

    /// The answer that `draw` in [0, 1) picks.
    func answer(of provider: Int, to cause: FailureCause, draw: Double) -> Answer {
        let page = pages[provider][Int(cause.rawValue)]
        var rest = draw
        for answer in page.dropLast() {
            if rest < answer.weight { return answer }
            rest -= answer.weight
        }
        return page[page.count - 1]
    }
}
