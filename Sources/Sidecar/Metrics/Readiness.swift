/// Whether a process can do its work now.
package struct Readiness: Equatable, Sendable {
    /// What keeps it from that, a sentence each; empty = nothing.
    package var obstacles: [String]

    package init(obstacles: [String] = []) {
        self.obstacles = obstacles
    }

    package var isReady: Bool { obstacles.isEmpty }
}
