package import HTTPTypes
package import Hummingbird

/// An error as the client gets it: a problem document (RFC 9457) with a stable `type`, the field and the reason.
package struct Problem: HTTPResponseError, Equatable {
    package var kind: ProblemKind
    /// What is wrong here, and what to do.
    package var detail: String
    /// The field, parameter or header that is wrong.
    package var field: String?
    /// Seconds after which the same may succeed.
    package var retryAfter: Int?
    package var headers = HTTPFields()

    package init(_ kind: ProblemKind, _ detail: String, field: String? = nil, retryAfter: Int? = nil) {
        self.kind = kind
        self.detail = detail
        self.field = field
        self.retryAfter = retryAfter
    }

    package var status: HTTPResponse.Status { kind.status }

    /// What `type` begins with.
    static let typePrefix = "urn:herald:problem:"

    /// The members of the document.
    struct Document: Encodable {
        var type: String
        var title: String
        var status: Int
        var detail: String
        var field: String?
        var requestID: String?
        /// The same as `detail`, for the Open Inference Protocol.
        var error: String?

        private enum CodingKeys: String, CodingKey {
            case type
            case title
            case status
            case detail
            case field
            case requestID = "request_id"
            case error
        }
    }

    func document(requestID: String?) -> Document {
        Document(
            type: Self.typePrefix + kind.rawValue, title: kind.title, status: kind.status.code, detail: detail, field: field,
            requestID: requestID)
    }

    package func response(from request: Request, context: some RequestContext) throws -> Response {
        var document = document(requestID: (context as? SidecarContext)?.requestID)
        if request.uri.path.hasPrefix("/v2") { document.error = detail }
        var response = try JSONAnswer<Document>.response(
            document, status: status, contentType: "application/problem+json")
        response.headers.append(contentsOf: headers)
        if let retryAfter { response.headers[.retryAfter] = "\(retryAfter)" }
        if kind == .unauthenticated { response.headers[.wwwAuthenticate] = "Bearer realm=\"herald\"" }
        return response
    }
}
