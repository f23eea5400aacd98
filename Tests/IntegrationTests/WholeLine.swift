import Testing

/// Everything here: the real `herald` against a real RabbitMQ and a real MongoDB.
///
/// One test at a time: some stop a server, and all of them load two cores.
@Suite(.serialized) enum WholeLine {}
