/// Sums and cross products of sums over clusters: all that estimates of means and ratios need, with their variances.
///
/// The decisions on one notification are no independent observations, so a notification is one observation: a vector of sums. Notifications
/// are followed until some hundred thousand younger ones have come, then their sums are folded into the totals; should one come again after
/// that, it counts as another. So memory is bounded, whatever the length of the log.
struct ClusterMoments {
    /// Notifications that are followed at least; twice as many at most.
    private static let followed = 1 << 18

    private let width: Int
    private var young: [Int: [Double]] = [:]
    private var old: [Int: [Double]] = [:]
    private var folded = Totals()

    /// Over all clusters.
    struct Totals {
        var clusterCount = 0
        /// Sum of each component.
        var sums: [Double] = []
        /// Sums of the products of each two components of a cluster, row-major.
        var products: [Double] = []

        mutating func add(_ cluster: [Double]) {
            let width = cluster.count
            if sums.isEmpty {
                sums = [Double](repeating: 0, count: width)
                products = [Double](repeating: 0, count: width * width)
            }
            clusterCount += 1
            for row in 0..<width {
                sums[row] += cluster[row]
                for column in 0..<width { products[row * width + column] += cluster[row] * cluster[column] }
            }
        }

        /// Variance of a function of the sums, by its gradient at them: the delta method (linearisation) over clusters, with the factor
        /// C / (C − 1); Cochran (1977), "Sampling techniques", sections 6.3 and 9A.
        func variance(gradient: [Double]) -> Double {
            guard clusterCount > 1 else { return .infinity }
            let width = sums.count
            let count = Double(clusterCount)
            var variance = 0.0
            for row in 0..<width where gradient[row] != 0 {
                for column in 0..<width where gradient[column] != 0 {
                    let covariance = products[row * width + column] - sums[row] * sums[column] / count
                    variance += gradient[row] * gradient[column] * covariance
                }
            }
            return max(0, variance) * count / (count - 1)
        }
    }

    /// - Parameter width: components of every observation.
    init(width: Int) {
        self.width = width
    }

    /// Adds an observation of a cluster.
    mutating func add(_ observation: [Double], to cluster: Int) {
        precondition(observation.count == width, "an observation has every component")
        if var sums = young.removeValue(forKey: cluster) ?? old.removeValue(forKey: cluster) {
            for index in sums.indices { sums[index] += observation[index] }
            young[cluster] = sums
        } else {
            young[cluster] = observation
        }
        guard young.count >= Self.followed else { return }
        Self.fold(Array(old.values), into: &folded)
        old = young
        young = [:]
    }

    /// Over all that was added.
    var totals: Totals {
        var totals = folded
        Self.fold(Array(young.values) + Array(old.values), into: &totals)
        return totals
    }

    /// In the order of their values: a dictionary's own order differs from process to process, and with it the last digits.
    private static func fold(_ clusters: [[Double]], into totals: inout Totals) {
        for sums in clusters.sorted(by: { $0.lexicographicallyPrecedes($1) }) { totals.add(sums) }
    }
}
