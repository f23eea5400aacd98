import Foundation
import Scoring
import Testing

extension WholeLine {
    /// Who may ask for what, and what nobody gets to see.
    @Suite struct SidecarSecurityTests {
        /// A token file with one token for each role, and the tokens.
        private static func tokens(_ line: Line) throws -> (file: String, secrets: [String: String]) {
            var secrets: [String: String] = [:]
            var lines = "# tokens of a test\n"
            for role in ["predict", "read", "train", "admin"] {
                let token = try AccessToken(roles: role)
                lines += token.line
                secrets[role] = token.secret
            }
            let file = "\(line.folder)/tokens"
            try lines.write(toFile: file, atomically: true, encoding: .utf8)
            return (file, secrets)
        }

        @Test("Without a token 401, with another role's 403, with the right one or an admin's an answer; health needs none")
        func roles() throws {
            try Line.run("roles") { line in
                let (file, secrets) = try Self.tokens(line)
                let sidecar = try SidecarUnderTest(line, settings: ["http.token-file=\(file)"])
                let job = TestJob(1, id: "roles", now: .now).body
                func predict(_ token: String?) throws -> HTTPAnswer {
                    try sidecar.post("/predict", job, headers: token.map { ["Authorization": "Bearer \($0)"] } ?? [:])
                }
                let without = try predict(nil)
                #expect(without.status == 401)
                #expect(without.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
                #expect(try predict("herald_wrong").status == 401)
                #expect(try predict(secrets["read"]).status == 403)
                #expect(try predict(secrets["predict"]).status == 200)
                #expect(try predict(secrets["admin"]).status == 200)
                #expect(try sidecar.get("/health/ready").status == 200)
                func roles(_ token: String?) throws -> [String]? {
                    let headers = token.map { ["Authorization": "Bearer \($0)"] } ?? [:]
                    return try sidecar.get("/session", headers: headers).json()["roles"] as? [String]
                }
                #expect(try roles(nil) == [])
                #expect(try roles(secrets["train"]) == ["train"])
                #expect(try roles(secrets["admin"]) == ["predict", "read", "train", "admin"])
                let wrong = try sidecar.post("/predict", job, headers: ["Authorization": "Basic eDp5"])
                #expect(wrong.status == 401)
                #expect(try wrong.json()["field"] as? String == "Authorization")
                // The token itself is nowhere in the file.
                let text = try String(contentsOfFile: file, encoding: .utf8)
                #expect(secrets.values.allSatisfy { !text.contains($0) && !sidecar.child.standardError.contains($0) })
            }
        }

        @Test("A wrong or foreign Authorization closes nothing that is for everybody; signing in learns that it is wrong")
        func wrongToken() throws {
            try Line.run("wrong-token") { line in
                let folder = "\(line.folder)/dashboard"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try "<!doctype html>".write(toFile: "\(folder)/index.html", atomically: true, encoding: .utf8)
                let (file, _) = try Self.tokens(line)
                let sidecar = try SidecarUnderTest(line, settings: ["http.token-file=\(file)", "http.dashboard-folder=\(folder)"])
                for header in ["Bearer herald_wrong", "Basic eDp5", "Bearer", "x"] {
                    let headers = ["Authorization": header]
                    let open = ["/health/live", "/health/ready", "/v2/health/live", "/v2/health/ready", "/openapi.json", "/"]
                    for path in open { #expect(try sidecar.get(path, headers: headers).status == 200, "\(path) \(header)") }
                    #expect(try sidecar.get("/nothing", headers: headers).status == 404)
                    for path in ["/session", "/metrics", "/queues", "/predictions", "/v2", "/events", "/train"] {
                        let answer = try sidecar.get(path, headers: headers)
                        #expect(answer.status == 401, "\(path) \(header): \(answer.status)")
                        #expect(try answer.json()["field"] as? String == "Authorization")
                        #expect(answer.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
                    }
                }
            }
        }

        @Test(
            "An address that others reach demands tokens and TLS; what is wrong with a token file or certificate is named",
            arguments: [
                (["http.host=0.0.0.0"], "http.token-file"), (["http.host=127.example.com"], "http.token-file"),
                (["http.host=127.0.0.1.example.com"], "http.token-file"), (["http.host=::ffff:10.0.0.1"], "http.token-file"),
                (["http.token-file=/nowhere"], "http.token-file"),
                (["http.tls-certificate-file=/nowhere"], "http.tls-key-file"),
                (["http.tls-certificate-file=/nowhere", "http.tls-key-file=/nowhere"], "http.tls-certificate-file"),
                (["http.port=8080", "http.health-port=8080"], "http.health-port"),
                (["http.allow-plaintext=perhaps"], "http.allow-plaintext"),
            ])
        func refused(settings: [String], key: String) throws {
            let run = try Command(
                Herald.path, ["serve"] + settings.flatMap { ["--set", $0] }, environment: Herald.environment
            ).run()
            #expect(run.exitCode != 0)
            #expect(run.standardError.contains(key), "\(run.text)")
        }

        @Test("A token file beyond this machine without TLS is refused; with a bad line it is named")
        func tokenFile() throws {
            try Line.run("tokenfile") { line in
                let (file, _) = try Self.tokens(line)
                let open = try line.command("serve", settings: ["http.host=0.0.0.0", "http.token-file=\(file)"]).run()
                #expect(open.exitCode != 0)
                #expect(open.standardError.contains("http.tls-certificate-file"))
                try "ops read,write 00\n".write(toFile: file, atomically: true, encoding: .utf8)
                let bad = try line.command("serve", settings: ["http.token-file=\(file)"]).run()
                #expect(bad.standardError.contains("line 1") && bad.standardError.contains("'write' is no role"), "\(bad.text)")
                let digest = String(repeating: "0", count: 64)
                for (entry, word) in [("ops ,", "no role"), ("local read", "'local'"), ("anonymous admin", "'anonymous'")] {
                    try "# none yet\n\(entry) \(digest)\n".write(toFile: file, atomically: true, encoding: .utf8)
                    let bad = try line.command("serve", settings: ["http.token-file=\(file)"]).run()
                    #expect(bad.exitCode != 0)
                    #expect(bad.standardError.contains("line 2") && bad.standardError.contains(word), "\(entry): \(bad.text)")
                }
                // Other loopback addresses than the usual one are of this machine too.
                let other = try line.start(
                    line.command("serve", settings: ["http.host=127.0.0.2", "http.port=0", "http.health-port=0", "scoring.model="]))
                try other.awaitOutput("(http)")
            }
        }

        @Test("With a certificate it speaks TLS, and nothing else")
        func tls() throws {
            try Line.run("tls") { line in
                let key = "\(line.folder)/key.pem"
                let certificate = "\(line.folder)/certificate.pem"
                let made = try Command(
                    "/usr/bin/openssl",
                    [
                        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate,
                    ], environment: Herald.environment
                ).run()
                try #require(made.exitCode == 0, "\(made.text)")
                let settings = ["http.tls-certificate-file=\(certificate)", "http.tls-key-file=\(key)"]
                let sidecar = try SidecarUnderTest(line, settings: settings)
                let script = """
                    import ssl, sys, urllib.request
                    context = ssl.create_default_context(cafile=sys.argv[2])
                    answer = urllib.request.urlopen(f"https://localhost:{sys.argv[1]}/health/live", context=context, timeout=20)
                    print(answer.status, answer.headers["Strict-Transport-Security"], answer.read().decode())
                    """
                let run = try Command(
                    "/usr/bin/python3", ["-c", script, "\(sidecar.port)", certificate], environment: Herald.environment
                ).run()
                #expect(run.standardOutput.hasPrefix("200 max-age="), "\(run.text)")
                let plain = try Socket(port: sidecar.port, limit: .seconds(10))
                plain.send("GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                let answer = plain.receive() ?? []
                #expect(!String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/"))
            }
        }

        @Test("Answers carry headers that keep a browser from doing more than showing them")
        func headers() throws {
            try Line.run("headers") { line in
                let sidecar = try SidecarUnderTest(line)
                for path in ["/health/live", "/nothing-here"] {
                    let answer = try sidecar.get(path)
                    #expect(answer.headers["x-content-type-options"] == "nosniff")
                    #expect(answer.headers["x-frame-options"] == "DENY")
                    #expect(answer.headers["content-security-policy"]?.contains("default-src 'none'") == true)
                    #expect(answer.headers["access-control-allow-origin"] == nil)
                }
                let cross = try sidecar.get("/health/live", headers: ["Origin": "https://evil.example"])
                #expect(cross.headers["access-control-allow-origin"] == nil)
            }
        }
    }
}
