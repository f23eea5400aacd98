import Foundation
import Testing

extension WholeLine {
    /// Pages of other origins: those that are named may use the interface, and no others.
    @Suite struct SidecarOriginsTests {
        private static let origins = ["https://one.example", "https://two.example:8443"]

        private static func words(_ list: String?) -> [String] {
            (list ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.sorted()
        }

        @Test("Each origin that is named may ask, order and delete, with its token; a foreign one is told nothing")
        func origins() throws {
            try Line.run("origins") { line in
                let sidecar = try SidecarUnderTest(line, settings: ["http.allowed-origins=\(Self.origins.joined(separator: ","))"])
                func preflight(_ origin: String) throws -> HTTPAnswer {
                    try HTTPAnswer(
                        "OPTIONS", "/train/x", port: sidecar.port,
                        headers: [
                            "Origin": origin, "Access-Control-Request-Method": "DELETE",
                            "Access-Control-Request-Headers": "authorization",
                        ])
                }
                for origin in Self.origins {
                    let allowed = try preflight(origin)
                    #expect(allowed.status == 204)
                    #expect(allowed.headers["access-control-allow-origin"] == origin)
                    #expect(Self.words(allowed.headers["access-control-allow-methods"]) == ["DELETE", "GET", "HEAD", "POST"])
                    #expect(
                        Self.words(allowed.headers["access-control-allow-headers"])
                            == ["Authorization", "Content-Type", "Last-Event-ID", "X-Request-ID"])
                    #expect(allowed.headers["vary"] == "Origin")

                    let answer = try sidecar.get("/session", headers: ["Origin": origin])
                    #expect(answer.status == 200)
                    #expect(answer.headers["access-control-allow-origin"] == origin)
                    #expect(
                        Self.words(answer.headers["access-control-expose-headers"]) == ["ETag", "Location", "Retry-After", "X-Request-ID"])
                    #expect(Self.words(answer.headers["vary"]) == ["Origin"])
                    // A problem can be read too.
                    #expect(try sidecar.get("/nothing", headers: ["Origin": origin]).headers["access-control-allow-origin"] == origin)
                }
                for origin in ["https://evil.example", "https://one.example.evil.example", "http://one.example", "null"] {
                    let refused = try preflight(origin)
                    #expect(refused.status == 405)
                    #expect(!refused.headers.keys.contains { $0.hasPrefix("access-control-") }, "\(origin)")
                    let answer = try sidecar.get("/session", headers: ["Origin": origin])
                    #expect(!answer.headers.keys.contains { $0.hasPrefix("access-control-") }, "\(origin)")
                    #expect(answer.headers["vary"] == "Origin")
                }
                // What depends on more says all of it, once each.
                let packed = try sidecar.get("/openapi.json", headers: ["Origin": Self.origins[1], "Accept-Encoding": "gzip"])
                #expect(Self.words(packed.headers["vary"]) == ["Accept-Encoding", "Origin"])
            }
        }
    }
}
