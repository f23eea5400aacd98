package import Scoring

/// How many decisions came out one way.
package struct DecisionCount: Equatable, Sendable {
    package var kind: DecisionKind
    package var priority: Priority
    package var reason: DecisionReason
    package var count: Int

    package init(kind: DecisionKind, priority: Priority, reason: DecisionReason, count: Int) {
        self.kind = kind
        self.priority = priority
        self.reason = reason
        self.count = count
    }
}
