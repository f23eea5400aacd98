internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import SystemPackage

/// A client that left, or was cut off, before the end of its request: nobody is to blame, and nobody hears the answer.
enum Departure {
    /// What such a request counts as in the metrics; no client ever sees it.
    static let status = HTTPResponse.Status(code: 499, reasonPhrase: "Client Left")

    /// How a connection is lost, as the system says it.
    private static let losses: [Errno] = [.connectionReset, .brokenPipe, .timedOut, .connectionAbort, .socketNotConnected]

    /// Whether an error of reading a request's body says that no more of it comes.
    static func isCause(of error: any Error) -> Bool {
        switch error {
        case HTTPParserError.invalidEOFState, HTTPParserError.closedConnection, NIOSSLError.uncleanShutdown: true
        case ChannelError.eof, ChannelError.inputClosed, ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed: true
        case let error as IOError:
            losses.contains(Errno(rawValue: error.errnoCode))
        default: false
        }
    }
}
