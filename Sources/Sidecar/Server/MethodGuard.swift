internal import HTTPTypes
package import Hummingbird

/// Answers methods that a path does not take with 405 and those that it does, instead of 404.
package enum MethodGuard {
    private static let methods: [HTTPRequest.Method] =
        [.get, .head, .post, .put, .patch, .delete, .options, .trace, .connect] + [HTTPRequest.Method("QUERY")].compactMap { $0 }

    /// After all routes were added.
    package static func add(to router: Router<SidecarContext>) {
        let routes = Dictionary(grouping: router.routes, by: { "\($0.path)" })
        for (_, routes) in routes {
            guard let path = routes.first?.path else { continue }
            var allowed = Set(routes.map(\.method))
            if allowed.contains(.get) { allowed.insert(.head) }
            let names = allowed.map(\.rawValue).sorted().joined(separator: ", ")
            for method in methods where !allowed.contains(method) {
                router.on(path, method: method) { request, _ -> Response in
                    var problem = Problem(.methodNotAllowed, "this path takes \(names), not \(request.method.rawValue)")
                    problem.headers[.allow] = names
                    throw problem
                }
            }
        }
    }
}
