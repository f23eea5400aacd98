import Forest
import Testing

/// Numbers in model files, which are read without the system's parser where that is exact.
@Suite struct DecimalTextTests {
    /// In the middle between two floats, beside it, at the ends of the range, and longer than any mantissa.
    static let hard = [
        "16777217", "16777217.0000000001", "16777216.9999999999", "1.00000005960464477539", "1.000000059604644775390625",
        "1.0000000596046447753906250000001", "8388608.5", "8388609.5", "0.1", "1e22", "1e23", "123456789012345678e-17", "9007199254740993",
        "9007199254740992e3", "1.17549435e-38", "1.17549421e-38", "1e-45", "7e-46", "8e-46", "4.2e-39", "1.7014117e38", "0e999", "0.0",
        "-0.25", "12345678901234567890", "0.00000000000000000000000000001234567890123456789", "33554433e0", "1E+2", "5e-1",
    ]

    @Test(arguments: hard)
    func hardNumbersAreNearest(text: String) throws {
        #expect(try Self.float(text) == Float(text), "\(text)")
        #expect(try Self.double(text) == Double(text), "\(text)")
    }

    @Test func randomNumbersAreNearest() throws {
        var generator = SeededGenerator(state: 11)
        for _ in 0..<4000 {
            let count = Int.random(in: 1...20, using: &generator)
            let digits = (0..<count).map { _ in "\(Int.random(in: 0...9, using: &generator))" }.joined()
            let text = "\(Int.random(in: 1...9, using: &generator)).\(digits)e\(Int.random(in: -30...30, using: &generator))"
            #expect(try Self.float(text) == Float(text), "\(text)")
            #expect(try Self.double(text) == Double(text), "\(text)")
        }
    }

    @Test(arguments: [
        "", "-", "+1", ".5", "5.", "01", "-01", "1e", "1e+", "0x1p3", "nan", "inf", "1-2", "1.2.3", "1e5e5", "--1", "1 2", "Infinity",
    ])
    func otherTextIsRefused(text: String) {
        #expect(throws: ForestError.self) { try Self.float(text) }
        #expect(throws: ForestError.self) { try Self.double(text) }
    }

    /// What XGBoost's reader makes of a leaf.
    private static func float(_ text: String) throws -> Float {
        let forest = try TestModel(trees: [TestTree(left: "[-1]", conditions: "[\(text)]")]).forest()
        return forest.margins(of: [0, 0], path: .reference)[0]
    }

    /// What LightGBM's reader makes of a leaf.
    private static func double(_ text: String) throws -> Double {
        let model = """
            tree
            version=v4
            num_class=1
            num_tree_per_iteration=1
            max_feature_idx=0
            objective=regression
            feature_names=a

            Tree=0
            num_leaves=1
            leaf_value=\(text)

            end of trees

            """
        let forest = try Forest(lightGBM: Array(model.utf8))
        var margins: [Double] = [0]
        var output = margins.mutableSpan
        forest.margins(of: [Float(0)].span, into: &output)
        return margins[0]
    }
}
