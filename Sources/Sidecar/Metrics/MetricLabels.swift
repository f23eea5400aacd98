/// The labels of one series, in the order in which they are shown.
package struct MetricLabels: Hashable, Sendable {
    package struct Label: Hashable, Sendable {
        package var name: String
        package var value: String
    }

    /// What the values of the series say that stands for all beyond a metric's limit.
    static let other = "other"
    /// Bytes of a value that are kept: as long as a name in a job may be.
    private static let maximumBytes = 128
    /// Labels that are kept.
    private static let maximumCount = 16

    package private(set) var labels: [Label]

    /// - Parameter pairs: names and values; of two with one name the first counts.
    package init(_ pairs: [(String, String)] = []) {
        labels = []
        labels.reserveCapacity(pairs.count)
        for (name, value) in pairs.prefix(Self.maximumCount) {
            let name = MetricName.label(name)
            guard !labels.contains(where: { $0.name == name }) else { continue }
            labels.append(Label(name: name, value: Self.shortened(value)))
        }
    }

    /// The same names, each with the value `other`.
    var folded: MetricLabels {
        var folded = self
        for index in folded.labels.indices { folded.labels[index].value = Self.other }
        return folded
    }

    private static func shortened(_ value: String) -> String {
        value.utf8.count <= maximumBytes ? value : String(decoding: value.utf8.prefix(maximumBytes), as: UTF8.self)
    }
}

extension MetricLabels: Comparable {
    package static func < (left: MetricLabels, right: MetricLabels) -> Bool {
        left.labels.lexicographicallyPrecedes(right.labels) { ($0.name, $0.value) < ($1.name, $1.value) }
    }
}
