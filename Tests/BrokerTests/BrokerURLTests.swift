import Broker
import Testing

@Suite struct BrokerURLTests {
    @Test func readsEveryPart() throws {
        let url = try BrokerURL("amqps://us%40er:p%3Ass%2F@broker.example:1234/my%2fhost?cacertfile=/etc/ca%20one.pem")
        #expect(url.user == "us@er")
        #expect(url.password == "p:ss/")
        #expect(url.host == "broker.example")
        #expect(url.port == 1234)
        #expect(url.virtualHost == "my/host")
        #expect(url.usesTLS)
        #expect(url.authorityFile == "/etc/ca one.pem")
    }

    @Test(arguments: ["amqp://", "amqp://localhost", "amqp://localhost/", "amqp://guest:guest@localhost:5672"])
    func fillsInWhatIsMissing(text: String) throws {
        #expect(try BrokerURL(text) == BrokerURL("amqp://guest:guest@localhost:5672/%2f"))
    }

    @Test func readsAnIPv6Address() throws {
        let url = try BrokerURL("amqps://[::1]/x")
        #expect(url.host == "::1")
        #expect(url.port == 5671)
        #expect(try BrokerURL("amqp://[fe80::1]:7000").port == 7000)
    }

    @Test func hidesThePassword() throws {
        let url = try BrokerURL("amqp://herald:s3cret@h:1/v")
        #expect(!url.description.contains("s3cret"))
        #expect(url.description == "amqp://herald@h:1/v")
    }

    @Test(
        arguments: [
            "", "localhost", "http://localhost", "amqp://h:0", "amqp://h:65536", "amqp://h:", "amqp://h:12a", "amqp://h:+5", "amqp://[::1",
            "amqp://[::1]x", "amqp://%zz@h", "amqp://h/%f", "amqp://h/%ff", "amqp://h/?heartbeat=1", "amqp://h/%00",
            "amqp://h/" + String(repeating: "v", count: 256),
        ])
    func refuses(text: String) {
        #expect {
            try BrokerURL(text)
        } throws: { error in
            (error as? BrokerError)?.code == .invalidConfiguration && (error as? BrokerError)?.isRetriable == false
        }
    }
}
