internal import CZlib
internal import HTTPTypes
package import Hummingbird
internal import NIOCore

/// Packs large answers to reading requests for those who take gzip; what streams, and what is asked for urgently, stays as it is.
package struct GzipMiddleware: RouterMiddleware {
    package typealias Context = SidecarContext

    /// Bytes below which packing costs more than it saves.
    private static let minimumBytes = 1400
    /// Fast: it halves JSON many times over already.
    private static let level: Int32 = 4

    package init() {}

    package func handle(
        _ request: Request, context: SidecarContext, next: (Request, SidecarContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        if request.method == .get, response.status == .notModified {
            // What it would have been with the answer itself.
            response.headers.addVary(.acceptEncoding)
            if Self.takesGzip(request.headers) { Self.weaken(&response.headers) }
            return response
        }
        guard request.method == .get, response.status != .partialContent, response.headers[.contentEncoding] == nil,
            let length = response.body.contentLength, length >= Self.minimumBytes, Self.isText(response.headers)
        else { return response }
        response.headers.addVary(.acceptEncoding)
        guard Self.takesGzip(request.headers) else { return response }
        let collected = CollectedBody()
        try await response.body.write(CollectedBody.Writer(collected))
        guard let packed = Self.packed(collected.bytes) else {
            response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: collected.bytes))
            return response
        }
        response.headers[.contentEncoding] = "gzip"
        response.headers[.contentLength] = nil
        Self.weaken(&response.headers)
        response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: packed))
        return response
    }

    /// A strong tag promises the same bytes, which packed ones are not.
    private static func weaken(_ headers: inout HTTPFields) {
        guard let tag = headers[.eTag], !tag.hasPrefix("W/") else { return }
        headers[.eTag] = "W/\(tag)"
    }

    private static func isText(_ headers: HTTPFields) -> Bool {
        let type = headers[.contentType] ?? ""
        return type.hasPrefix("text/") || type.contains("json") || type.contains("javascript") || type.contains("svg")
    }

    /// gzip with a weight other than 0.
    private static func takesGzip(_ headers: HTTPFields) -> Bool {
        (headers[.acceptEncoding] ?? "").lowercased().split(separator: ",").contains { coding in
            let parts = coding.split(separator: ";").map { $0.filter { $0 != " " } }
            guard parts.first == "gzip" else { return false }
            return !parts.dropFirst().contains { ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains($0) }
        }
    }

    private static func packed(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        guard herald_deflate_init_gzip(&stream, level) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
        let status = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END else { return nil }
        return Array(output.prefix(Int(stream.total_out)))
    }
}

/// The bytes of an answer, written into memory.
///
/// Unchecked: written and read by one task after the other.
private final class CollectedBody: @unchecked Sendable {
    private(set) var bytes: [UInt8] = []

    struct Writer: ResponseBodyWriter {
        private let body: CollectedBody

        init(_ body: CollectedBody) {
            self.body = body
        }

        mutating func write(_ buffer: ByteBuffer) async throws {
            body.bytes.append(contentsOf: buffer.readableBytesView)
        }

        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}
