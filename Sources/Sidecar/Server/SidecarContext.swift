package import Hummingbird

/// What is known of one request beside the request itself.
package struct SidecarContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// As the client named the request, or a name of ours; 1–128 visible ASCII characters.
    package var requestID = ""
    /// Who asks, once that is checked.
    package var caller = Caller.anonymous
    /// What is wrong with the `Authorization` header; then the caller is nobody.
    package var authenticationProblem: Problem?

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
    }
}
