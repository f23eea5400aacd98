import Testing
import herald

@Suite struct FeatureTableTests {
    private func table(_ text: String, columns: Int = 3) throws -> FeatureTable {
        try FeatureTable(csv: Array(text.utf8), columns: columns, name: "t.csv")
    }

    @Test func readsRowsWithMissingValues() throws {
        let table = try table("1,,-2.5e3\nnan,0.1,inf\n")
        #expect(table.count == 2)
        #expect(table.values.map(\.bitPattern) == [1, Float.nan, -2500, Float.nan, 0.1, Float.infinity].map(\.bitPattern))
    }

    @Test func acceptsCarriageReturnsAndNoLastLineEnd() throws {
        #expect(try table("1,2,3\r\n4,5,6").values == [1, 2, 3, 4, 5, 6])
    }

    @Test func anEmptyLineIsAMissingValueOfAOneColumnTable() throws {
        #expect(try table("1\n\n2\n", columns: 1).count == 3)
    }

    @Test(arguments: [("1,2\n", "line 1"), ("1,2,3\n1,2,3,4\n", "line 2"), ("1,2,3\n1,x,3\n", "line 2, column 2")])
    func aDefectNamesItsPlace(text: String, place: String) {
        #expect {
            try table(text)
        } throws: { error in
            "\(error)".contains(place)
        }
    }
}
