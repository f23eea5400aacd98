/// The rows that probabilities are measured on: what happened, and which rows belong together.
package struct EvaluationRows: Equatable, Sendable {
    /// 1 = delivered, 0 = not.
    package let labels: [Float]
    /// Number of each row's notification, from 0 on without a gap.
    package let groups: [UInt32]
    package let groupCount: Int

    /// - Parameter groups: any number for each notification, the same for all of its rows; `nil` = every row stands alone.
    package init(labels: [Float], groups: [Int]? = nil) {
        precondition(!labels.isEmpty && groups.map(\.count) ?? labels.count == labels.count, "a group for each label")
        self.labels = labels
        guard let groups else {
            self.groups = labels.indices.map { UInt32($0) }
            groupCount = labels.count
            return
        }
        var numbers: [Int: UInt32] = [:]
        self.groups = groups.map { group in
            if let number = numbers[group] { return number }
            let number = UInt32(numbers.count)
            numbers[group] = number
            return number
        }
        groupCount = numbers.count
    }

    package var count: Int { labels.count }
}
