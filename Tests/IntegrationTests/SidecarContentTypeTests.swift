import Foundation
import Scoring
import Testing

extension WholeLine {
    /// One rule for the type of a JSON body, whichever route reads it.
    @Suite struct SidecarContentTypeTests {
        @Test("application/json is taken, with parameters and blanks, in any case; anything else is 415")
        func types() throws {
            try Line.run("types") { line in
                let sidecar = try SidecarUnderTest(line)
                let bodies = [
                    ("/predict", TestJob(1, id: "types", now: .now).body), ("/models/rollback", Array("{}".utf8)),
                    ("/quarantine/requeue", Array(#"{"ids": []}"#.utf8)),
                ]
                for (path, body) in bodies {
                    for type in ["application/json", "application/json; charset=utf-8", "Application/JSON ;charset=utf-8"] {
                        let answer = try sidecar.post(path, body, headers: ["Content-Type": type])
                        #expect(answer.status != 415 && answer.status < 500, "\(path) \(type): \(answer.status) \(answer.text)")
                    }
                    for type in ["application/jsonp", "application/json-patch+json", "text/plain", "json"] {
                        let answer = try sidecar.post(path, body, headers: ["Content-Type": type])
                        #expect(answer.status == 415, "\(path) \(type): \(answer.status) \(answer.text)")
                        #expect(try answer.json()["field"] as? String == "Content-Type")
                    }
                }
            }
        }
    }
}
