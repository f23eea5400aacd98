import Foundation
import Testing

extension WholeLine {
    /// What caches may keep, and what they are told when it is still good.
    @Suite struct SidecarCachingTests {
        @Test("The contract is asked for again under its tag: weak, in a list or any; packed it has a weak tag")
        func contract() throws {
            try Line.run("caching") { line in
                let sidecar = try SidecarUnderTest(line)
                func contract(_ known: String, _ headers: [String: String] = [:]) throws -> HTTPAnswer {
                    try sidecar.get("/openapi.json", headers: headers.merging(["If-None-Match": known]) { $1 })
                }
                let plain = try sidecar.get("/openapi.json")
                let tag = try #require(plain.headers["etag"])
                #expect(tag.hasPrefix("\"") && plain.headers["cache-control"] == "no-cache")
                for known in [tag, "W/\(tag)", "\"a,b\", W/\(tag) , \"c\"", "*"] {
                    let answer = try contract(known)
                    #expect(answer.status == 304 && answer.body.isEmpty, "\(known)")
                    #expect(answer.headers["cache-control"] == "no-cache")
                    #expect(answer.headers["etag"] == tag && answer.headers["vary"] == "Accept-Encoding")
                }
                for other in ["\"other\"", "W/\"other\", \"a\"", tag.replacing("\"", with: ""), "\"*\""] {
                    #expect(try contract(other).status == 200, "\(other)")
                }
                let packed = try sidecar.get("/openapi.json", headers: ["Accept-Encoding": "gzip"])
                #expect(packed.headers["content-encoding"] == "gzip" && packed.headers["etag"] == "W/\(tag)")
                let again = try contract("W/\(tag)", ["Accept-Encoding": "gzip"])
                #expect(again.status == 304 && again.headers["etag"] == "W/\(tag)")
            }
        }

        @Test("Figures are kept as long as they are good, and not at all where some are missing; forms and codings are told apart")
        func metrics() throws {
            try Line.run("caching-metrics") { line in
                let sidecar = try SidecarUnderTest(line)
                var answer = try sidecar.get("/metrics")
                try wait(for: "figures that lack nothing: \(answer.text.suffix(200))") {
                    answer = try sidecar.get("/metrics")
                    return try (answer.json()["degraded"] as? [String])?.isEmpty == true
                }
                #expect(answer.headers["cache-control"] == "private, max-age=30")
                let steps = try #require(answer.json()["series"] as? [String: [String: Any]])
                #expect(steps.mapValues { $0["step_s"] as? Int } == ["1h": 300, "24h": 3600, "7d": 21600])
                let text = try sidecar.get("/metrics", headers: ["Accept": "text/plain", "Accept-Encoding": "gzip"])
                #expect(text.headers["content-encoding"] == "gzip")
                let varies = (text.headers["vary"] ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
                #expect(varies.sorted() == ["Accept", "Accept-Encoding"])

                let without = try SidecarUnderTest(line, settings: ["scoring.model="])
                let degraded = try without.get("/metrics")
                #expect(try degraded.json()["degraded"] as? [String] == ["model"])
                #expect(degraded.headers["cache-control"] == "no-store")
                #expect(degraded.headers["vary"]?.contains("Accept") == true)
            }
        }
    }
}
