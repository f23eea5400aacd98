import CAMQPShim

extension OutgoingMessage {
    /// The message as the C shim takes it; valid during `body` only.
    func withPublication<Result>(_ body: (inout camqp_publication) -> Result) -> Result {
        var exchange = exchange
        var routingKey = routingKey
        var messageID = messageID ?? ""
        var contentType = contentType ?? ""
        let properties = properties?.encoded ?? []
        return exchange.withUTF8 { exchange in
            routingKey.withUTF8 { routingKey in
                messageID.withUTF8 { messageID in
                    contentType.withUTF8 { contentType in
                        headers.encoded.withUnsafeBytes { headers in
                            properties.withUnsafeBytes { properties in
                                self.body.withUnsafeBytes { bytes in
                                    var publication = camqp_publication(
                                        exchange: camqp_bytes(exchange), routing_key: camqp_bytes(routingKey),
                                        message_id: camqp_bytes(messageID), content_type: camqp_bytes(contentType),
                                        headers: camqp_bytes(bytes: headers.baseAddress, length: headers.count),
                                        properties: camqp_bytes(bytes: properties.baseAddress, length: properties.count),
                                        body: camqp_bytes(bytes: bytes.baseAddress, length: bytes.count), persistent: persistent)
                                    return body(&publication)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

extension camqp_bytes {
    fileprivate init(_ text: UnsafeBufferPointer<UInt8>) {
        self.init(bytes: text.baseAddress, length: text.count)
    }
}
