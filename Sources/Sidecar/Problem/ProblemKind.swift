package import Hummingbird

/// The kinds of problems that answers name: stable words for programs.
package enum ProblemKind: String, CaseIterable, Sendable {
    /// The body is not what the route takes.
    case invalidBody = "invalid-body"
    /// A field of a job is missing or wrong; `field` names it.
    case invalidJob = "invalid-job"
    /// A parameter of the path or the query is wrong; `field` names it.
    case invalidParameter = "invalid-parameter"
    case unauthenticated
    case forbidden
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case notAcceptable = "not-acceptable"
    /// It cannot be done in the present state, such as a second training run.
    case conflict
    case tooLarge = "too-large"
    case unsupportedMediaType = "unsupported-media-type"
    /// More requests than are answered in time: try again after the seconds of `Retry-After`.
    case overloaded
    /// A server behind this one is away; what it is named in `detail`.
    case unavailable
    /// It took longer than it may.
    case timeout
    case `internal`

    package var status: HTTPResponse.Status {
        switch self {
        case .invalidBody, .invalidParameter: .badRequest
        case .invalidJob: .unprocessableContent
        case .unauthenticated: .unauthorized
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .notAcceptable: .notAcceptable
        case .conflict: .conflict
        case .tooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .overloaded, .unavailable: .serviceUnavailable
        case .timeout: .gatewayTimeout
        case .internal: .internalServerError
        }
    }

    /// The same for every problem of the kind, as RFC 9457 wants it.
    var title: String {
        switch self {
        case .invalidBody: "The body is not what this route takes"
        case .invalidJob: "The job is not valid"
        case .invalidParameter: "A parameter is not valid"
        case .unauthenticated: "Who asks is not known"
        case .forbidden: "The caller may not do this"
        case .notFound: "There is nothing here"
        case .methodNotAllowed: "This route does not take the method"
        case .notAcceptable: "The answer does not come in the form that was asked for"
        case .conflict: "This cannot be done now"
        case .tooLarge: "The request is too large"
        case .unsupportedMediaType: "The body's type is not supported"
        case .overloaded: "Too many requests at a time"
        case .unavailable: "A server that this needs does not answer"
        case .timeout: "This took too long"
        case .internal: "An error of the sidecar itself"
        }
    }
}
