import Broker
import Foundation
import Logging
import Testing

@Suite struct Scratch {
    let url = try! BrokerURL("amqp://guest:guest@127.0.0.1:25691/")
    @Test func smoke() throws {
        var admin = try BrokerAdmin(url)
        let q = "scratch.\(UInt32.random(in: 0...UInt32.max))"
        try admin.declare(.quorum(q, deliveryLimit: 50))
        try admin.publish(OutgoingMessage(routingKey: q, messageID: "m1", body: MessageBody([1,2,3])))
        let d = try admin.get(q)
        #expect(d?.body.bytes == [1,2,3])
        #expect(d?.messageID == "m1")
        #expect(try admin.get(q) == nil)
        try admin.delete(queue: q)
        try admin.close()
    }
}
