internal import Glibc
package typealias DedicatedThread = ConnectionThread
extension ConnectionThread {
    package static func detach(name: String, _ body: @escaping @Sendable () -> Void) throws(BrokerError) {
        try ConnectionThread(name: name, body).detach()
    }
}
