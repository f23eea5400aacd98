import Foundation
import Scoring
import Testing
import Training

@Suite struct ReportPageTests {
    /// The names of a page's tags, in order.
    private static func tags(_ html: String) -> [Substring] {
        html.matches(of: /<(\/?[a-zA-Z!][a-zA-Z0-9]*)/).map(\.1)
    }

    private static func sections(_ html: String) -> [Substring] {
        html.matches(of: /<section id="([a-z]+)"/).map(\.1)
    }

    @Test func everySectionIsThereAndReachable() {
        let html = SamplePage.full.html()
        #expect(Self.sections(html) == ["quality", "comparison", "ranking", "calibration", "features", "segments", "training", "data"])
        #expect(html.matches(of: /<a href="#([a-z]+)"/).map(\.1) == Self.sections(html))
        for text in [
            "0.8117", "0.8047 – 0.8186", "0.4657", "nats", "logistic regression", "−0.0525 better", "champion", "96 trees", "0.41",
            "operating threshold", "after isotonic calibration", "previous_attempts", "min_child_weight", "94.5\u{A0}% of the possible",
            "exact (TreeSHAP)", "▲", "5feb2a4b", "a0c4d1e9", "log loss [nats]", "training rows",
        ] {
            #expect(html.contains(text), "no '\(text)'")
        }
    }

    @Test func equalPagesGiveEqualBytes() {
        #expect(SamplePage.full.html() == SamplePage.full.html())
    }

    @Test func whatIsAbsentIsLeftOut() {
        var page = ReportPage(header: SamplePage.header, metrics: [])
        #expect(Self.sections(page.html()) == ["data"])
        page.metrics = SamplePage.full.metrics
        #expect(Self.sections(page.html()) == ["quality", "data"])
        let full = SamplePage.full
        page.boosting = full.boosting
        #expect(Self.sections(page.html()) == ["quality", "training", "data"])
        #expect(!page.html().contains("Learning"))
        page.segments = [ReportPage.SegmentGroup(dimension: "Channel", segments: [])]
        #expect(Self.sections(page.html()) == ["quality", "training", "data"])
        page.reliability = full.reliability
        page.reliability?.before = nil
        #expect(Self.sections(page.html()) == ["quality", "calibration", "training", "data"])
        #expect(!page.html().contains("own probability"))
    }

    @Test func thePageAsksNobodyForAnything() {
        let html = SamplePage.full.html()
        #expect(html.contains(#"<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">"#))
        for text in ["http:", "https:", "//", "src=", "url(", "@import", "<script", "<link", "<iframe", "<img", "<object", "javascript:"] {
            #expect(!html.contains(text), "'\(text)'")
        }
        #expect(!html.contains(/\son[a-z]+=/))
        for reference in html.matches(of: /href="([^"]*)"/) { #expect(reference.1.hasPrefix("#")) }
        #expect(html.utf8.count < 250_000)
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "</style><b>", "&lt;b&gt;", "<!--",
        "]]>",
        "a\u{202E}b\u{0}c\u{1B}", "\\(x)",
    ])
    func textFromDataStaysText(hostile: String) throws {
        let harmless = Self.page(named: "plain").html()
        let html = Self.page(named: hostile).html()
        #expect(Self.tags(html) == Self.tags(harmless))
        // Attributes too: as many quotation marks as before.
        #expect(html.count { $0 == "\"" } == harmless.count { $0 == "\"" })
        #expect(html.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
        #expect(!html.unicodeScalars.contains("\u{202E}"))
        if hostile.contains("<") { #expect(html.contains("&lt;")) }
    }

    /// The whole page with `name` in every place that text can come from.
    private static func page(named name: String) -> ReportPage {
        var page = SamplePage.full
        page.header.version = name
        page.header.parentVersion = name
        page.header.model = name
        page.header.source = name
        page.header.sourceSHA256 = name
        page.header.schemaFingerprint = name
        page.header.parts = page.header.parts.map { part in
            var part = part
            part.name = name
            part.purpose = name
            return part
        }
        page.reliability?.kind = name
        for index in page.comparisons.indices { page.comparisons[index].name = name }
        for index in page.importances?.features.indices ?? 0..<0 { page.importances?.features[index].name = name }
        for group in page.segments.indices {
            page.segments[group].dimension = name
            for index in page.segments[group].segments.indices {
                page.segments[group].segments[index].name = name
                page.segments[group].segments[index].gaps = [name]
            }
        }
        for trial in page.trials.indices {
            page.trials[trial].parameters = page.trials[trial].parameters.map { _ in (name, name) }
        }
        return page
    }

    @Test func figuresThatAreNoNumbersAreDashes() {
        var page = SamplePage.full
        for value in [Double.nan, .infinity, -.infinity] {
            for index in page.metrics.indices { page.metrics[index].estimate = Estimate(value, lower: value, upper: value) }
            for index in page.comparisons.indices {
                page.comparisons[index].differences = page.metrics
                page.comparisons[index].values = page.metrics
            }
            page.optimum = ReportPage.Optimum(auc: value, logLoss: value)
            page.learning = LearningCurve(
                points: [5, 9].map { LearningCurve.Point(share: 0.5, trainingRows: $0, logLoss: value, auc: value) }, trees: 3)
            page.boosting = BoostingCurve(points: [
                BoostingCurve.Point(trees: 1, training: 0.5, validation: 0.6),
                BoostingCurve.Point(trees: 2, training: value, validation: value),
            ])
            page.importances?.features[0].meanAbsoluteContribution = value
            page.importances?.features[0].gainShare = value
            page.segments[0].segments[0] = ReportPage.Segment(
                name: "a", rows: 0, rate: value, meanPrediction: value, auc: value, logLoss: value, calibrationError: value)
            page.header.parts[0].rate = value
            let html = page.html()
            #expect(!html.lowercased().contains(/[^a-z](nan|inf)[^a-z]/))
            #expect(html.contains("–"))
        }
    }

    @Test func findingsFollowTheIntervals() throws {
        func text(_ difference: Estimate, isChampion: Bool = false) -> String {
            var page = ReportPage(header: SamplePage.header, metrics: [.init(.logLoss, Estimate(0.5))])
            page.comparisons = [
                ReportPage.Comparison(
                    name: "rival", isChampion: isChampion, values: [.init(.logLoss, Estimate(0.6))],
                    differences: [.init(.logLoss, difference)])
            ]
            return page.html()
        }
        #expect(
            text(Estimate(-0.1, lower: -0.12, upper: -0.08)).contains("<li class=\"good\">Better than the rival: log loss lower by 0.1000"))
        #expect(text(Estimate(0.1, lower: 0.08, upper: 0.12)).contains("<li class=\"bad\">Worse than the rival: log loss higher by 0.1000"))
        #expect(text(Estimate(-0.1, lower: -0.3, upper: 0.1)).contains("<li class=\"plain\">Not distinguishable from the rival"))
        #expect(text(Estimate(-0.1)).contains("no interval is known"))
        #expect(text(Estimate(0.1, lower: 0.08, upper: 0.12), isChampion: true).contains("Worse than the champion, rival"))
        var page = ReportPage(header: SamplePage.header, metrics: [.init(.ece, Estimate(0.011))])
        #expect(page.html().contains("<li class=\"bad\">Calibration error 0.0110, above the goal of 0.01"))
        page.metrics = [.init(.ece, Estimate(0.0099))]
        #expect(page.html().contains("<li class=\"good\">Calibration error 0.0099, within"))
    }
}
