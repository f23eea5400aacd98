/// Something on the broker that is not as the topology says.
package struct TopologyProblem: Sendable, Equatable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        case missing
        /// It exists with other arguments.
        case different
    }

    package let kind: Kind
    /// The queue or exchange.
    package let name: String
    /// The argument that differs, if the broker names it.
    package let argument: String?
    /// One sentence on what is wrong and one on what to do.
    package let description: String
}
