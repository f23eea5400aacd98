package import Hummingbird

/// `GET /session`: who the sidecar takes the caller for, so that a page offers what the caller may do.
///
/// It needs no token, but with a wrong one it says so: that is how signing in learns of it.
package struct SessionRoute {
    private struct Answer: Encodable {
        var name: String
        /// All that the caller may do, in the order of `Role`; empty without a token where tokens are asked for.
        var roles: [Role]
    }

    package init() {}

    package func add(to router: some RouterMethods<SidecarContext>) {
        router.get("session") { _, context in
            if let problem = context.authenticationProblem { throw problem }
            return JSONAnswer(Answer(name: context.caller.name, roles: Role.allCases.filter(context.caller.may)))
        }
    }
}
