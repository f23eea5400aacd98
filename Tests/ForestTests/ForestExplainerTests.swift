import Forest
import Testing

/// Attributions against their definition, and against the margins that they add up to.
struct ForestExplainerTests {
    /// Whether two attributions are the same but for the rounding of sums of such a size.
    private func isClose(_ left: Double, _ right: Double, scale: Double) -> Bool {
        abs(left - right) <= 1e-6 * max(1, scale)
    }

    private func checkSums(_ forest: Forest, rows: [Float], margins: [Double]) {
        for method in ForestExplainer.Method.allCases {
            let explainer = ForestExplainer(forest, method: method)
            #expect(explainer.method == method)
            for (index, margin) in margins.enumerated() {
                let row = Array(rows[index * forest.featureCount..<(index + 1) * forest.featureCount])
                let contributions = explainer.contributions(to: row.span)
                #expect(contributions.count == forest.featureCount)
                let size = contributions.reduce(0) { $0 + abs($1) }
                #expect(
                    isClose(contributions.reduce(explainer.base, +), margin, scale: 10 * size),
                    "\(method), row \(index): \(contributions) and \(explainer.base) for \(margin)")
            }
        }
    }

    @Test(arguments: Fixture.names) func xgboostAttributionsAddUpToTheMargin(name: String) throws {
        let fixture = try Fixture(named: name)
        let forest = try Forest(xgboost: fixture.model("ubj"))
        let count = min(40, fixture.margins.count)
        checkSums(forest, rows: fixture.rows, margins: fixture.margins.prefix(count).map(Double.init))
    }

    @Test(arguments: LightGBMFixture.names.filter { $0 != "leaves-1023" })
    func lightGBMAttributionsAddUpToTheMargin(name: String) throws {
        let fixture = try LightGBMFixture(named: name)
        checkSums(try Forest(lightGBM: fixture.model), rows: fixture.rows, margins: Array(fixture.margins.prefix(10)))
    }

    /// The definition: every set of known features, the expectation where splits on the others send rows on as the training rows went.
    @Test(arguments: 1...20) func shapleyValuesAreThoseOfTheDefinition(seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        let withCovers = seed % 5 != 0
        let trees = (0..<3).map { _ in WeighedTree(depth: 5, features: 5, using: &generator) }
        let forest = try WeighedTree.forest(trees, features: 5, withCovers: withCovers)
        let explainer = ForestExplainer(forest)
        for _ in 0..<5 {
            let row = (0..<5).map { _ in Bool.random(using: &generator) ? Float.random(in: -1...1, using: &generator) : .nan }
            let contributions = explainer.contributions(to: row.span)
            let expectations = (0..<32).map { known in
                trees.reduce(0) { $0 + $1.expectation(of: row, known: known, withCovers: withCovers) }
            }
            #expect(abs(explainer.base - expectations[0]) < 1e-6)
            for feature in 0..<5 {
                var expected = 0.0
                for known in 0..<32 where known >> feature & 1 == 0 {
                    // |S|! (n − |S| − 1)! / n!
                    let weight = [24.0, 6, 4, 6, 24][known.nonzeroBitCount] / 120
                    expected += weight * (expectations[known | 1 << feature] - expectations[known])
                }
                #expect(abs(contributions[feature] - expected) < 1e-6, "feature \(feature): \(contributions[feature]), not \(expected)")
            }
        }
    }

    /// One split at 0.5, three of four training rows on its left: worked out by hand.
    @Test func aStumpGivesAllToItsFeature() throws {
        var model = TestModel()
        model.trees = [TestTree(members: #","sum_hessian":[4,3,1]"#)]
        let forest = try model.forest()
        for method in ForestExplainer.Method.allCases {
            let explainer = ForestExplainer(forest, method: method)
            #expect(explainer.base == 1.25)
            #expect(explainer.contributions(to: ([0, 7] as [Float]).span) == [-0.25, 0])
            #expect(explainer.contributions(to: ([1, 7] as [Float]).span) == [0.75, 0])
        }
        // Without weights, and with ones that cannot be, both leaves weigh the same.
        for members in ["", #","sum_hessian":[1,0,1]"#, #","sum_hessian":[1,-2,3]"#, #","sum_hessian":[1,1e-20,1]"#] {
            model.trees = [TestTree(members: members)]
            #expect(ForestExplainer(try model.forest()).base == 1.5)
        }
    }

    @Test func treesThatAreTooDeepAreExplainedByTheirPaths() throws {
        let deep = try RandomModel(RandomModel.Shape(name: "deep", trees: 2, depth: 100, leafChance: 0, isSkewed: true), seed: 5)
        let explainer = ForestExplainer(deep.forest)
        #expect(explainer.method == .path)
        let rows = deep.rows(20, missing: 0.1, seed: 6)
        var margins = [Float](repeating: 0, count: 20)
        var output = margins.mutableSpan
        deep.forest.margins(of: rows.span, into: &output)
        for (index, margin) in margins.enumerated() {
            let row = Array(rows[index * deep.forest.featureCount..<(index + 1) * deep.forest.featureCount])
            #expect(abs(explainer.contributions(to: row.span).reduce(explainer.base, +) - Double(margin)) < 1e-4)
        }
    }
}

/// A random tree whose leaves have weights, with the expectation that Shapley values are defined by.
private struct WeighedTree {
    private struct Node {
        var feature = -1
        var threshold: Float = 0
        var defaultLeft = false
        var left = -1
        var value: Float = 0
        var cover: Float = 0
        var leaves = 1.0
    }

    private var nodes = [Node()]

    init(depth: Int, features: Int, using generator: inout SeededGenerator) {
        var waiting = [(node: 0, depth: 0)]
        var next = 0
        while next < waiting.count {
            let (node, level) = waiting[next]
            next += 1
            if level == depth || level > 0 && Int.random(in: 0..<5, using: &generator) == 0 {
                nodes[node].value = Float.random(in: -1...1, using: &generator)
                nodes[node].cover = Float(Int.random(in: 1...50, using: &generator))
                continue
            }
            nodes[node].feature = Int.random(in: 0..<features, using: &generator)
            nodes[node].threshold = Float.random(in: -1...1, using: &generator)
            nodes[node].defaultLeft = Bool.random(using: &generator)
            nodes[node].left = nodes.count
            waiting += [(nodes.count, level + 1), (nodes.count + 1, level + 1)]
            nodes += [Node(), Node()]
        }
        for index in nodes.indices.reversed() where nodes[index].feature >= 0 {
            let (left, right) = (nodes[nodes[index].left], nodes[nodes[index].left + 1])
            nodes[index].cover = left.cover + right.cover
            nodes[index].leaves = left.leaves + right.leaves
        }
    }

    /// - Parameter known: a bit for each feature.
    func expectation(of row: [Float], known: Int, withCovers: Bool, at index: Int = 0) -> Double {
        let node = nodes[index]
        guard node.feature >= 0 else { return Double(node.value) }
        let value = row[node.feature]
        let isLeft = value.isNaN ? node.defaultLeft : value < node.threshold
        func below(_ child: Int) -> Double { expectation(of: row, known: known, withCovers: withCovers, at: child) }
        if known >> node.feature & 1 == 1 { return below(isLeft ? node.left : node.left + 1) }
        return [node.left, node.left + 1].reduce(0) { sum, child in
            let share = withCovers ? Double(nodes[child].cover / node.cover) : nodes[child].leaves / node.leaves
            return sum + share * below(child)
        }
    }

    static func forest(_ trees: [WeighedTree], features: Int, withCovers: Bool) throws -> Forest {
        var model = TestModel()
        model.parameters = #""num_class":"0","num_feature":"\#(features)","num_target":"1""#
        model.learner = #""feature_names":[],"feature_types":[]"#
        model.trees = trees.enumerated().map { id, tree in
            var parents = [2_147_483_647] + Array(repeating: 0, count: tree.nodes.count - 1)
            for (index, node) in tree.nodes.enumerated() where node.left >= 0 {
                parents[node.left] = index
                parents[node.left + 1] = index
            }
            return TestTree(
                id: "\(id)", left: "\(tree.nodes.map(\.left))", right: "\(tree.nodes.map { $0.left < 0 ? -1 : $0.left + 1 })",
                parents: "\(parents)", features: "\(tree.nodes.map { max(0, $0.feature) })",
                conditions: "\(tree.nodes.map { $0.feature < 0 ? $0.value : $0.threshold })",
                defaultLeft: "\(tree.nodes.map { $0.defaultLeft ? 1 : 0 })", nodeCount: "\(tree.nodes.count)",
                members: withCovers ? ",\"sum_hessian\":\(tree.nodes.map(\.cover))" : "")
        }
        return try model.forest()
    }
}
