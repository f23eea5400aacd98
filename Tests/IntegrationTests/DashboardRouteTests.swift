import Foundation
import Testing

extension WholeLine {
    /// The dashboard's files, whoever asks and whatever for.
    @Suite struct DashboardRouteTests {
        /// A folder with a page, an asset and, beside it, a file that is nobody's business.
        private static func dashboard(in line: Line) throws -> String {
            let folder = "\(line.folder)/dashboard"
            try FileManager.default.createDirectory(atPath: "\(folder)/assets", withIntermediateDirectories: true)
            try "<!doctype html><title>Herald</title>".write(toFile: "\(folder)/index.html", atomically: true, encoding: .utf8)
            try String(repeating: "let x = 1;\n", count: 1000).write(
                toFile: "\(folder)/assets/app-1.js", atomically: true, encoding: .utf8)
            try "secret".write(toFile: "\(line.folder)/secret.js", atomically: true, encoding: .utf8)
            return folder
        }

        @Test("Page and assets come to everybody, typed, packed, cached as their names allow and under a strict policy; nothing else does")
        func files() throws {
            try Line.run("dashboard") { line in
                let tokens = "\(line.folder)/tokens"
                let run = try Command(Herald.path, ["token", "somebody", "--roles", "read"], environment: Herald.environment).run()
                try run.standardOutput.write(toFile: tokens, atomically: true, encoding: .utf8)
                let folder = try Self.dashboard(in: line)
                let sidecar = try SidecarUnderTest(line, settings: ["http.dashboard-folder=\(folder)", "http.token-file=\(tokens)"])
                let page = try sidecar.get("/")
                #expect(page.status == 200)
                #expect(page.text.contains("<title>Herald"))
                #expect(page.headers["content-type"]?.hasPrefix("text/html") == true)
                #expect(page.headers["cache-control"] == "no-cache")
                let policy = page.headers["content-security-policy"] ?? ""
                #expect(policy.hasPrefix("default-src 'none'; script-src 'self'") && !policy.contains("unsafe"))

                let asset = try sidecar.get("/assets/app-1.js")
                #expect(asset.status == 200 && asset.body.count == 11_000)
                #expect(asset.headers["content-type"]?.contains("javascript") == true)
                #expect(asset.headers["cache-control"] == "public, max-age=31536000, immutable")
                #expect(asset.headers["x-content-type-options"] == "nosniff")
                let packed = try sidecar.get("/assets/app-1.js", headers: ["Accept-Encoding": "gzip"])
                #expect(packed.headers["content-encoding"] == "gzip" && packed.body.count < 1000)
                let tag = try #require(asset.headers["etag"])
                let opaque = tag.replacing("W/", with: "")
                for known in [tag, opaque, "\"a\", \(tag)", "*"] {
                    let answer = try sidecar.get("/assets/app-1.js", headers: ["If-None-Match": known])
                    #expect(answer.status == 304 && answer.body.isEmpty, "\(known)")
                    #expect(answer.headers["cache-control"] == asset.headers["cache-control"])
                }
                // The tag counts, not the date.
                let later = ["If-None-Match": "\"a\"", "If-Modified-Since": "Thu, 01 Jan 2099 00:00:00 GMT"]
                #expect(try sidecar.get("/assets/app-1.js", headers: later).status == 200)

                // Parts of a file come as the whole.
                #expect(asset.headers["accept-ranges"] == nil)
                for range in ["bytes=0-8", "bytes=-3", "bytes=999999-", "bytes=20000-30000", "bytes=8-0", "lines=1-2"] {
                    let answer = try sidecar.get("/assets/app-1.js", headers: ["Range": range])
                    #expect(answer.status == 200 && answer.body == asset.body, "\(range): \(answer.status)")
                    #expect(answer.headers["content-range"] == nil && answer.headers["content-length"] == "11000")
                }

                for path in ["/assets/none.js", "/assets/../../secret.js", "/assets/%2e%2e/%2e%2e/secret.js", "/secret.js", "/index.htm"] {
                    let answer = try sidecar.get(path)
                    #expect(answer.status == 404 || answer.status == 400, "\(path)")
                    #expect(!answer.text.contains("secret\n") && answer.headers["content-type"] == "application/problem+json", "\(path)")
                }
                // What the pages ask for takes a token.
                #expect(try sidecar.get("/queues").status == 401)
            }
        }

        @Test("Where no dashboard was built, the answer says how to")
        func absent() throws {
            try Line.run("no-dashboard") { line in
                let sidecar = try SidecarUnderTest(line, settings: ["http.dashboard-folder=\(line.folder)/nowhere"])
                let answer = try sidecar.get("/")
                #expect(answer.status == 404)
                #expect(try (answer.json()["detail"] as? String)?.contains("make dashboard") == true)
            }
        }
    }
}
