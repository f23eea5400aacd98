import Forest
import Testing

/// A defect, the code that reports it and what the message must name.
struct Defect: CustomTestStringConvertible, Sendable {
    let name: String
    let code: ForestError.Code
    let mention: String
    let spoil: @Sendable (inout TestModel) -> Void

    init(_ name: String, _ code: ForestError.Code, _ mention: String, _ spoil: @escaping @Sendable (inout TestModel) -> Void) {
        self.name = name
        self.code = code
        self.mention = mention
        self.spoil = spoil
    }

    var testDescription: String { name }

    func check() {
        var model = TestModel()
        spoil(&model)
        do throws(ForestError) {
            _ = try model.forest()
            Issue.record("was accepted")
        } catch {
            #expect(error.code == code)
            #expect(error.message.contains(mention), "\(error.message)")
        }
    }
}

@Suite struct ModelValidationTests {
    @Test func theUnspoiltModelIsRead() throws {
        let forest = try TestModel().forest()
        #expect(forest.margins(of: [0.25, 0, 0.5, 0, .nan, 0]) == [1, 2, 2])
    }

    static let learnerDefects: [Defect] = [
        Defect("unknown objective", .unsupported, "multi:softprob") { $0.objective = "multi:softprob" },
        Defect("classes", .unsupported, "num_class") { $0.parameters = #""num_class":"3","num_feature":"2""# },
        Defect("targets", .unsupported, "num_target") { $0.parameters = #""num_class":"0","num_feature":"2","num_target":"2""# },
        Defect("no features", .outOfRange, "num_feature") { $0.parameters = #""num_class":"0","num_feature":"0""# },
        Defect("too many features", .outOfRange, "num_feature") { $0.parameters = #""num_class":"0","num_feature":"4294967296""# },
        Defect("overflowing features", .outOfRange, "num_feature") {
            $0.parameters = #""num_class":"0","num_feature":"99999999999999999999""#
        },
        Defect("features missing", .missingKey, "learner.learner_model_param.num_feature") { $0.parameters = #""num_class":"0""# },
        Defect("features as number", .wrongType, "num_feature") { $0.parameters = #""num_class":"0","num_feature":2"# },
        Defect("feature names", .sizeMismatch, "feature_names") { $0.learner = #""feature_names":["x"]"# },
        Defect("feature types", .sizeMismatch, "feature_types") { $0.learner = #""feature_types":["q","q","q"]"# },
        Defect("feature name type", .wrongType, "feature_names[1]") { $0.learner = #""feature_names":["x",null]"# },
        Defect("vector intercept", .unsupported, "base_score") { $0.baseScore = #""[5E-1,5E-1]""# },
        Defect("infinite intercept", .outOfRange, "base_score") { $0.baseScore = #""1e39""# },
        Defect("word as intercept", .outOfRange, "base_score") { $0.baseScore = #""nan""# },
        Defect("hexadecimal intercept", .outOfRange, "base_score") { $0.baseScore = #""0x1p-1""# },
        Defect("empty intercept", .outOfRange, "base_score") { $0.baseScore = #""[]""# },
        Defect("intercept as number", .wrongType, "base_score") { $0.baseScore = "0.5" },
        Defect("intercept beyond 1", .outOfRange, "binary:logistic") {
            $0.baseScore = #""1.5""#
            $0.objective = "binary:logistic"
        },
        Defect("intercept 0 before clipping", .outOfRange, "reg:logistic") {
            $0.baseScore = #""0""#
            $0.objective = "reg:logistic"
            $0.version = "[3,1,3]"
        },
        Defect("version", .sizeMismatch, "version") { $0.version = "[3]" },
    ]

    @Test(arguments: learnerDefects)
    func learner(_ defect: Defect) { defect.check() }

    static let boosterDefects: [Defect] = [
        Defect("linear booster", .unsupported, "gblinear") { $0.booster = "gblinear" },
        Defect("tree count", .sizeMismatch, "num_trees") { $0.treeCount = "2" },
        Defect("too many trees", .outOfRange, "num_trees") { $0.treeCount = "65537" },
        Defect("negative tree count", .outOfRange, "num_trees") { $0.treeCount = "-1" },
        Defect("tree groups", .unsupported, "tree_info[0]") { $0.treeInfo = "[1]" },
        Defect("tree group count", .sizeMismatch, "tree_info") { $0.treeInfo = "[0,0]" },
        Defect("rounds", .sizeMismatch, "iteration_indptr") { $0.rounds = "[0,2,1]" },
        Defect("tree id", .invalidTree, "trees[0].id") { $0.trees[0].id = "1" },
        Defect("negative tree id", .invalidTree, "trees[0].id") { $0.trees[0].id = "-1" },
        Defect("tree id twice", .invalidTree, "trees[1].id") { $0.trees = [TestTree(), TestTree()] },
        Defect("fractional tree id", .wrongType, "trees[0].id") { $0.trees[0].id = "0.0" },
        Defect("weights missing", .missingKey, "weight_drop") { $0.booster = "dart" },
        Defect("weight count", .sizeMismatch, "weight_drop") {
            $0.booster = "dart"
            $0.boosterMembers = #","weight_drop":[1,1]"#
        },
        Defect("infinite weight", .outOfRange, "weight_drop[0]") {
            $0.booster = "dart"
            $0.boosterMembers = #","weight_drop":[1e39]"#
        },
        Defect("vector leaves", .unsupported, "size_leaf_vector") { $0.trees[0].leafSize = "2" },
    ]

    @Test(arguments: boosterDefects)
    func booster(_ defect: Defect) { defect.check() }

    static let treeDefects: [Defect] = [
        Defect("no nodes", .outOfRange, "num_nodes") { $0.trees[0].nodeCount = "0" },
        Defect("too many nodes", .outOfRange, "num_nodes") { $0.trees[0].nodeCount = "16777217" },
        Defect("left children count", .sizeMismatch, "left_children") { $0.trees[0].left = "[1,-1]" },
        Defect("right children count", .sizeMismatch, "right_children") { $0.trees[0].right = "[2,-1,-1,-1]" },
        Defect("parents count", .sizeMismatch, "parents") { $0.trees[0].parents = "[]" },
        Defect("features count", .sizeMismatch, "split_indices") { $0.trees[0].features = "[0]" },
        Defect("conditions count", .sizeMismatch, "split_conditions") { $0.trees[0].conditions = "[0.5,1]" },
        Defect("default count", .sizeMismatch, "default_left") { $0.trees[0].defaultLeft = "[0]" },
        Defect("statistics count", .sizeMismatch, "sum_hessian") { $0.trees[0].members = #","sum_hessian":[1]"# },
        Defect("conditions type", .wrongType, "split_conditions") { $0.trees[0].conditions = #""0.5""# },
        Defect("children type", .wrongType, "left_children") { $0.trees[0].left = "[1.5,-1,-1]" },
        Defect("child is its parent", .invalidTree, "node 0") { $0.trees[0].left = "[0,-1,-1]" },
        Defect("child beyond the nodes", .invalidTree, "node 0") { $0.trees[0].left = "[2,-1,-1]" },
        Defect("child far beyond the nodes", .invalidTree, "node 0") { $0.trees[0].left = "[9223372036854775807,-1,-1]" },
        Defect("child negative", .invalidTree, "node 0") { $0.trees[0].left = "[-2,-1,-1]" },
        Defect("children apart", .invalidTree, "neighbours") { $0.trees[0].right = "[1,-1,-1]" },
        Defect("leaf with a child", .invalidTree, "node 2") { $0.trees[0].right = "[2,-1,1]" },
        Defect("wrong parent", .invalidTree, "node 2") { $0.trees[0].parents = "[2147483647,0,1]" },
        Defect("unreachable nodes", .invalidTree, "node 1") {
            $0.trees[0].left = "[-1,-1,-1]"
            $0.trees[0].right = "[-1,-1,-1]"
        },
        Defect("node reached twice", .invalidTree, "node 3 of") {
            $0.trees[0] = TestTree(
                left: "[1,3,3,-1,-1]", right: "[2,4,4,-1,-1]", parents: "[0,0,0,1,1]", features: "[0,0,0,0,0]",
                conditions: "[1,1,1,1,1]", defaultLeft: "[0,0,0,0,0]", nodeCount: "5")
        },
        Defect("deleted count", .invalidTree, "deleted") { $0.trees[0].deletedCount = "1" },
        Defect("feature beyond the row", .outOfRange, "feature 2") { $0.trees[0].features = "[2,0,0]" },
        Defect("feature negative", .outOfRange, "feature -1") { $0.trees[0].features = "[-1,0,0]" },
        Defect("default neither 0 nor 1", .outOfRange, "default_left[0]") { $0.trees[0].defaultLeft = "[2,0,0]" },
        Defect("threshold NaN", .outOfRange, "threshold at node 0") { $0.trees[0].conditions = "[NaN,1,2]" },
        Defect("threshold infinite", .outOfRange, "threshold at node 0") { $0.trees[0].conditions = "[-Infinity,1,2]" },
        Defect("threshold beyond Float", .outOfRange, "threshold at node 0") { $0.trees[0].conditions = "[1e39,1,2]" },
        Defect("leaf NaN", .outOfRange, "leaf at node 2") { $0.trees[0].conditions = "[1,1,NaN]" },
        Defect("leaves that overflow", .outOfRange, "overflow") {
            $0.trees = ["0", "1"].map { TestTree(id: $0, left: "[-1]", conditions: "[3e38]") }
        },
    ]

    @Test(arguments: treeDefects)
    func tree(_ defect: Defect) { defect.check() }

    static let categoryDefects: [Defect] = [
        ("without categories", .invalidTree, "node 0", "[1,0,0]", "[]", "[]", "[]", "[]"),
        ("numeric node listed", .invalidTree, "lists 0", "[0,0,0]", "[0]", "[0]", "[1]", "[4]"),
        ("node out of range", .invalidTree, "lists 3", "[1,0,0]", "[3]", "[0]", "[1]", "[4]"),
        ("node twice", .invalidTree, "twice", "[1,0,0]", "[0,0]", "[0,0]", "[1,1]", "[4]"),
        ("sizes", .sizeMismatch, "categories_sizes", "[1,0,0]", "[0]", "[0]", "[1,1]", "[4]"),
        ("segments", .sizeMismatch, "categories_segments", "[1,0,0]", "[0]", "[]", "[1]", "[4]"),
        ("empty set", .outOfRange, "node 0", "[1,0,0]", "[0]", "[0]", "[0]", "[4]"),
        ("segment beyond the end", .outOfRange, "node 0", "[1,0,0]", "[0]", "[1]", "[1]", "[4]"),
        ("segment overflow", .outOfRange, "node 0", "[1,0,0]", "[0]", "[9223372036854775807]", "[1]", "[4]"),
        ("segment negative", .outOfRange, "node 0", "[1,0,0]", "[0]", "[-1]", "[1]", "[4]"),
        ("category negative", .outOfRange, "categories[0]", "[1,0,0]", "[0]", "[0]", "[1]", "[-4]"),
        ("category too large", .outOfRange, "categories[0]", "[1,0,0]", "[0]", "[0]", "[1]", "[16777216]"),
        ("split type", .outOfRange, "split_type[1]", "[1,2,0]", "[0]", "[0]", "[1]", "[4]"),
    ].map { (name, code, mention, types, nodes, segments, sizes, categories) in
        Defect(name, code, mention) {
            $0.trees[0].members = """
                ,"split_type":\(types),"categories_nodes":\(nodes),"categories_segments":\(segments),\
                "categories_sizes":\(sizes),"categories":\(categories)
                """
        }
    }

    @Test(arguments: categoryDefects)
    func categories(_ defect: Defect) { defect.check() }

    @Test func categorySetsTogetherAreLimited() {
        // 33 nodes of one category each, whose bit fields take 2 MiB apiece.
        let trees = (0..<33).map { id in
            TestTree(
                id: "\(id)",
                members: """
                    ,"split_type":[1,0,0],"categories_nodes":[0],"categories_segments":[0],"categories_sizes":[1],"categories":[16777215]
                    """)
        }
        Defect("category words", .limitExceeded, "trees[32]") { $0.trees = trees }.check()
    }

    @Test func depthIsLimited() throws {
        // A chain: node 2i splits into the leaf 2i + 1 and the node 2i + 2.
        @Sendable func chain(_ depth: Int) -> TestTree {
            let count = 2 * depth + 1
            func list(_ element: (Int) -> Int) -> String { "[\((0..<count).map { "\(element($0))" }.joined(separator: ","))]" }
            return TestTree(
                left: list { $0 % 2 == 0 && $0 < count - 1 ? $0 + 1 : -1 }, right: list { $0 % 2 == 0 && $0 < count - 1 ? $0 + 2 : -1 },
                parents: list { ($0 - 1) / 2 * 2 }, features: list { _ in 0 }, conditions: list { $0 }, defaultLeft: list { _ in 0 },
                nodeCount: "\(count)")
        }
        let deepest = try TestModel(trees: [chain(512)]).forest()
        #expect(deepest.margins(of: [.infinity, 0]) == [1024])
        Defect("depth", .limitExceeded, "deeper than 512") { $0.trees = [chain(513)] }.check()
    }
}
