/// Which events a client wants.
struct EventFilter: Sendable, Equatable {
    var kinds = Set(EventKind.allCases)
    var channel: String?
    var provider: String?
    var country: String?
    /// Of decisions; outcomes pass.
    var action: String?
    /// Status of outcomes; decisions pass.
    var outcome: String?

    /// Whether anything from the database is wanted.
    var wantsStored: Bool { kinds.contains { $0.isStored } }

    func accepts(_ event: SidecarEvent) -> Bool {
        guard kinds.contains(event.kind) else { return false }
        guard event.kind == .decision || event.kind == .outcome else { return true }
        func passes(_ wanted: String?, _ value: String?) -> Bool { wanted == nil || wanted == value }
        guard passes(channel, event.channel), passes(provider, event.provider), passes(country, event.country) else { return false }
        return event.kind == .decision ? passes(action, event.action) : passes(outcome, event.status)
    }
}
