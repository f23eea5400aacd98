import Foundation
import Testing

/// The program as it is started from the command line.
@Suite struct ForestCommandTests {
    @Test func smallRunReportsEveryPathAndNoDifference() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "herald-bench-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let json = "\(folder)/figures.json"
        let (status, output) = try BenchProgram.run([
            "forest", "--trees", "3", "--rows", "1,40", "--leaves", "", "--actions", "2", "--rounds", "2", "--peers", "\(folder)/none",
            "--folder", folder, "--json", json,
        ])
        #expect(status == 0, "\(output)")
        #expect(output.contains("peer ydf is absent"), "\(output)")
        let object = try JSONSerialization.jsonObject(with: try Data(contentsOf: URL(fileURLWithPath: json)))
        let figures = try #require(object as? [String: Any])
        let mismatches = figures.filter { $0.key.hasSuffix(".mismatching_rows") }
        // Each path in each of three comparisons, at least the portable one, and libxgboost.
        #expect(mismatches.count >= 4)
        for (name, count) in mismatches { #expect(count as? Int == 0, "\(name)") }
        #expect((figures["xgboost-3x6.portable.rows_40.us_per_row"] as? Double ?? 0) > 0)
        #expect((figures["xgboost-3x6.libxgboost.rows_1.ratio"] as? Double ?? 0) > 0)
    }

    @Test(arguments: [["--rows", "0"], ["--trees", "501"], ["--rounds", "0"], ["--rows", "1;2"]])
    func badOptionsAreRefused(options: [String]) throws {
        let (status, output) = try BenchProgram.run(["forest"] + options)
        #expect(status != 0)
        #expect(output.contains(options[0]), "\(output)")
    }
}
