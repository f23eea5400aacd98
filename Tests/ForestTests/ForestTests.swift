import Forest
import Testing

extension Forest {
    /// The margins of row-major rows.
    func margins(of rows: [Float]) -> [Float] {
        var margins = [Float](repeating: .nan, count: rows.count / featureCount)
        var output = margins.mutableSpan
        self.margins(of: rows.span, into: &output)
        return margins
    }
}

extension [Float] {
    var bits: [UInt32] { map(\.bitPattern) }
}

@Suite struct ForestTests {
    @Test func everyFixtureIsThere() {
        // Five versions with five cases each, nine more cases for two of them.
        #expect(Fixture.names.count == 5 * 5 + 2 * 9)
    }

    @Test(arguments: Fixture.names, ["json", "ubj"])
    func marginsEqualXGBoostToTheBit(name: String, format: String) throws {
        let fixture = try Fixture(named: name)
        let forest = try Forest(xgboost: fixture.model(format))
        #expect(forest.featureCount == fixture.featureCount)
        let margins = forest.margins(of: fixture.rows)
        #expect(margins.bits == fixture.margins.bits)
        #expect(margins.map { forest.probability(margin: $0) }.bits == fixture.predictions.bits)
    }

    @Test(arguments: Fixture.names)
    func oneRowAtATimeEqualsTheBatch(name: String) throws {
        let fixture = try Fixture(named: name)
        let forest = try Forest(xgboost: fixture.model("ubj"))
        for (index, expected) in fixture.margins.enumerated() {
            let row = Array(fixture.rows[index * fixture.featureCount..<(index + 1) * fixture.featureCount])
            #expect(forest.margins(of: row).bits == [expected.bitPattern])
        }
    }

    @Test func batchesLongerThanABlockAreWhole() throws {
        let fixture = try Fixture(named: "logistic-1.7.6")
        let forest = try Forest(xgboost: fixture.model("json"))
        let copies = 7
        let rows = Array(repeatElement(fixture.rows, count: copies).joined())
        let expected = Array(repeatElement(fixture.margins, count: copies).joined())
        #expect(forest.margins(of: rows).bits == expected.bits)
        #expect(forest.margins(of: []) == [])
    }

    @Test func describesItself() throws {
        let forest = try Forest(xgboost: Fixture.bytes("logistic-3.1.1.ubj"))
        #expect(forest.featureNames == ["a", "b", "c", "d", "e", "f"])
        #expect(forest.treeCount == 5)
        #expect(forest.objective == .binaryLogistic)
        #expect(try Forest(xgboost: Fixture.bytes("pairwise-1.7.6.json")).objective == .pairwiseRank)
        #expect(try Forest(xgboost: Fixture.bytes("forest-3.1.1.json")).treeCount == 6)
    }

    @Test func treesAreSummedInTheOrderOfTheirIds() throws {
        // In single precision 1e8 + 1 − 1e8 is 0, and 1e8 − 1e8 + 1 is 1.
        let leaves = { (ids: [Int]) in
            TestModel(trees: zip(ids, ["1e8", "1", "-1e8"]).map { TestTree(id: "\($0)", left: "[-1]", conditions: "[\($1)]") })
        }
        #expect(try leaves([0, 1, 2]).forest().margins(of: [0, 0]) == [0])
        #expect(try leaves([0, 2, 1]).forest().margins(of: [0, 0]) == [1])
    }
}
