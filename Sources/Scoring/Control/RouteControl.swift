/// What the outcomes of one route say of whether and how much to use it; kept by `LiveHealth`.
package struct RouteControl: Equatable, Sendable, Codable {
    package private(set) var breaker: CircuitBreaker
    package private(set) var price: RoutePrice

    package init(at: Timestamp) {
        breaker = CircuitBreaker(at: at)
        price = RoutePrice(at: at)
    }

    /// Counts an outcome of the route, in the order of `LiveHealth`.
    mutating func count(_ outcome: HealthOutcome, _ parameters: ControlParameters) {
        breaker.count(outcome, parameters.breaker)
        price.count(outcome, parameters.price)
    }

    /// What no sequence of outcomes leads to; `nil` for a state that is possible.
    func defect(advancedTo: Timestamp) -> String? {
        breaker.defect(advancedTo: advancedTo) ?? price.defect(advancedTo: advancedTo)
    }
}
