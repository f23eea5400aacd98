/// A durable queue and the arguments it is declared with.
package struct QueueDeclaration: Sendable, Equatable {
    /// A queue argument.
    package struct Argument: Sendable, Equatable {
        /// What an argument holds.
        package enum Value: Sendable, Equatable, CustomStringConvertible {
            case text(String)
            case number(Int64)

            package var description: String {
                switch self {
                case .text(let text): "'\(text)'"
                case .number(let number): "\(number)"
                }
            }
        }

        package let name: String
        package let value: Value

        package init(_ name: String, _ text: String) {
            self.name = name
            value = .text(text)
        }

        package init(_ name: String, _ number: Int64) {
            self.name = name
            value = .number(number)
        }
    }

    package let name: String
    /// At most 16.
    package let arguments: [Argument]

    package init(name: String, arguments: [Argument]) {
        self.name = name
        self.arguments = arguments
    }

    /// A quorum queue that refuses rather than drops when it is full, with a delivery limit.
    ///
    /// - Parameters:
    ///   - deadLetterTo: Queue that expired, rejected and too often delivered messages move to, at least once.
    ///   - timeToLive: Milliseconds after which every message leaves.
    ///   - bytesLimit: Bodies in the queue, bytes; above it publishing is refused.
    package static func quorum(
        _ name: String, deliveryLimit: Int64, deadLetterTo target: String? = nil, timeToLive: Int64? = nil, bytesLimit: Int64? = nil
    ) -> QueueDeclaration {
        var arguments = [
            Argument("x-queue-type", "quorum"), Argument("x-delivery-limit", deliveryLimit),
            Argument("x-overflow", "reject-publish"),
        ]
        if let target {
            arguments += [
                Argument("x-dead-letter-exchange", ""), Argument("x-dead-letter-routing-key", target),
                Argument("x-dead-letter-strategy", "at-least-once"),
            ]
        }
        if let timeToLive { arguments.append(Argument("x-message-ttl", timeToLive)) }
        if let bytesLimit { arguments.append(Argument("x-max-length-bytes", bytesLimit)) }
        return QueueDeclaration(name: name, arguments: arguments)
    }

    /// A stream that keeps about `maximumAge` (as in `6h`), in segments of `segmentBytes`.
    package static func stream(_ name: String, maximumAge: String, segmentBytes: Int64, bytesLimit: Int64) -> QueueDeclaration {
        QueueDeclaration(
            name: name,
            arguments: [
                Argument("x-queue-type", "stream"), Argument("x-max-age", maximumAge),
                Argument("x-stream-max-segment-size-bytes", segmentBytes), Argument("x-max-length-bytes", bytesLimit),
            ])
    }
}
