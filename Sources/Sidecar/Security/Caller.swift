/// Who sent a request.
package struct Caller: Sendable, Equatable {
    /// Name of the token, for logs and audits: never the token itself.
    package var name: String
    package var roles: Set<Role>

    package init(name: String, roles: Set<Role>) {
        self.name = name
        self.roles = roles
    }

    /// Nobody in particular, with no right to anything.
    package static let anonymous = Caller(name: "anonymous", roles: [])

    /// Whoever reaches a loopback address that asks for no token.
    package static let local = Caller(name: "local", roles: Set(Role.allCases))

    package func may(_ role: Role) -> Bool {
        roles.contains(role) || roles.contains(.admin)
    }
}
