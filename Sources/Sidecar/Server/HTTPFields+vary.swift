internal import HTTPTypes

extension HTTPFields {
    /// Says that the answer depends on a header of the request, beside those that `Vary` names already.
    mutating func addVary(_ name: HTTPField.Name) {
        let names = (self[.vary] ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        guard !names.contains(where: { $0 == "*" || $0.lowercased() == name.canonicalName }) else { return }
        self[.vary] = (names + [name.rawName]).joined(separator: ", ")
    }
}
