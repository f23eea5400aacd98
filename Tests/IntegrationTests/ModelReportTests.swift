import Foundation
import Scoring
import Testing

extension WholeLine {
    /// The report of a really trained model, in a real browser.
    @Suite struct ModelReportTests {
        /// A folder with a report that has every section, and with pages that are wrong on purpose.
        private struct Pages {
            private static let temporary = FileManager.default.temporaryDirectory
                .appending(path: "herald-report-\(ProcessInfo.processInfo.processIdentifier)").path

            let folder = Self.temporary
            var report: String { "\(folder)/v2/report.html" }
            /// A page of the report's kind without anything in it.
            var blank: String { "\(folder)/blank.html" }
            /// Asks for a picture from elsewhere, says something on the console and has words on top of each other.
            var wrong: String { "\(folder)/wrong.html" }

            init() throws {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                // All tests share them, so they go when the process does.
                atexit { try? FileManager.default.removeItem(atPath: Pages.temporary) }
                try run(["simulate", "dataset", "--rows", "20000", "--output", "attempts.csv", "--truth", "truth.csv"])
                try run([
                    "train", "--from", "attempts.csv", "--models", ".", "--version", "v2", "--trees", "30", "--tune", "--trials", "2",
                    "--truth", "truth.csv", "--against", TrainedModel.shared().path, "--parent", "small", "--resamples", "60",
                ])
                try "<!DOCTYPE html><meta name=viewport content='width=device-width'><body style='background:#f4f6f8'>"
                    .write(toFile: blank, atomically: true, encoding: .utf8)
                try """
                <!DOCTYPE html><body><img src="http://127.0.0.1:9/x.png"><script>console.error("oops")</script>
                <div class="card" style="width:300px"><svg role="img" viewBox="0 0 300 100" width="300"><text x="10" y="50">first</text>
                <text x="15" y="50">second</text><text x="280" y="90">outside</text><text x="10" y="90" font-size="6">small</text></svg></div>
                <p style="width:900px">wide</p>
                """.write(toFile: wrong, atomically: true, encoding: .utf8)
            }

            private func run(_ arguments: [String]) throws {
                let run = try Command(Herald.path, arguments, environment: Herald.environment, folder: folder).run(within: .seconds(180))
                guard run.exitCode == 0 else { throw Failure("herald \(arguments): exit code \(run.exitCode)\n\(run.text)") }
            }
        }

        /// All tests look at the same pages.
        private static let pages = Result { try Pages() }

        @Test("A training run writes the whole report, and the manifest vouches for it")
        func report() throws {
            let pages = try Self.pages.get()
            let html = try String(contentsOfFile: pages.report, encoding: .utf8)
            for section in ["quality", "comparison", "ranking", "calibration", "features", "segments", "training", "data"] {
                #expect(html.contains("<section id=\"\(section)\">"))
            }
            for text in [
                "Share of the possible", "<small>champion</small>", "random forest", "Boosting", "Learning", "Search", "Thresholds",
            ] {
                #expect(html.contains(text))
            }
            let manifest = try Manifest(json: Array(Data(contentsOf: URL(fileURLWithPath: "\(pages.folder)/v2/manifest.json"))))
            #expect(manifest.files.contains(Manifest.File(name: "report.html", contents: Array(html.utf8))))
            let auc = try #require(manifest.metrics["auc"]?.value)
            #expect(html.contains(String(format: "<p class=\"big\">%.4f</p>", auc)))
        }

        @Test("The picture is not blank, light and dark differ, and the console is silent")
        func pictures() throws {
            let pages = try Self.pages.get()
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
            let pages = try Self.pages.get()
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
            let pages = try Self.pages.get()
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
