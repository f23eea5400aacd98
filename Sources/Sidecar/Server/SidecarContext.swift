package import Hummingbird
internal import NIOCore

/// What is known of one request beside the request itself.
package struct SidecarContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// As the client named the request, or a name of ours; 1–128 visible ASCII characters.
    package var requestID = ""
    /// Who asks, once that is checked.
    package var caller = Caller.anonymous
    /// The peer's address without its port; empty where there is none.
    package let remoteAddress: String

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        remoteAddress = source.channel.remoteAddress?.ipAddress ?? ""
    }
}
