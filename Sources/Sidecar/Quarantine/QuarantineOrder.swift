/// Which messages a caller wants moved back.
package struct QuarantineOrder: Sendable, Equatable {
    /// Most ids in one order.
    package static let largestCount = 1000

    package var ids: [String] = []
    package var isAll = false
    package var reason: String?

    var selection: QuarantineDesk.Selection {
        isAll ? .all : .ids(ids.reduce(into: [:]) { $0[$1, default: 0] += 1 })
    }

    /// Reads `{"ids": […]}` or `{"all": true}`, with or without `"reason"`.
    ///
    /// - Throws: `Problem` that names the field.
    package init(_ body: [String: JSONValue]) throws {
        for key in body.keys where !["ids", "all", "reason"].contains(key) {
            throw Problem(.invalidBody, "there is no such field; ids, all and reason are", field: String(key.prefix(64)))
        }
        if let value = body["all"] {
            guard value == .bool(true) else { throw Problem(.invalidBody, "is true, or left out", field: "all") }
            isAll = true
        }
        if let value = body["ids"] {
            guard !isAll else { throw Problem(.invalidBody, "does not go together with all", field: "ids") }
            guard case .array(let list) = value, (1...Self.largestCount).contains(list.count) else {
                throw Problem(.invalidBody, "is a list of 1 to \(Self.largestCount) ids", field: "ids")
            }
            ids = try list.map { element in
                guard case .string(let id) = element, QuarantineCursor.isID(id) else {
                    throw Problem(.invalidBody, "holds what is no id: 32 hexadecimal digits, as in the list", field: "ids")
                }
                return id
            }
        } else if !isAll {
            throw Problem(.invalidBody, "name messages with ids, or say all", field: "ids")
        }
        if let value = body["reason"] {
            guard case .string(let reason) = value, (1...128).contains(reason.utf8.count) else {
                throw Problem(.invalidBody, "is a text of 1 to 128 bytes", field: "reason")
            }
            self.reason = reason
        }
    }
}
