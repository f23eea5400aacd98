/// How a published message ended.
package enum PublishResult: Sendable, Equatable {
    /// The broker has it: in a quorum queue on the disks of a majority.
    case confirmed
    /// No queue took it (AMQP reply code and text, 312 NO_ROUTE as a rule).
    case returned(code: Int, text: String)
    /// AMQP cannot carry it; nothing was sent.
    case invalid(BrokerError)
    /// The publisher was closed first. The broker may or may not have it.
    case abandoned
}
