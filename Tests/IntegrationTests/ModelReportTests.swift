import Foundation
import Scoring
import Testing
import Training

extension WholeLine {
    /// The report of a really trained model, in a real browser.
    @Suite struct ModelReportTests {
        /// A folder with the report of the small model, and with pages that are wrong on purpose.
        private final class Pages {
            let folder: String
            let report: String
            /// A page of the report's kind without anything in it.
            let blank: String
            /// Asks for a picture from elsewhere, says something on the console and has words on top of each other.
            let wrong: String

            init() throws {
                folder = FileManager.default.temporaryDirectory.appending(path: "herald-report-\(UUID().uuidString)").path
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                report = "\(folder)/report.html"
                blank = "\(folder)/blank.html"
                wrong = "\(folder)/wrong.html"
                try TrainedReport.page().html().write(toFile: report, atomically: true, encoding: .utf8)
                try "<!DOCTYPE html><meta name=viewport content='width=device-width'><body style='background:#f4f6f8'>"
                    .write(toFile: blank, atomically: true, encoding: .utf8)
                try """
                <!DOCTYPE html><body><img src="http://127.0.0.1:9/x.png"><script>console.error("oops")</script>
                <div class="card" style="width:300px"><svg role="img" viewBox="0 0 300 100" width="300"><text x="10" y="50">first</text>
                <text x="15" y="50">second</text><text x="280" y="90">outside</text><text x="10" y="90" font-size="6">small</text></svg></div>
                <p style="width:900px">wide</p>
                """.write(toFile: wrong, atomically: true, encoding: .utf8)
            }

            deinit { try? FileManager.default.removeItem(atPath: folder) }
        }

        @Test("The picture is not blank, light and dark differ, and the console is silent")
        func pictures() throws {
            let pages = try Pages()
            let browser = try Browser(folder: pages.folder)
            var pictures: [Data] = []
            for isDark in [false, true] {
                let picture = try browser.picture(of: pages.report, width: 1280, height: 2400, isDark: isDark)
                #expect(picture.console.isEmpty)
                pictures.append(picture.png)
            }
            #expect(pictures[0] != pictures[1])
            let blank = try browser.picture(of: pages.blank, width: 1280, height: 2400, isDark: false)
            // An empty page compresses to next to nothing.
            for picture in pictures { #expect(picture.count > 10 * blank.png.count) }
            #expect(try !browser.picture(of: pages.wrong, width: 600, height: 400, isDark: false).console.isEmpty, "the control")
        }

        @Test("Everything fits on a screen, on a tablet and on a telephone, and nothing is asked for", arguments: [1280, 800, 390])
        func layout(width: Int) throws {
            let pages = try Pages()
            let browser = try Browser(folder: pages.folder)
            for isDark in [false, true] {
                let layout = try browser.layout(of: pages.report, width: width, isDark: isDark)
                #expect(layout.isDark == isDark)
                #expect(layout.problems.isEmpty)
                #expect(layout.requests.isEmpty)
                #expect(layout.contentWidth <= layout.width)
                #expect(layout.texts > 60)
            }
        }

        @Test("What is wrong with a page is seen")
        func control() throws {
            let pages = try Pages()
            let layout = try Browser(folder: pages.folder).layout(of: pages.wrong, width: 390, isDark: false)
            for problem in ["cut off: text  'outside'", "too small: text  'small'", "on top of each other: text  'first'", "sticks out: P"]
            {
                #expect(layout.problems.contains { $0.hasPrefix(problem) }, "\(layout.problems)")
            }
            #expect(layout.requests == ["http://127.0.0.1:9/x.png"])
            #expect(layout.contentWidth > layout.width)
        }
    }
}
