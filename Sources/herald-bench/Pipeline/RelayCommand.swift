import ArgumentParser
import Broker
import CBench

/// The bare relay that `herald-bench pipeline` compares with, in a process of its own.
struct RelayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipeline-relay", abstract: "Moves messages from one queue to another, confirmed, until it is ended.",
        shouldDisplay: false)

    @Option(help: "Address of the broker.")
    var rabbitmqURL: String

    @Option(help: "Queue to take from.")
    var source: String

    @Option(help: "Queue to publish to.")
    var target: String

    @Option(help: "Unacknowledged deliveries.")
    var prefetch = 1000

    @Option(help: "Unconfirmed messages.")
    var window = 1024

    func run() throws {
        let url = try BrokerURL(rabbitmqURL)
        var text = [CChar](repeating: 0, count: 1024)
        url.host.withCString { host in
            url.virtualHost.withCString { virtualHost in
                url.user.withCString { user in
                    url.password.withCString { password in
                        source.withCString { source in
                            target.withCString { target in
                                var options = cbench_relay_options(
                                    host: host, port: Int32(url.port), virtual_host: virtualHost, user: user, password: password,
                                    source: source, target: target, prefetch: Int32(prefetch), window: Int32(window))
                                cbench_relay(&options, &text, text.count)
                            }
                        }
                    }
                }
            }
        }
        throw BenchmarkError("the relay: \(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))")
    }
}
