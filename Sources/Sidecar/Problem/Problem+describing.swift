internal import Broker
internal import Hummingbird
internal import NIOCore
internal import NIOHTTP1
internal import Store

extension Problem {
    /// The problem that an error of a route is for its client; what an unforeseen error says goes to the log alone.
    init(describing error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as StoreError: self.init(error)
        case let error as BrokerError: self.init(error)
        case let error as HTTPError: self.init(error)
        case is NIOTooManyBytesError: self.init(.tooLarge, "the body is larger than this route takes")
        case let error as HTTPParserError: self.init(error)
        default: self.init(.internal, Self.unforeseen)
        }
    }

    private static let unforeseen = "the log says more, under this request's id"

    private init(_ error: StoreError) {
        if error.isRetriable {
            self.init(.unavailable, "the database does not answer", retryAfter: 2)
        } else {
            self.init(.internal, Self.unforeseen)
        }
    }

    private init(_ error: BrokerError) {
        if error.isRetriable {
            self.init(.unavailable, "the broker does not answer", retryAfter: 2)
        } else if error.code == .notFound {
            self.init(.unavailable, "the queues are not there: `herald score` or `herald topology declare` makes them")
        } else {
            self.init(.internal, Self.unforeseen)
        }
    }

    /// Behind what cannot be read nothing else can be: the connection ends.
    private init(_ error: HTTPParserError) {
        let what =
            switch error {
            case .invalidChunkSize: "a chunk's size is no hexadecimal number"
            case .headerOverflow: "a trailer is too large"
            default: "its framing is wrong, or its Transfer-Encoding is not chunked"
            }
        self.init(.invalidBody, "the body is no HTTP/1.1: \(what)")
        headers[.connection] = "close"
    }

    private init(_ error: HTTPError) {
        let kind = ProblemKind.allCases.first { $0.status == error.status } ?? (error.status.code < 500 ? .invalidBody : .internal)
        self.init(kind, error.body ?? kind.title)
    }
}
