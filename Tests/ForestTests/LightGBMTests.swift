import Forest
import Testing

extension Forest {
    /// The margins of row-major rows in double precision by one path.
    func doubleMargins(of rows: [Float], path: ForestPath, batching: ForestBatching = .automatic) -> [Double] {
        var margins = [Double](repeating: .nan, count: rows.count / featureCount)
        var output = margins.mutableSpan
        self.margins(of: rows.span, into: &output, path: path, batching: batching)
        return margins
    }
}

extension [Double] {
    var bits: [UInt64] { map(\.bitPattern) }
}

@Suite struct LightGBMTests {
    @Test(arguments: LightGBMFixture.names, ForestPath.allCases.filter(\.isSupported))
    func marginsEqualLightGBMToTheBit(name: String, path: ForestPath) throws {
        let fixture = try LightGBMFixture(named: name)
        let forest = try Forest(lightGBM: fixture.model)
        #expect(forest.featureCount == fixture.featureCount)
        for batching in ForestBatching.allCases {
            #expect(forest.doubleMargins(of: fixture.rows, path: path, batching: batching).bits == fixture.margins.bits, "\(batching)")
            #expect(forest.margins(of: fixture.rows, path: path, batching: batching).bits == fixture.margins.map { Float($0) }.bits)
        }
        for (margin, expected) in zip(fixture.margins, fixture.predictions) {
            let prediction = forest.prediction(margin: margin)
            // The exponential function is the C library's: not the last bit.
            #expect(abs(prediction - expected) <= 4e-16 * max(1, abs(expected)))
            #expect(abs(forest.probability(margin: Float(margin)) - Float(expected)) < 1e-6)
        }
    }

    @Test func describesItself() throws {
        let forest = try Forest(lightGBM: LightGBMFixture(named: "sigmoid").model)
        #expect(forest.objective == .lightGBMBinary)
        #expect(forest.treeCount == 2)
        #expect(forest.featureNames == (0..<6).map { "Column_\($0)" })
        #expect(forest.baseMargin == 0)
        #expect(try Forest(lightGBM: LightGBMFixture(named: "regression").model).objective == .lightGBMRegression)
        #expect(try Forest(lightGBM: LightGBMFixture(named: "cross-entropy").model).objective == .lightGBMCrossEntropy)
    }

    @Test(arguments: [0.0, 0.1], [(3, 400), (31, 80), (63, 40), (100, 20), (256, 12), (257, 8), (1023, 3)])
    func randomEnsemblesEqualTheReferenceWalk(missing: Double, shape: (leaves: Int, trees: Int)) throws {
        for seed in 0..<4 {
            let model = RandomLightGBMModel(leaves: shape.leaves, trees: shape.trees, isSkewed: seed == 3, seed: UInt64(seed))
            let forest = try Forest(lightGBM: Array(model.text.utf8))
            let rows = model.rows(600, missing: missing, seed: UInt64(seed))
            let expected = forest.doubleMargins(of: rows, path: .reference).bits
            #expect(Set(expected).count > 2)
            for path in ForestPath.fast {
                for batching in ForestBatching.allCases {
                    #expect(
                        forest.doubleMargins(of: rows, path: path, batching: batching).bits == expected, "\(seed), \(path), \(batching)")
                }
            }
        }
    }

    // MARK: Files that are refused

    static let refusals: [(String, String, ForestError.Code, String)] = [
        ("tree\n", "forest\n", .unknownFormat, "'tree'"),
        ("version=v4", "version=v3", .unsupported, "'v3'"),
        ("num_class=1", "num_class=3", .unsupported, "'num_class' is 3"),
        ("num_tree_per_iteration=1", "num_tree_per_iteration=2", .unsupported, "'num_tree_per_iteration' is 2"),
        ("max_feature_idx=1", "max_feature_idx=2", .sizeMismatch, "'feature_names'"),
        ("max_feature_idx=1", "max_feature_idx=-1", .outOfRange, "'max_feature_idx'"),
        ("objective=binary sigmoid:1", "objective=poisson", .unsupported, "'poisson'"),
        ("objective=binary sigmoid:1", "objective=regression sqrt", .unsupported, "'sqrt'"),
        ("objective=binary sigmoid:1", "objective=binary sigmoid:-1", .outOfRange, "sigmoid"),
        ("objective=binary sigmoid:1", "objective=binary:logistic", .unsupported, "'binary:logistic'"),
        ("objective=binary sigmoid:1\n", "objective=binary sigmoid:1\nstrange_output\n", .unsupported, "'strange_output'"),
        ("objective=binary sigmoid:1\n", "", .missingKey, "'objective'"),
        ("num_class=1\n", "num_class=1\nnum_class=1\n", .duplicateKey, "'num_class'"),
        ("Tree=0", "Tree=1", .invalidTree, "'Tree=0'"),
        ("end of trees", "", .truncated, "end of trees"),
        ("num_leaves=3", "num_leaves=0", .outOfRange, "'num_leaves'"),
        ("num_leaves=3", "num_leaves=4", .sizeMismatch, "'leaf_value'"),
        ("num_leaves=3", "num_leaves=999999999999", .outOfRange, "'num_leaves'"),
        ("is_linear=0", "is_linear=1", .unsupported, "linear"),
        ("split_feature=0 1", "split_feature=0 2", .outOfRange, "feature 2"),
        ("split_feature=0 1", "split_feature=0", .sizeMismatch, "'split_feature'"),
        ("threshold=0.5 0", "threshold=nan 0", .malformed, "'nan'"),
        ("threshold=0.5 0", "threshold=1e999 0", .malformed, "'1e999'"),
        ("threshold=0.5 0", "threshold=0.5 1", .outOfRange, "category set 1.0"),
        ("threshold=0.5 0", "threshold=0.5 -1", .outOfRange, "category set -1.0"),
        ("decision_type=10 1", "decision_type=12 1", .outOfRange, "is 12"),
        ("decision_type=10 1", "decision_type=10 16", .outOfRange, "is 16"),
        ("left_child=1 -1", "left_child=0 -1", .invalidTree, "the child 0"),
        ("left_child=1 -1", "left_child=2 -1", .invalidTree, "the child 2"),
        ("left_child=1 -1", "left_child=-1 -1", .invalidTree, "cannot be reached"),
        ("right_child=-2 -3", "right_child=-2 -2", .invalidTree, "reached twice"),
        ("right_child=-2 -3", "right_child=-2 -4", .invalidTree, "the leaf 3"),
        ("right_child=-2 -3", "right_child=-2 -9223372036854775808", .invalidTree, "the leaf"),
        ("threshold=0.5 0", "threshold=0.5 inf", .outOfRange, "category set inf"),
        ("leaf_value=1 2 3", "leaf_value=1 2 inf", .malformed, "'inf'"),
        ("leaf_value=1 2 3", "leaf_value=1e308 2e308 3", .malformed, "'2e308'"),
        ("cat_boundaries=0 1", "cat_boundaries=0 2", .sizeMismatch, "'cat_threshold'"),
        ("cat_boundaries=0 1", "cat_boundaries=1 1", .outOfRange, "'cat_boundaries'"),
        ("cat_boundaries=0 1", "cat_boundaries=0 99999999999", .outOfRange, "'cat_boundaries'"),
        ("cat_threshold=6", "cat_threshold=4294967296", .outOfRange, "4294967296"),
        ("num_cat=1", "num_cat=0", .outOfRange, "category set"),
    ]

    static let valid = """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        max_feature_idx=1
        objective=binary sigmoid:1
        feature_names=x y

        Tree=0
        num_leaves=3
        num_cat=1
        split_feature=0 1
        threshold=0.5 0
        decision_type=10 1
        left_child=1 -1
        right_child=-2 -3
        leaf_value=1 2 3
        cat_boundaries=0 1
        cat_threshold=6
        is_linear=0

        end of trees
        """

    @Test func theUnspoiltModelIsRead() throws {
        let forest = try Forest(lightGBM: Array(Self.valid.utf8))
        let rows: [Float] = [0, 1, 0, 3, 1, 1, .nan, 2.5, 0.5, .nan]
        for path in ForestPath.allCases where path.isSupported {
            #expect(forest.doubleMargins(of: rows, path: path) == [1, 3, 2, 1, 3])
        }
    }

    @Test(arguments: refusals)
    func spoiltModelsAreRefused(part: String, replacement: String, code: ForestError.Code, mention: String) throws {
        let range = try #require(Self.valid.firstRange(of: part))
        do throws(ForestError) {
            _ = try Forest(lightGBM: Array((Self.valid[..<range.lowerBound] + replacement + Self.valid[range.upperBound...]).utf8))
            Issue.record("was accepted")
        } catch {
            #expect(error.code == code)
            #expect(error.message.contains(mention), "\(error.message)")
        }
    }

    @Test(arguments: ["binary", "categorical", "missing-zero", "random-forest"])
    func truncationIsRefused(name: String) throws {
        let model = try LightGBMFixture(named: name).model
        let end = try #require(model.firstRange(of: Array("end of trees".utf8)))
        let length = end.upperBound
        for count in stride(from: 0, to: length, by: 7) {
            #expect(throws: ForestError.self, "\(count) bytes") { try Forest(lightGBM: Array(model.prefix(count))) }
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["binary", "categorical", "missing-zero", "random-forest"])
    func mutationNeverCrashesOrLoops(name: String) throws {
        let model = try LightGBMFixture(named: name).model
        var generator = SeededGenerator(state: UInt64(model.count))
        var refused = 0
        for _ in 0..<1000 {
            var mutated = model
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let position = Int.random(in: 0..<mutated.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: mutated[position] = UInt8.random(in: 32..<127, using: &generator)
                case 1: mutated[position] = Array("0123456789-. \n".utf8).randomElement(using: &generator) ?? 0
                default: mutated.swapAt(position, Int.random(in: 0..<mutated.count, using: &generator))
                }
            }
            do {
                let forest = try Forest(lightGBM: mutated)
                let rows = (0..<40 * forest.featureCount).map { _ in Float(bitPattern: .random(in: .min ... .max, using: &generator)) }
                let expected = forest.doubleMargins(of: rows, path: .reference).bits
                for path in ForestPath.fast { #expect(forest.doubleMargins(of: rows, path: path, batching: .blocks).bits == expected) }
            } catch {
                refused += 1
            }
        }
        #expect(refused > 200 && refused < 1000)
    }
}
