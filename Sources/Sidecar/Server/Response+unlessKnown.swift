internal import HTTPTypes
internal import Hummingbird

extension Response {
    /// This answer, or 304 in its place where the request's `If-None-Match` has its `ETag`: in a list, compared weakly, or as `*`.
    ///
    /// RFC 9110, sections 13.1.2 and 15.4.5.
    func unlessKnown(to request: Request) -> Response {
        guard status == .ok, let tag = headers[.eTag], let known = request.headers[.ifNoneMatch] else { return self }
        let opaque = Self.opaqueTags(of: tag)
        guard known.filter({ $0 != " " }) == "*" || !opaque.isDisjoint(with: Self.opaqueTags(of: known)) else { return self }
        var headers = headers
        for name in [HTTPField.Name.contentLength, .contentType, .contentEncoding, .acceptRanges] { headers[name] = nil }
        return Response(status: .notModified, headers: headers)
    }

    /// The tags of a list without their `W/`; a tag may have commas within its quotes.
    private static func opaqueTags(of list: String) -> Set<Substring> {
        Set(list.matches(of: /(?:W\/)?("[^"]*")/).map(\.1))
    }
}
