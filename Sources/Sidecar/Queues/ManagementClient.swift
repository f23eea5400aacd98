internal import AsyncHTTPClient
package import Broker
internal import Foundation
package import Logging
internal import NIOCore
internal import NIOHTTP1

/// Asks RabbitMQ's management plugin what it has counted of Herald's queues.
package final class ManagementClient: Sendable {
    /// Why there are no figures.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// How long one question may take.
    private static let patience = TimeAmount.seconds(3)
    private static let answerLimit = 4 << 20
    /// Queues that are asked for; the plugin gives no more at once.
    private static let pageSize = 500

    private let request: HTTPClientRequest
    private let client: HTTPClient

    /// - Parameters:
    ///   - url: of the plugin, such as `http://127.0.0.1:15672`, with user and password where they are not the broker's.
    ///   - broker: whose virtual host, user and password are meant.
    /// - Throws: `Failure` where the URL is none.
    package init(_ url: String, broker: BrokerURL, prefix: String) throws {
        guard var parts = URLComponents(string: url), let scheme = parts.scheme, ["http", "https"].contains(scheme), parts.host != nil
        else {
            throw Failure(description: "the URL of the management plugin is http:// or https:// with a host and a port")
        }
        let user = parts.user ?? broker.user
        let password = parts.password ?? broker.password
        parts.user = nil
        parts.password = nil
        var path = CharacterSet.alphanumerics
        path.insert(charactersIn: "-._~")
        let virtualHost = broker.virtualHost.addingPercentEncoding(withAllowedCharacters: path) ?? "%2F"
        parts.percentEncodedPath = (parts.percentEncodedPath == "/" ? "" : parts.percentEncodedPath) + "/api/queues/" + virtualHost
        let name = "^" + NSRegularExpression.escapedPattern(for: prefix + ".")
        let columns = [
            "name", "messages", "messages_unacknowledged", "message_stats.publish", "message_stats.deliver_get", "message_stats.ack",
        ]
        let query = [
            "page=1", "page_size=\(Self.pageSize)", "use_regex=true",
            "name=\(name.addingPercentEncoding(withAllowedCharacters: path) ?? "")", "columns=\(columns.joined(separator: ","))",
        ]
        parts.percentEncodedQuery = query.joined(separator: "&")
        guard let text = parts.string else { throw Failure(description: "the URL of the management plugin cannot be used") }
        var request = HTTPClientRequest(url: text)
        request.headers.add(name: "authorization", value: "Basic " + Data("\(user):\(password)".utf8).base64EncodedString())
        self.request = request
        var configuration = HTTPClient.Configuration()
        configuration.timeout = .init(connect: .seconds(2), read: Self.patience)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    private struct Answer: Decodable {
        struct Queue: Decodable {
            struct Counts: Decodable {
                var published: Int64?
                var delivered: Int64?
                var acknowledged: Int64?

                private enum CodingKeys: String, CodingKey {
                    case published = "publish"
                    case delivered = "deliver_get"
                    case acknowledged = "ack"
                }
            }

            var name: String
            var messages: Int64?
            var unacknowledged: Int64?
            var counts: Counts?

            private enum CodingKeys: String, CodingKey {
                case name
                case messages
                case unacknowledged = "messages_unacknowledged"
                case counts = "message_stats"
            }
        }

        var items: [Queue]
    }

    /// What has been counted, by queue.
    func counts() async throws -> [String: QueueCounts] {
        let response = try await client.execute(request, timeout: Self.patience)
        guard response.status == .ok else {
            throw Failure(description: "the management plugin answers \(response.status.code) \(response.status.reasonPhrase)")
        }
        let body = try await response.body.collect(upTo: Self.answerLimit)
        let answer = try JSONDecoder().decode(Answer.self, from: Data(body.readableBytesView))
        var counts: [String: QueueCounts] = [:]
        for queue in answer.items {
            counts[queue.name] = QueueCounts(
                published: queue.counts?.published ?? 0, delivered: queue.counts?.delivered ?? 0,
                acknowledged: queue.counts?.acknowledged ?? 0, messages: queue.messages, unacknowledged: queue.unacknowledged)
        }
        return counts
    }

    func close(logger: Logger) async {
        do { try await client.shutdown() } catch { logger.warning("the client of the management plugin did not end: \(error)") }
    }
}
