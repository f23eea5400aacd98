internal import Scoring
package import Store

/// Reads a source attempt by attempt, in the order of the decisions: the one way of every data set into training.
struct AttemptReader {
    /// One of the two is there.
    private var files: AttemptFiles?
    private var walk: DecisionWalk?
    /// Decisions of a log that are no training rows, by the reason.
    private(set) var leftOut = LeftOutDecisions()

    /// - Parameter withRows: whether attempts of a log carry the feature row that was logged.
    init(_ source: AttemptSource, withRows: Bool = false) throws {
        switch source {
        case .files(let paths): files = try AttemptFiles(paths: paths)
        case .decisions(let log): walk = try DecisionWalk(log, withRows: withRows, withLabels: true)
        }
    }

    /// Share that has been read, 0 to 1.
    var share: Double { files?.share ?? walk?.share ?? 1 }

    /// SHA-256 of what has been read: 64 hexadecimal digits.
    var sha256: String { files?.sha256 ?? walk?.sha256 ?? "" }

    /// The next attempt; `nil` behind the last.
    ///
    /// - Parameter hear: gets the outcomes that are recorded apart from their decisions, each before the first decision that may know of it.
    mutating func next(_ hear: (Outcome) -> Void = { _ in }) throws -> Attempt? {
        if files != nil {
            let attempt = try files?.next()
            leftOut.duplicate = files?.duplicateCount ?? 0
            return attempt
        }
        while let step = try walk?.next(hear) {
            leftOut.add(step.label)
            switch step.label {
            case .known(let outcome): return Attempt(step.record, outcome)
            case .unknown, .immature: return Attempt(step.record, nil)
            case .superseded, .noAttempt: continue
            }
        }
        return nil
    }
}

/// Decisions that nothing can be learnt from, by the reason.
package struct LeftOutDecisions: Equatable, Sendable {
    package private(set) var superseded = 0
    package private(set) var unknown = 0
    package private(set) var immature = 0
    package private(set) var noAttempt = 0
    /// Rows of a file whose job id has occurred before.
    package internal(set) var duplicate = 0

    package init() {}

    package mutating func add(_ label: DecisionLabel) {
        switch label {
        case .known: break
        case .superseded: superseded += 1
        case .unknown: unknown += 1
        case .immature: immature += 1
        case .noAttempt: noAttempt += 1
        }
    }
}
