import Foundation
import Scoring
import Testing
import Training

@Suite struct ReportPageTests {
    @Test func dump() throws {
        try SamplePage.full.html().write(toFile: "/tmp/report-sample.html", atomically: true, encoding: .utf8)
    }
}
