internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Keeps one connection within its limits: too many from one address are closed at once, slow bodies and slow readers after a time.
///
/// Slow heads and idle connections are the idle timeout's. One on each connection, on its event loop.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    struct Limits: Sendable {
        /// From a request's head to the end of its body.
        var body: TimeAmount
        /// For which a peer may take nothing while there is more for it than its connection holds.
        var stall: TimeAmount
        /// For which there may be more for it than its connection holds, whatever it takes.
        var backlog: TimeAmount
    }

    /// A time in which there is more for the peer than its connection holds.
    private struct Backlog {
        let since: NIODeadline
        /// When the peer was last seen to have taken something.
        var progress: NIODeadline
        /// Bytes that wait in this process, and those that the peer's system has acknowledged, at the last look.
        ///
        /// Both: the first fall only once the kernel has room for much more, which with a slow reader takes longer than a stall may.
        var buffered = 0
        var acknowledged: UInt64 = 0

        init() {
            since = .now()
            progress = since
        }
    }

    /// Between two looks at the clock.
    private static let interval = TimeAmount.seconds(1)

    private let book: AddressBook
    private let limits: Limits
    private var address: String?
    /// Since when the request that is being read comes.
    private var readingSince: NIODeadline?
    private var backlog: Backlog?
    private var watch: RepeatedTask?

    init(_ book: AddressBook, _ limits: Limits) {
        self.book = book
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard address == nil, watch == nil else { return }
        let address = context.remoteAddress?.ipAddress ?? ""
        guard book.admit(address) else {
            context.close(promise: nil)
            return
        }
        self.address = address
        let box = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        watch = context.eventLoop.scheduleRepeatedTask(initialDelay: Self.interval, delay: Self.interval) { _ in
            let (connection, context) = box.value
            connection.look(context)
        }
    }

    private func end() {
        if let address { book.leave(address) }
        address = nil
        watch?.cancel()
        watch = nil
    }

    private func look(_ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        if let readingSince, now - readingSince > limits.body { return context.close(promise: nil) }
        if backlog != nil { lookAtBacklog(context) }
    }

    private func lookAtBacklog(_ context: ChannelHandlerContext) {
        guard let provider = context.channel as? any SocketOptionProvider else { return judge(context, acknowledged: 0) }
        let box = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let info: EventLoopFuture<TCPInfo> = provider.unsafeGetSocketOption(level: .tcp, name: .tcp_info)
        // At once: this is the event loop.
        info.whenComplete { result in
            let (connection, context) = box.value
            // Where the kernel does not tell, what waits in the channel does.
            connection.judge(context, acknowledged: (try? result.get().bytesAcknowledged) ?? 0)
        }
    }

    private func judge(_ context: ChannelHandlerContext, acknowledged: UInt64) {
        guard var backlog else { return }
        // A channel that no longer tells is closing.
        let buffered = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        let now = NIODeadline.now()
        if acknowledged > backlog.acknowledged || buffered < backlog.buffered { backlog.progress = now }
        backlog.acknowledged = acknowledged
        backlog.buffered = buffered
        self.backlog = backlog
        guard now - backlog.progress <= limits.stall, now - backlog.since <= limits.backlog else { return context.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: readingSince = .now()
        case .body: break
        case .end: readingSince = nil
        }
        context.fireChannelRead(data)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        backlog = context.channel.isWritable ? nil : backlog ?? Backlog()
        context.fireChannelWritabilityChanged()
    }
}
