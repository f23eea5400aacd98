/// How far back a model's performance is looked at.
///
/// A window ends where judging begins: it holds the decisions from `length` before that moment on, and those after it, which wait.
package enum PerformanceWindow: String, CaseIterable, Sendable {
    case hour = "1h"
    case day = "24h"
    case week = "7d"

    static let longest = PerformanceWindow.week

    /// In milliseconds.
    package var length: Int64 {
        switch self {
        case .hour: 3_600_000
        case .day: 86_400_000
        case .week: 604_800_000
        }
    }

    /// Length of the steps that the window is divided into, in milliseconds; they fill it.
    package var step: Int64 {
        switch self {
        case .hour: 300_000
        case .day: 3_600_000
        case .week: 21_600_000
        }
    }
}
