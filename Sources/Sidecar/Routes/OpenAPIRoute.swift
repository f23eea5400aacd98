internal import Crypto
internal import Foundation
package import Hummingbird
internal import NIOCore

/// `GET /openapi.json`: the contract, as it is kept with the source and checked against the running server.
package struct OpenAPIRoute {
    private let document: ByteBuffer
    private let tag: String

    package init() {
        document = ByteBuffer(bytes: PackageResources.openapi_json)
        let digest = SHA256.hash(data: PackageResources.openapi_json)
        tag = "\"" + digest.prefix(8).map { String(format: "%02x", $0) }.joined() + "\""
    }

    package func add(to router: some RouterMethods<SidecarContext>) {
        router.get("openapi.json") { [document, tag] request, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json", .eTag: tag, .cacheControl: "no-cache"],
                body: ResponseBody(byteBuffer: document)
            ).unlessKnown(to: request)
        }
    }
}
