import Scoring
import World

/// What is being played in a world: a scenario, and when its events begin.
struct Staging: Equatable, Sendable {
    var scenario: Scenario
    var opening: Timestamp
}
