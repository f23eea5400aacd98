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
        /// For which a peer may take nothing while there is something for it.
        var stall: TimeAmount
    }

    /// Between two looks at the clock.
    private static let interval = TimeAmount.seconds(1)

    private let book: AddressBook
    private let limits: Limits
    private var address: String?
    /// Since when the request that is being read comes.
    private var readingSince: NIODeadline?
    /// Since when the peer takes nothing.
    private var stalledSince: NIODeadline?
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
        if let stalledSince, now - stalledSince > limits.stall { return context.close(promise: nil) }
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
        stalledSince = context.channel.isWritable ? nil : .now()
        context.fireChannelWritabilityChanged()
    }
}
