import Broker
import Foundation
import Hummingbird
import Logging
import ServiceLifecycle
import Sidecar

/// The sidecar's server with limits and routes of a test's own, in this process and with nothing behind it.
final class BareSidecar: Sendable {
    let port: Int
    private let group: ServiceGroup
    private let isOver = Monitor(false)

    /// - Parameters:
    ///   - change: changes the limits; the port is any free one.
    ///   - add: adds the routes.
    init(_ change: (inout SidecarConfiguration) -> Void, routes add: (Router<SidecarContext>) -> Void) throws {
        var configuration = SidecarConfiguration()
        configuration.port = 0
        configuration.healthPort = nil
        change(&configuration)
        let server = SidecarServer(configuration, logger: .silent)
        let router = server.makeRouter()
        add(router)
        let listening = Monitor(Int?.none)
        let services = try server.services(router, health: HealthRoute { [] }) { _, port in listening.update { $0 = port } }
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: services, logger: .silent))
        self.group = group
        Task { [isOver] in
            try? await group.run()
            isOver.update { $0 = true }
        }
        guard let port = listening.wait(until: .now + .seconds(10), { $0 }) else { throw Failure("the sidecar does not listen") }
        self.port = port
    }

    func stop() throws {
        Task { [group] in await group.triggerGracefulShutdown() }
        guard isOver.wait(until: .now + .seconds(10), { $0 ? true : nil }) == true else {
            throw Failure("the sidecar does not end within 10 s")
        }
    }
}
