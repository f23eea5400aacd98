/// Measures contenders in turns, so that whatever slows the machine for a while slows them all.
enum Turns {
    /// The median time of each contender, nanoseconds, in their order.
    ///
    /// - Parameters:
    ///   - rounds: at least 1; in each, every contender does one task, the same for all, and another one begins.
    ///   - task: the task of a round; it should differ from round to round, so that nothing can be learned from the last.
    static func medians<Task>(_ contenders: [Contender<Task>], rounds: Int, task: (Int) -> Task) throws -> [Double] {
        precondition(rounds > 0, "a median needs a measurement")
        var times = [[Double]](repeating: [], count: contenders.count)
        for round in 0..<rounds {
            let task = task(round)
            for turn in contenders.indices {
                let index = (turn + round) % contenders.count
                times[index].append(try contenders[index].time(task))
            }
        }
        return times.map(median)
    }

    /// The middle value, or the mean of the two.
    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
