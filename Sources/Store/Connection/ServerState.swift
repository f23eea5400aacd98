internal import CMongoC

/// What a server says about itself.
package struct ServerState: Equatable, Sendable {
    /// As in `6.0.5`.
    package var version: String
    /// Name of the replica set; `nil` behind a router (`mongos`).
    package var replicaSet: String?

    /// Reads the answers to `hello` and `buildInfo`; refuses a server on which nothing can be made durable.
    package init(hello: Document, buildInfo: Document, doing: String) throws(StoreError) {
        version = buildInfo["version"]?.string ?? "unknown"
        replicaSet = hello["setName"]?.string
        if replicaSet == nil, hello["msg"]?.string != "isdbgrid" {
            // A member that was never initiated names no set either, but says so.
            let advice =
                hello["isreplicaset"] == .bool(true)
                ? "the server was started with --replSet but never initiated; run rs.initiate() on it once"
                : "the server stands alone, and Herald needs a replica set, of which one member is enough: "
                    + "start mongod with --replSet rs0 and run rs.initiate() once"
            throw StoreError(code: .notReplicaSet, doing: doing, message: advice)
        }
        if hello["isWritablePrimary"] != .bool(true) {
            throw StoreError(code: .unavailable, doing: doing, message: "the server is not the primary of \(replicaSet ?? "its set")")
        }
    }
}

extension Database {
    /// Asks the server for its state.
    ///
    /// Throws `.notReplicaSet` for a standalone server, `.unavailable` where there is no primary.
    package func ping() throws(StoreError) -> ServerState {
        let doing = "asking MongoDB at \(url) for its state"
        let hello: Document
        do throws(StoreError) {
            hello = try read(Document(json: #"{"hello": 1}"#, doing: doing), on: "admin", doing: doing)
        } catch {
            guard error.domain == MONGOC_ERROR_SERVER_SELECTION.rawValue else { throw error }
            // The driver says no more of a server that answers but is not in the set of the URL.
            var error = error
            error.message += "; is the server running, and a member of the replica set that the URL names, if it names one?"
            throw error
        }
        let buildInfo = try read(Document(json: #"{"buildInfo": 1}"#, doing: doing), on: "admin", doing: doing)
        return try ServerState(hello: hello, buildInfo: buildInfo, doing: doing)
    }
}
