/// The changes of one alias, oldest first, and what follows from them.
package struct AliasTimeline: Equatable, Sendable {
    package let alias: ModelAlias
    package let events: [ModelEvent]
    /// The version the alias stands for by its history; `nil` before the first change.
    package var current: String? { events.last?.to }
    /// The place of the next change.
    package var next: ModelEvent.Place { ModelEvent.Place(alias: alias, number: (events.last?.place?.number ?? 0) + 1) }

    /// - Parameter events: any order; those of other aliases, and those that change none, are left out.
    package init(_ alias: ModelAlias, _ events: [ModelEvent]) {
        self.alias = alias
        self.events = events.filter { $0.place?.alias == alias }.sorted { ($0.place?.number ?? 0) < ($1.place?.number ?? 0) }
    }

    /// Where rollbacks lead, the nearest first: each version that was current before and was not itself rolled back from.
    ///
    /// A rollback takes away everything above the version that it goes back to, so a second one goes further back. After A, B, C that is
    /// B, A; after a rollback to B it is A.
    package var earlier: [String] {
        var stack: [String] = []
        for event in events {
            if event.kind == .rolledBack, let index = stack.dropLast().lastIndex(of: event.to) {
                stack.removeSubrange((index + 1)...)
            } else if stack.last != event.to {
                stack.append(event.to)
            }
        }
        return stack.dropLast().reversed()
    }
}
