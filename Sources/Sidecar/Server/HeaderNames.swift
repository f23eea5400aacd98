internal import HTTPTypes

extension HTTPField.Name {
    private static func named(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("'\(name)' is no name for a header") }
        return name
    }

    static let requestID = named("X-Request-ID")
    static let frameOptions = named("X-Frame-Options")
    static let referrerPolicy = named("Referrer-Policy")
    static let crossOriginResourcePolicy = named("Cross-Origin-Resource-Policy")
    static let crossOriginOpenerPolicy = named("Cross-Origin-Opener-Policy")
    /// Where a browser says whose page asks.
    static let fetchSite = named("Sec-Fetch-Site")
    static let lastEventID = named("Last-Event-ID")
    /// Keeps a proxy from collecting a stream.
    static let accelBuffering = named("X-Accel-Buffering")
    /// Of the binary data extension of the Open Inference Protocol: bytes of the JSON in front of the tensors.
    static let inferenceHeaderLength = named("Inference-Header-Content-Length")
}
