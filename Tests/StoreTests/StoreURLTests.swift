import Store
import Testing

@Suite struct StoreURLTests {
    @Test("What the URL leaves open is bounded and durable")
    func defaults() throws {
        let url = try StoreURL("mongodb://127.0.0.1:27017")
        #expect(url.databaseName == "herald")
        let settings = url.settings
        #expect(settings.serverSelectionTimeout == .seconds(2))
        #expect(settings.connectTimeout == .seconds(3))
        #expect(settings.socketTimeout == .seconds(10))
        #expect(settings.writeTimeout == .seconds(5))
        #expect(settings.poolTimeout == .seconds(5))
        #expect(settings.waitsForMajorityAndJournal)
    }

    @Test("What the URL says counts")
    func explicit() throws {
        let url = try StoreURL(
            "mongodb://a,b:27018/mine?replicaSet=rs0&serverSelectionTimeoutMS=1&connectTimeoutMS=2&socketTimeoutMS=3&wtimeoutMS=4"
                + "&waitQueueTimeoutMS=5&w=2&journal=false")
        #expect(url.databaseName == "mine")
        let settings = url.settings
        #expect(settings.serverSelectionTimeout == .milliseconds(1))
        #expect(settings.connectTimeout == .milliseconds(2))
        #expect(settings.socketTimeout == .milliseconds(3))
        #expect(settings.writeTimeout == .milliseconds(4))
        #expect(settings.poolTimeout == .milliseconds(5))
        #expect(!settings.waitsForMajorityAndJournal)
        #expect(try StoreURL("mongodb://a/mine?w=majority").settings.waitsForMajorityAndJournal)
        #expect(try StoreURL("mongodb://a/mine", database: "other").databaseName == "other")
    }

    @Test(
        "A URL that cannot be meant is refused, and the reason names the part",
        arguments: [
            ("http://127.0.0.1", "mongodb://"), ("mongodb://", "host"), ("mongodb://a/?w=0", "w=0"),
            ("mongodb://a/?jurnal=true", "jurnal"), ("mongodb://a/?socketTimeoutMS=soon", "sockettimeoutms"),
            ("mongodb://a\u{0}b", "NUL"), ("", "mongodb://"),
        ])
    func refused(_ text: String, _ word: String) throws {
        let error = #expect(throws: StoreError.self) { try StoreURL(text) }
        #expect(error?.code == .invalidURL)
        #expect(error?.isRetriable == false)
        #expect(error?.message.lowercased().contains(word.lowercased()) == true, "\(error?.message ?? "")")
    }

    @Test(
        "No reason for a refusal repeats the password",
        arguments: [
            "mongodb://u:s3cret@", "mongodb://u:s3cret@a/?w=0", "mongodb://u:s3cret@a/?jurnal=true", "mongodb://u:s3cret%@a",
            "mongodb://u:s3cret@a:99999", "mongodb://u:/s3cret@a", "mongodb://u:s3cret@a/b c",
            "http://u:s3cret@a", "mongodb://u:s3cret/x@a", "mongodb://u:s3cret?x@a", "mongodb://u:pa:s3cret@a", "mongodb://u:s3cret@x@a",
            "mongodb://u:s3cret#x@a",
            "mongodb://a:s3cret", "mongodb://:s3cret@a",
            "mongodb://u@a/?tlsCertificateKeyFilePassword=s3cret&tls=maybe",
        ])
    func silent(_ text: String) {
        let error = #expect(throws: StoreError.self) { try StoreURL(text) }
        #expect(error.map { "\($0)".contains("s3cret") } == false, "\(error?.description ?? "")")
    }

    @Test("A name that MongoDB does not allow is refused", arguments: ["", "a b", "a.b", "a/b", "$a", String(repeating: "x", count: 64)])
    func databaseNames(_ name: String) {
        #expect(throws: StoreError.self) { try StoreURL("mongodb://a", database: name) }
    }

    @Test(
        "The description hides secrets and nothing else",
        arguments: [
            ("mongodb://user:s3cr%40t@a:1,b:2/db?w=1", "mongodb://user:***@a:1,b:2/db?w=1"),
            ("mongodb://user@a/db", "mongodb://user@a/db"),
            ("mongodb://a:27017/?appName=x", "mongodb://a:27017/?appName=x"),
            (
                "mongodb://u:p@a/?tls=true&tlsCertificateKeyFilePassword=s3cret",
                "mongodb://u:***@a/?tls=true&tlsCertificateKeyFilePassword=***"
            ),
        ])
    func description(_ text: String, _ expected: String) throws {
        #expect(try StoreURL(text).description == expected)
    }
}
