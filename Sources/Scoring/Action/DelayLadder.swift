/// The delays a job can be sent through: one retry queue, with one fixed TTL, for each step.
package struct DelayLadder: Equatable, Sendable {
    /// One step of the ladder.
    package struct Step: Equatable, Sendable {
        /// As in the queue's name: a whole number and `s`, `m` or `h`.
        package let name: String
        package let milliseconds: Int64
    }

    /// Why a ladder was refused.
    package struct Defect: Error, CustomStringConvertible {
        /// One sentence that names the step.
        package let description: String
    }

    /// Most steps of a ladder.
    package static let maximumStepCount = 16

    /// Strictly ascending, 1–16 steps, each from a second to 7 days.
    package let steps: [Step]

    /// The design's ladder.
    package static let standard = DelayLadder(
        steps: [
            Step(name: "15s", milliseconds: 15_000), Step(name: "1m", milliseconds: 60_000), Step(name: "5m", milliseconds: 300_000),
            Step(name: "15m", milliseconds: 900_000), Step(name: "1h", milliseconds: 3_600_000),
            Step(name: "3h", milliseconds: 10_800_000), Step(name: "6h", milliseconds: 21_600_000),
            Step(name: "12h", milliseconds: 43_200_000), Step(name: "24h", milliseconds: 86_400_000),
        ])

    private init(steps: [Step]) {
        self.steps = steps
    }

    /// Reads steps such as `15s`, `5m`, `24h`.
    package init(_ names: [String]) throws(Defect) {
        guard (1...Self.maximumStepCount).contains(names.count) else {
            throw Defect(description: "a delay ladder has 1 to 16 steps, not \(names.count)")
        }
        var steps: [Step] = []
        for name in names {
            let step = try Self.step(named: name)
            if let last = steps.last, last.milliseconds >= step.milliseconds {
                throw Defect(description: "the steps of the delay ladder must ascend, but '\(name)' follows '\(last.name)'")
            }
            steps.append(step)
        }
        self.steps = steps
    }

    private static func step(named name: String) throws(Defect) -> Step {
        let units: [Character: Int64] = ["s": 1000, "m": 60_000, "h": 3_600_000]
        guard let unit = name.last.flatMap({ units[$0] }), name.utf8.count <= 8, name.first != "0",
            name.dropLast().utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(name.dropLast()),
            (1000...604_800_000).contains(count * unit)
        else {
            throw Defect(description: "'\(name)' is no delay: write a whole number and s, m or h, from 1s to 168h")
        }
        return Step(name: name, milliseconds: count * unit)
    }

    /// The step to wait for `milliseconds`: the longest that does not overshoot; `nil` where even the shortest does.
    ///
    /// A job waits again where it comes back too early.
    func step(notBeyond milliseconds: Int64) -> Step? {
        steps.last { $0.milliseconds <= milliseconds }
    }

    /// The step that backs off after `failures` (≥ 1) failed attempts: the first after the first, the last after as many as there are.
    func backoff(afterFailures failures: Int) -> Step {
        steps[min(max(failures, 1), steps.count) - 1]
    }
}
