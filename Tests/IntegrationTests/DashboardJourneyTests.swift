import Broker
import Foundation
import Scoring
import Testing

extension WholeLine {
    /// The dashboard in a real browser, on a line at work.
    @Suite struct DashboardJourneyTests {
        private static var repository: URL {
            URL(fileURLWithPath: Herald.champion).deletingLastPathComponent().deletingLastPathComponent()
        }

        /// Texts that would run if they were taken for markup.
        private static let markup = #"<img src=x onerror="window.__herald_canary=1">"#

        @Test("Every page's journeys, by mouse and keyboard, in light, dark and on a phone, with nothing that the browser complains about")
        func journeys() throws {
            try Line.run("dashboard", ladder: ["15s", "1m", "5m"]) { line in
                let dashboard = Self.repository.appending(path: "dashboard")
                let built = dashboard.appending(path: "dist/index.html").path
                try #require(FileManager.default.fileExists(atPath: built), "scripts/dashboard builds it")
                let models = try Herald.copyModels(to: line.folder)
                let settings = ["scoring.model=\(models)/champion", "registry.store=mongodb"]
                try Self.register(line, settings)
                let scorer = try line.startScorer(settings: settings)
                let providers = try line.start(line.command("simulate", "providers", "--rate", "40", "--join", settings: settings))
                let traffic = try line.start(
                    line.command("simulate", "traffic", "--rate", "40", "--malformed", "0.02", settings: settings))
                try Self.publishMarkup(on: line)
                let sidecar = try SidecarUnderTest(
                    line,
                    settings: settings + [
                        "http.dashboard-folder=\(dashboard.path)/dist", "http.data-folder=\(Self.repository.path)/data",
                    ])
                let (file, token) = try Self.readerToken(line)
                let secured = try SidecarUnderTest(
                    line, settings: settings + ["http.dashboard-folder=\(dashboard.path)/dist", "http.token-file=\(file)"])
                try line.awaitDecisions(300)
                let run = try Self.pytest(
                    dashboard.appending(path: "e2e").path,
                    [
                        "HERALD_URL": "http://127.0.0.1:\(sidecar.port)", "HERALD_SECURED_URL": "http://127.0.0.1:\(secured.port)",
                        "HERALD_READER": token, "HERALD_SHOTS": "\(line.folder)/shots",
                    ], folder: line.folder)
                #expect(run.exitCode == 0, "\(run.standardOutput.suffix(8000)) \(run.standardError.suffix(2000))")
                #expect(run.standardOutput.contains(/\d+ passed/) && !run.standardOutput.contains(/skipped|xfailed/))
                for child in [traffic, providers, scorer, sidecar.child, secured.child] { try child.stopCleanly() }
            }
        }

        /// `v2` as the champion, `v1` as its challenger.
        private static func register(_ line: Line, _ settings: [String]) throws {
            for arguments in [["register", "v1"], ["register", "v2"], ["promote", "v2", "--force"], ["challenge", "v1"]] {
                let run = try Command(
                    Herald.path, ["models"] + arguments + (line.settings + settings).flatMap { ["--set", $0] },
                    environment: Herald.environment, folder: line.folder
                ).run()
                try #require(run.exitCode == 0, "herald models \(arguments.joined(separator: " ")): \(run.text)")
            }
        }

        /// Jobs, decided and quarantined, with markup in every text that they may have.
        private static func publishMarkup(on line: Line) throws {
            let now = Timestamp.now
            var job = TestJob(0, id: "markup", now: now).job
            job.jobID = "\(markup)-job"
            job.notificationID = "\(markup)-notification"
            job.provider = "\(markup)-own"
            job.providers = [job.provider, "\(markup)-other"]
            let decided = JobEncoder.json(job)
            let quarantined = Array(
                #"{"job_id":"<script>window.__herald_canary=2</script>","notification_id":7,"<b>field</b>":"\#(markup.replacing("\"", with: "'"))"}"#
                    .utf8)
            try line.withBroker { broker in
                for body in [decided, quarantined] {
                    try broker.publish(OutgoingMessage(routingKey: line.names.jobs, body: MessageBody(body)))
                }
            }
        }

        /// A token that may look, and change nothing.
        private static func readerToken(_ line: Line) throws -> (file: String, token: String) {
            let made = try Command(Herald.path, ["token", "reader", "--roles", "read"], environment: Herald.environment).run()
            let file = "\(line.folder)/tokens"
            try made.standardOutput.write(toFile: file, atomically: true, encoding: .utf8)
            return (file, made.standardError.trimmingCharacters(in: .whitespacesAndNewlines))
        }

        private static func pytest(
            _ tests: String, _ parameters: [String: String], folder: String
        ) throws -> Command.Completed {
            var environment = Herald.environment
            environment["PYTHONPATH"] = repository.appending(path: ".local/e2e").path
            environment["PYTHONDONTWRITEBYTECODE"] = "1"
            environment["HERALD_BROWSER"] = try Browser.path()
            environment.merge(parameters) { $1 }
            return try Command(
                "/usr/bin/python3", ["-m", "pytest", "-p", "no:cacheprovider", "--color=no", "-q", tests], environment: environment,
                folder: folder
            ).run(within: .seconds(600))
        }
    }
}
